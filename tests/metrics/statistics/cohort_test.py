"""Cohorts that are not over yet, against lifelines and by hand."""

import warnings
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter

from letopis.metrics.statistics import End, cohort_rate, compare_curves, incidence

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""

CODES = {End.OPEN: 0, End.BOOKED: 1, End.REFUSED: 2}
LEADS = st.lists(st.sampled_from(End), min_size=3, max_size=60).flatmap(
    lambda ends: st.lists(st.integers(1, 10_000), min_size=len(ends), max_size=len(ends), unique=True).map(
        lambda delays: list(zip(map(float, delays), ends, strict=True))
    )
)


def test_pending_leads_bound_the_rate() -> None:
    rate = cohort_rate(40, 50, 10, mature_booked=30, mature_ended=45)
    assert (rate.low, rate.matured, rate.high) == (0.4, 0.4, 0.5)


def test_rate_of_nobody_is_none() -> None:
    rate = cohort_rate(0, 0, 3, mature_booked=0, mature_ended=0)
    assert (rate.low, rate.matured, rate.high) == (0, None, 1)
    assert cohort_rate(0, 0, 0, mature_booked=0, mature_ended=0).low is None


@UNHURRIED
@given(*[st.integers(0, 200)] * 3)
def test_low_is_never_above_high(booked: int, ended: int, pending: int) -> None:
    rate = cohort_rate(booked, ended, pending, mature_booked=booked, mature_ended=ended)
    if rate.low is not None and rate.high is not None:
        assert rate.low <= rate.high
        assert rate.matured is None or rate.low <= rate.matured <= rate.high


def test_curve_by_hand() -> None:
    """Four leads: one books on the first day, one is open at two, one refuses on the third, one books on the fourth."""
    curve = incidence([(1, End.BOOKED), (2, End.OPEN), (3, End.REFUSED), (4, End.BOOKED)])
    assert [curve.booked_by(day) for day in (0.5, 1, 3, 4)] == [0, 0.25, 0.25, 0.625]
    assert curve.steps[-1].refused == pytest.approx(0.375)
    assert curve.observed == 4


def test_refusal_is_no_censoring() -> None:
    """Where all refusals were open instead the booking curve would be higher: that is what competing ends prevent."""
    leads = [(float(day), End.BOOKED if day % 3 == 0 else End.REFUSED) for day in range(1, 31)]
    as_open = [(delay, End.OPEN if end is End.REFUSED else end) for delay, end in leads]
    assert incidence(leads).booked_by(30) == pytest.approx(1 / 3)
    assert incidence(as_open).booked_by(30) > 0.6


@UNHURRIED
@given(LEADS)
def test_curve_is_that_of_lifelines(leads: list[tuple[float, End]]) -> None:
    if not any(end is End.BOOKED for _, end in leads):
        return
    fitter = AalenJohansenFitter(calculate_variance=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter.fit([delay for delay, _ in leads], [CODES[end] for _, end in leads], event_of_interest=1)
    curve = incidence(leads)
    for delay, expected in fitter.cumulative_density_.iloc[:, 0].items():
        assert curve.booked_by(delay) == pytest.approx(expected, abs=1e-9)
    # Where the last at risk have ended lifelines divides nought by nought; there ours is held by the binomial below.
    for delay, expected in fitter.variance_.dropna().items():
        assert curve.variance_by(delay) == pytest.approx(expected, abs=1e-9)


@UNHURRIED
@given(LEADS)
def test_without_open_leads_the_variance_is_the_binomial(leads: list[tuple[float, End]]) -> None:
    curve = incidence([(delay, End.REFUSED if end is End.OPEN else end) for delay, end in leads])
    last = curve.booked_by(curve.observed)
    assert curve.variance_by(curve.observed) == pytest.approx(last * (1 - last) / len(leads), abs=1e-9)


@UNHURRIED
@given(LEADS)
def test_curve_rises_and_ends_never_pass_all(leads: list[tuple[float, End]]) -> None:
    steps = incidence(leads).steps
    assert all(one.booked <= other.booked + 1e-12 for one, other in pairwise(steps))
    assert all(step.booked + step.refused <= 1 + 1e-9 for step in steps)


def test_curves_meet_at_the_delay_both_have_seen() -> None:
    before = incidence([(day, End.BOOKED if day <= 3 else End.REFUSED) for day in range(1, 11)], observed=30)
    after = incidence([(1, End.BOOKED), (2, End.BOOKED), (5, End.OPEN), (5, End.OPEN)])
    found = compare_curves(before, after)
    assert found.delay == 5
    assert (found.before, found.after) == (pytest.approx(0.3), 0.5)
    assert found.low < found.difference < found.high
