from datetime import date, timedelta

import pytest

from letopis.metrics.period import DAYS_MAX, read_period

TODAY = date(2026, 11, 22)


def test_nothing_said_means_thirty_days() -> None:
    period = read_period({}, TODAY)
    assert (period.first, period.last, period.days) == (date(2026, 10, 24), TODAY, 30)


def test_days_before_are_as_many_and_touch() -> None:
    period = read_period({"from": "2026-11-16", "to": "2026-11-22"}, TODAY)
    assert (period.before.first, period.before.last) == (date(2026, 11, 9), date(2026, 11, 15))


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({"from": "2026-11-30", "to": "2026-11-25"}, TODAY, TODAY),
        ({"from": "вчера", "to": "2026-13-45"}, date(2026, 10, 24), TODAY),
        ({"to": "2026-11-01"}, date(2026, 10, 3), date(2026, 11, 1)),
        ({"from": "1999-01-01"}, TODAY - timedelta(days=DAYS_MAX - 1), TODAY),
    ],
)
def test_odd_addresses_become_a_period(query: dict[str, str], first: date, last: date) -> None:
    period = read_period(query, TODAY)
    assert (period.first, period.last) == (first, last)


def test_period_survives_its_own_address() -> None:
    period = read_period({"from": "2026-11-01", "to": "2026-11-10"}, TODAY)
    assert period.query == "from=2026-11-01&to=2026-11-10"
