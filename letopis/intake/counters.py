"""Figures of the intake for monitoring; they name no business, no person and no address."""

from collections import Counter as Counts
from collections.abc import Sequence
from functools import cache

from prometheus_client import Counter, Gauge, Histogram

from letopis.journal.draft import Outcome, Receipt

EVENTS = Counter("letopis_intake_events", "Events received, by what became of them.", ["outcome"])
REQUESTS = Histogram(
    "letopis_intake_request_seconds",
    "Time from the first byte of a request to its answer.",
    ["status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
QUEUE = Gauge("letopis_intake_queue_events", "Events that wait to be written.", multiprocess_mode="livesum")

REJECTED = EVENTS.labels("rejected")
# Looked up once: finding a label by name costs as much as counting.
_BY_OUTCOME = {outcome: EVENTS.labels(outcome.value) for outcome in Outcome if outcome is not Outcome.REFUSED}


def note(receipts: Sequence[Receipt]) -> None:
    """Count what became of the events of one request; refused ones are counted where they are rejected."""
    for outcome, number in Counts([receipt.outcome for receipt in receipts]).items():
        if outcome in _BY_OUTCOME:
            _BY_OUTCOME[outcome].inc(number)


@cache
def seconds_of(status: int) -> Histogram:
    """The histogram of requests that were answered so."""
    return REQUESTS.labels(str(status))
