"""What became of the events, in numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stats:
    """Counts since this process started; `unwritten` and `waiting` are of this moment."""

    taken: int = 0
    """Events accepted from the assistant."""
    unwritten: int = 0
    """Taken but not in the spool yet; normally for a millisecond."""
    waiting: int = 0
    """In the spool, not delivered yet; adopted ones included."""
    adopted: int = 0
    """Left behind by processes that died, now ours to deliver."""
    delivered: int = 0
    """Durably stored by the server; duplicates and conflicts included."""
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    """Refused by the server for good; see rejected.ndjson."""
    dropped: int = 0
    """Lost here: a bound was reached, the event could not be built, or the client was closed."""
    damaged: int = 0
    """Records of the spool that could not be read back."""
