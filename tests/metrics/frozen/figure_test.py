"""When a month is closed, and what the journal holds of it."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from letopis.metrics.definitions import METRICS
from letopis.metrics.frozen.figure import FROZEN, figure_of, months_to_freeze, told, value_of
from letopis.metrics.leads import Windows
from letopis.metrics.value import Sum, Value
from letopis.metrics.value import value_of as reckoned

NO_WINDOWS = Windows({})
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
AT = datetime(2026, 11, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first_day", "last_frozen", "today", "months"),
    [
        (None, None, date(2026, 12, 31), []),
        (date(2026, 10, 31), None, date(2026, 11, 10), []),
        (date(2026, 10, 31), None, date(2026, 11, 11), [OCTOBER]),
        (date(2026, 10, 1), OCTOBER, date(2026, 12, 10), []),
        (date(2026, 10, 1), OCTOBER, date(2026, 12, 11), [NOVEMBER]),
        (date(2026, 10, 1), None, date(2027, 1, 11), [OCTOBER, NOVEMBER, DECEMBER]),
        (date(2026, 11, 7), DECEMBER, date(2027, 2, 1), []),
    ],
)
def test_month_is_closed_once_it_is_over_for_long_enough(
    first_day: date | None, last_frozen: date | None, today: date, months: list[date]
) -> None:
    assert months_to_freeze(first_day, last_frozen, today, NO_WINDOWS) == months


def test_month_with_a_longer_window_waits_for_its_last_lead() -> None:
    """A lead of the last evening may book for twenty days; those after it are not closed before it."""
    windows = Windows({OCTOBER: 20})
    assert months_to_freeze(OCTOBER, None, date(2026, 11, 21), windows) == []
    assert months_to_freeze(OCTOBER, None, date(2026, 11, 22), windows) == [OCTOBER]
    assert months_to_freeze(OCTOBER, None, date(2026, 12, 11), Windows({OCTOBER: 60})) == []


@pytest.mark.parametrize(
    "value",
    [
        reckoned(METRICS["M2"], Sum(n=3, k=1, pending=2, total=5, hits=1)),
        reckoned(METRICS["M2"], Sum()),
        reckoned(METRICS["M9"], Sum(n=3, k=3, seconds=[61, 600, 7200])),
        reckoned(METRICS["M1"], Sum(n=12)),
    ],
)
def test_journal_holds_whole_numbers_and_gives_them_back(value: Value) -> None:
    item = told("M2", value)
    assert {type(one) for one in item.values()} <= {str, int, type(None)}
    figure = figure_of(UUID(int=1), OCTOBER, 7, AT, item)
    back = value_of(figure)
    assert (back.numerator, back.denominator, back.n, back.pending) == (
        value.numerator,
        value.denominator,
        value.n,
        value.pending,
    )
    assert back.value == pytest.approx(value.value, abs=1e-6)
    assert back.low == pytest.approx(value.low, abs=1e-6)
    assert not figure.differs(value)


def test_only_what_is_counted_otherwise_differs() -> None:
    """One lead that is decided later changes the cases; a median may move though the cases are the same."""
    share = reckoned(METRICS["M2"], Sum(n=30, k=10))
    figure = figure_of(UUID(int=1), OCTOBER, 7, AT, told("M2", share))
    assert figure.differs(reckoned(METRICS["M2"], Sum(n=31, k=10)))
    assert figure.differs(reckoned(METRICS["M2"], Sum(n=30, k=11)))
    wait = figure_of(UUID(int=1), OCTOBER, 7, AT, told("M9", reckoned(METRICS["M9"], Sum(n=1, k=1, seconds=[60]))))
    assert wait.differs(reckoned(METRICS["M9"], Sum(n=1, k=1, seconds=[61])))
    assert not wait.differs(reckoned(METRICS["M9"], Sum(n=1, k=1, seconds=[60])))


def test_every_number_of_the_page_is_frozen() -> None:
    assert {"M1", "M2", "M3", "M4", "M8", "M13", "M14", "M17", "M23"} <= set(FROZEN)
    assert not {"M15", "M18", "M19", "M20"} & set(FROZEN)
