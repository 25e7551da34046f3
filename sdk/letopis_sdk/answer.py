"""What an HTTP answer means for the events of its request. Pure.

202, 200 (JSON)           each event by its result; without results all are stored
400, 422 (JSON), 413      one of them is wrong: ask in smaller portions until it stands alone
408, 425, 429, 5xx        try again, after Retry-After or by our own back-off
401, 403                  the key is refused: pause and tell
anything else             whoever answers is not Letopis (a proxy, a sign-in page, a redirect): pause and tell
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Union

_AGAIN = frozenset({408, 425, 429})
_WRONG = frozenset({400, 413, 415, 422})
_JSON = ("application/json", "application/problem+json")
_QUARANTINE_FULL = "quarantine_full"
_TEXT_CHARS_MAX = 500


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Result:
    """What became of one event. `field` and `detail` are the server's words: for rejected.ndjson."""

    outcome: str
    field: str = ""
    detail: str = ""

    @property
    def is_open(self) -> bool:
        """The server was too busy for this one: nothing is decided, it has to be sent again."""
        return self.outcome == "overloaded"

    @property
    def is_rejected(self) -> bool:
        # An outcome we do not know is kept aside rather than taken for stored.
        return self.outcome not in ("accepted", "duplicate", "conflict", "overloaded")


@dataclass(frozen=True)
class Ruled:
    """The server has ruled on every event, in order."""

    results: tuple[Result, ...]


@dataclass(frozen=True)
class TooMuch:
    """The request was refused as a whole; `result` holds for its event if it carried only one."""

    result: Result


@dataclass(frozen=True)
class Again:
    """Nothing is decided; repeat, not before `after_s` where the server asked for it."""

    reason: str
    after_s: float | None = None


@dataclass(frozen=True)
class Closed:
    """A person has to act: the key is refused, or the address is not that of Letopis."""

    code: str
    message: str


Verdict = Union[Ruled, TooMuch, Again, Closed]


def judge(answer: Answer, count: int, now: datetime) -> Verdict:
    """The verdict on a request that carried `count` events."""
    status = answer.status
    if status in (401, 403):
        return Closed("key_refused", f"the server refuses the key ({status}); events wait in the spool")
    is_json = answer.headers.get("content-type", "").split(";")[0].strip().lower() in _JSON
    said = _parsed(answer.body) if is_json else None
    if status == 429 and isinstance(said, Mapping) and _word(said, "type").endswith(_QUARANTINE_FULL):
        # The event is wrong and the server has no room to keep it: waiting for room would hold up all the others.
        return TooMuch(_problem(said, status))
    if status in _AGAIN or status >= 500:
        return Again(f"the server answered {status}", _retry_after_s(answer.headers.get("retry-after"), now))
    if is_json and (status in (200, 202) or status in _WRONG):
        results = _results(said, count)
        if results is not None:
            return Ruled(results)
    if status in (200, 202) and is_json and said is not None:
        return Ruled((Result("accepted"),) * count)
    if status == 413 or (status in _WRONG and is_json):
        return TooMuch(_problem(said, status))
    return Closed("not_letopis", f"the address does not answer as Letopis does ({status}); events wait in the spool")


def _parsed(body: bytes) -> object:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed


def _results(said: object, count: int) -> tuple[Result, ...] | None:
    """One result per event, or a list of the rejected ones with their index; None if the answer has neither."""
    listed = said.get("results") if isinstance(said, Mapping) else said
    if isinstance(listed, list) and len(listed) == count and count:
        return tuple(_result(item) for item in listed)
    rejected = said.get("rejected") if isinstance(said, Mapping) else None
    if not isinstance(rejected, list):
        return None
    results = [Result("accepted")] * count
    for item in rejected:
        index = item.get("index") if isinstance(item, Mapping) else None
        if isinstance(index, int) and 0 <= index < count:
            results[index] = Result("rejected", _word(item, "field", "error"), _word(item, "detail", "reason", "error"))
    return tuple(results)


def _result(item: object) -> Result:
    if isinstance(item, str):
        return Result(item)
    if not isinstance(item, Mapping):
        return Result("unknown")
    outcome = _word(item, "outcome", "status", "result") or "unknown"
    error = item.get("error")
    told = error if isinstance(error, Mapping) else item
    return Result(outcome, _word(told, "field"), _word(told, "detail", "error", "reason", "title"))


def _problem(said: object, status: int) -> Result:
    problem = said if isinstance(said, Mapping) else {}
    return Result("rejected", _word(problem, "field"), _word(problem, "detail", "title") or f"HTTP {status}")


def _word(item: Mapping[object, object], *names: str) -> str:
    """The first of these names that holds a text."""
    for name in names:
        value = item.get(name)
        if isinstance(value, str) and value:
            return value[:_TEXT_CHARS_MAX]
    return ""


def _retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds from now, of both forms the header has; None if it says nothing usable."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - now).total_seconds())
