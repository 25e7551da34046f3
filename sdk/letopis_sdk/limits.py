"""Every bound of the SDK by name: nothing here grows, waits or repeats without one."""

from __future__ import annotations

from dataclasses import dataclass, fields

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one client. A wrong number is a mistake in code and raises ValueError here, at the start."""

    event_bytes_max: int = 1_000_000
    """A larger event is not taken: the server refuses more than 1 MiB."""
    queue_events_max: int = 10_000
    """Events between the caller and the disk; the oldest give way."""
    queue_bytes_max: int = 16 * MIB
    batch_events_max: int = 500
    """A request carries at most this many events (the server takes 1000)."""
    batch_bytes_max: int = 1 * MIB
    """Before compression; one larger event travels alone."""
    batch_age_s_max: float = 1.0
    """An event waits this long for company."""
    segment_bytes_max: int = 1 * MIB
    """One file of the spool; also the step in which the oldest events give way."""
    spool_bytes_max: int = 64 * MIB
    """All events of this process on disk; the oldest give way."""
    memory_bytes_max: int = 8 * MIB
    """Events kept in memory while the disk refuses them; the oldest give way."""
    rejected_bytes_max: int = 4 * MIB
    """rejected.ndjson, and as much again in rejected.1.ndjson."""
    fsync_age_s_max: float = 1.0
    """What a power cut may take; a killed process loses nothing that is in the file."""
    request_s_max: float = 10.0
    """One request, from connecting to the end of the answer."""
    backoff_s_min: float = 0.5
    backoff_s_max: float = 60.0
    """The pause doubles between these two, with jitter."""
    retry_after_s_max: float = 3600.0
    """A longer Retry-After is cut to this."""
    refused_pause_s: float = 60.0
    """Pause after 401, 403 or an answer that is not Letopis's: a person has to act."""
    exit_s_max: float = 2.0
    """What close() and the end of the program wait for delivery; the rest stays in the spool."""
    adopt_pause_s: float = 30.0
    """How often an idle client looks for the spool of a process that died."""
    disk_pause_s: float = 30.0
    """How long the disk is left alone after it failed."""
    notice_pause_s: float = 60.0
    """The same warning is given at most this often, with the number of times it was held back."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
                raise ValueError(f"Limits.{field.name} must be a number above zero")
