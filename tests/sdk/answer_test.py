"""What an HTTP answer means. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from letopis_sdk.answer import Again, Answer, Closed, Result, Ruled, TooMuch, judge

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def answer(status: int, said: object = None, retry_after: str | None = None, kind: str = "application/json") -> Answer:
    headers = {"content-type": kind}
    if retry_after is not None:
        headers["retry-after"] = retry_after
    return Answer(status, headers, b"" if said is None else json.dumps(said).encode())


@pytest.mark.parametrize("name", ["outcome", "status", "result"])
def test_results_come_in_order(name: str) -> None:
    said = {"results": [{name: "accepted"}, {name: "duplicate"}, {name: "rejected", "field": "event", "detail": "?"}]}
    verdict = judge(answer(202, said), 3, NOW)
    assert verdict == Ruled((Result("accepted"), Result("duplicate"), Result("rejected", "event", "?")))


def test_reason_may_be_an_object() -> None:
    """As the events door gives it."""
    item = {"outcome": "rejected", "error": {"title": "t", "detail": "d", "field": "event", "quarantine": "1"}}
    assert judge(answer(202, {"results": [item]}), 1, NOW) == Ruled((Result("rejected", "event", "d"),))


def test_full_quarantine_is_a_refusal() -> None:
    """Otherwise one wrong event would hold up all that follow."""
    said = {"type": "urn:letopis:problem:quarantine_full", "detail": "d", "field": "event"}
    given = answer(429, said, retry_after="1", kind="application/problem+json")
    assert judge(given, 1, NOW) == TooMuch(Result("rejected", "event", "d"))


def test_rejected_by_index() -> None:
    verdict = judge(answer(202, {"accepted": 1, "rejected": [{"index": 1, "error": "timestamp"}]}), 2, NOW)
    assert verdict == Ruled((Result("accepted"), Result("rejected", "timestamp", "timestamp")))


def test_unknown_outcome_is_kept_aside() -> None:
    verdict = judge(answer(202, {"results": ["accepted", "postponed", 5]}), 3, NOW)
    assert isinstance(verdict, Ruled)
    assert [result.is_rejected for result in verdict.results] == [False, True, True]


def test_acceptance_without_results_is_for_all() -> None:
    assert judge(answer(202, {}), 2, NOW) == Ruled((Result("accepted"),) * 2)


def test_refusal_with_results_rules_on_each() -> None:
    assert judge(answer(400, {"results": ["accepted", "rejected"]}), 2, NOW) == Ruled(
        (Result("accepted"), Result("rejected"))
    )


def test_refusal_of_the_whole_names_the_field() -> None:
    problem = answer(
        400, {"title": "t", "detail": "d", "field": "event"}, kind="application/problem+json; charset=utf-8"
    )
    assert judge(problem, 2, NOW) == TooMuch(Result("rejected", "event", "d"))


@pytest.mark.parametrize(
    ("header", "after_s"),
    [("2", 2.0), ("Mon, 02 Mar 2026 12:00:30 GMT", 30.0), ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0), ("soon", None)],
)
def test_retry_after_in_both_forms(header: str, after_s: float | None) -> None:
    assert judge(answer(503, retry_after=header), 1, NOW) == Again("the server answered 503", after_s)


@pytest.mark.parametrize(
    "given", [answer(401), answer(403), answer(302), answer(404), answer(200, kind="text/html"), answer(202)]
)
def test_person_has_to_act(given: Answer) -> None:
    assert isinstance(judge(given, 1, NOW), Closed)
