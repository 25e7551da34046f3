"""Charts draw the same markup for the same facts, in both skins, and never trust a stranger's text."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from letopis.base import clock
from letopis.base.charts.canvas import Size
from letopis.base.charts.causes import Cause, causes
from letopis.base.charts.fall import Fall, fall
from letopis.base.charts.funnel import Funnel, Part, Step, funnel
from letopis.base.charts.heat import Heat, Hour, heat
from letopis.base.charts.mini import MARKS_MAX, Mark, mini
from letopis.base.charts.spark import POINTS_MAX, Spark, spark
from letopis.base.charts.timeline import Act, Lane, Timeline, timeline
from letopis.base.charts.trend import TICKS_MAX, ChangeMark, Day, Trend, trend

NOW = datetime(2026, 11, 22, 7, 42, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\"' onload=x"
PAPER = Size(400, 200, top=20, right=20, bottom=20, left=60)


@pytest.fixture(autouse=True)
def russian_salon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with translation.override("ru"), timezone.override(ZoneInfo("Europe/Moscow")):
        yield


def a_trend(words: str = "сценарий v14") -> Trend:
    days = [Day(date(2026, 11, 1) + timedelta(n), 40.0 if n < 8 else 48.0, n=50) for n in range(16)]
    return Trend("Записываются чаще", days, days, [ChangeMark(date(2026, 11, 9), words, words, better=True)])


def a_funnel(words: str = "−2 ушли") -> Funnel:
    return Funnel("Из 10 записались 6", [Step("Обратились", Part(10)), Step(words, Part(6), left=Part(4, "/x", words))])


def a_heat(words: str = "поздно") -> Heat:
    rows = [[Hour(day * hour, late=hour == 2, url="/x") for hour in range(3)] for day in range(7)]
    return Heat("Вечером некому ответить", 8, rows, words)


def a_timeline(words: str = "ответ") -> Timeline:
    acts = [Act(Lane.CLIENT, 0, title=words), Act(Lane.MODEL, 100, 900, title=words), Act(Lane.ASSISTANT, 1_000)]
    acts += [Act(Lane.CLIENT, 2_101_000), Act(Lane.ACTIONS, 2_102_000, 500, good=False, title=words)]
    return Timeline("Сломалось в 20:17:10", datetime(2026, 11, 18, 16, 42, 8, tzinfo=UTC), acts, broke_ms=2_102_500)


DRAWINGS: list[Callable[[str, Size | None], str]] = [
    lambda words, size: spark(Spark([1, None, 2, 3], mark=2, loss=True), size),
    lambda words, size: trend(a_trend(words), size),
    lambda words, size: funnel(a_funnel(words), size),
    lambda words, size: causes(words, [Cause(words, 3, ours=True, url="/x")], size),
    lambda words, size: heat(a_heat(words), size),
    lambda words, size: timeline(a_timeline(words), size),
    lambda words, size: fall(Fall(0.2, 0.5, "loss"), size),
    lambda words, size: mini([Mark(0, "in"), Mark(1, "bad")], size),
]


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize("size", [None, PAPER])
def test_stranger_text_stays_text(draw: Callable[[str, Size | None], str], size: Size | None) -> None:
    markup = draw(EVIL, size)
    assert "<script" not in markup
    elements = ElementTree.fromstring(f"<all>{markup}</all>").iter()
    assert not [element for element in elements if {"style", "id", "onload"} & set(element.keys())]


@pytest.mark.parametrize("draw", DRAWINGS)
def test_screen_drawing_is_hidden_from_readers(draw: Callable[[str, Size | None], str]) -> None:
    for outer in re.findall(r'<svg class="(?!stretch)[^>]*>', draw("слова", None)):
        assert 'aria-hidden="true"' in outer


@pytest.mark.parametrize("draw", DRAWINGS)
def test_paper_drawing_needs_no_style_sheet(draw: Callable[[str, Size | None], str]) -> None:
    drawings = re.findall(r"<svg.*?</svg>", draw("слова", PAPER))
    assert drawings
    for drawing in drawings:
        assert "viewBox" in drawing
        assert "class=" not in drawing
        assert "%" not in re.sub(r">[^<]*<", "><", drawing)


def test_sparkline_text() -> None:
    assert spark(Spark([0, 5, 10])) == (
        '<svg class="spark" aria-hidden="true"><svg class="stretch" viewBox="0 0 2 64" preserveAspectRatio="none">'
        '<path class="area" d="m0 59 1-27 1-27 0 59-2 0Z"/>'
        '<path class="line" d="m0 59 1-27 1-27"/></svg>'
        '<circle class="end" cx="100%" cy="8%" r="2.5"></circle></svg>'
    )


def test_sparkline_is_not_drawn_over_unknown_days() -> None:
    assert spark(Spark([1, 2, None, 3, 4])).count('class="line"') == 2


def test_empty_sparkline_is_an_empty_sheet() -> None:
    assert spark(Spark([])) == '<svg class="spark" aria-hidden="true"></svg>'


def test_waterfall_bar_text() -> None:
    assert fall(Fall(0.25, 0.5, "loss")) == (
        '<svg class="fall" aria-hidden="true"><line class="bar0" x1="0%" y1="50%" x2="100%" y2="50%"/>'
        '<rect class="loss" x="25%" y="50%" width="50%" height="6" transform="translate(0 -3)"></rect></svg>'
    )


def test_mean_breaks_at_the_change_mark() -> None:
    markup = trend(a_trend())
    before = re.findall(r'class="line before" d="([^"]+)"', markup)
    after = re.findall(r'class="line" d="([^"]+)"', markup)
    assert len(before) == len(after) == 1
    assert len({point.split()[1] for point in before[0].strip("M").split("L")}) == 1, "no slow rise before the change"
    assert len({point.split()[1] for point in after[0].strip("M").split("L")}) == 1, "no slow rise after the change"


def test_trend_names_both_sides_of_a_change() -> None:
    markup = trend(a_trend()).replace("\u00a0", " ")
    assert "до: 40,0 %" in markup
    assert 'class="ok"' in markup
    assert "после: 48,0 %" in markup
    assert "9 нояб.: сценарий v14" in markup


def test_today_is_dashed_only_while_it_lasts() -> None:
    days = a_trend().days
    assert 'class="today"' in trend(Trend("x", days))
    assert 'class="today"' not in trend(Trend("x", days, incomplete=False))


def test_trend_holds_its_numbers_as_a_table() -> None:
    markup = trend(a_trend())
    assert markup.count('<th scope="row">') == 16
    assert "<summary>Таблицей</summary>" in markup


def test_trend_of_weeks_puts_a_change_into_its_week() -> None:
    """A change on a Wednesday parts the mean at the week it fell into, and the table says from when a week is."""
    monday = date(2026, 3, 2)
    weeks = [Day(monday + timedelta(weeks=number), 40 + number, 30) for number in range(20)]
    mark = ChangeMark(monday + timedelta(weeks=12, days=2), "новый сценарий")
    markup = trend(Trend("Записываются", weeks, marks=[mark], weekly=True, incomplete=False))
    assert re.findall(r'class="line[^"]*" d="m(\d+) ', markup) == ["0", "12"]
    assert "неделя с {day}" in markup
    beyond = ChangeMark(monday + timedelta(weeks=20), "позже")
    assert "позже" not in trend(Trend("Записываются", weeks, marks=[beyond], weekly=True))


def test_long_trend_has_no_more_dates_than_fit() -> None:
    days = [Day(date(2026, 1, 1) + timedelta(days=number), 50, 10) for number in range(92)]
    assert trend(Trend("Записываются", days)).count('dy="20"') <= TICKS_MAX


def test_trend_of_nothing_still_stands() -> None:
    assert "<figure" in trend(Trend("Пока ничего", [Day(date(2026, 11, 22), None)]))
    assert "<figure" in trend(Trend("Пока ничего", []))


def test_funnel_parts_share_one_scale() -> None:
    widths = re.findall(r'<rect class="(\w+)" x="([\d.]+)%" y="0%" width="([\d.]+)%"', funnel(a_funnel()))
    assert widths == [("reached", "0", "100"), ("reached", "0", "60"), ("left", "60", "40")]


def test_every_part_of_the_funnel_has_a_door_in_words() -> None:
    markup = funnel(a_funnel())
    assert '<a class="ink2" href="/x">−2 ушли</a>' in markup
    assert '<a href="/x" tabindex="-1">' in markup, "the drawing itself takes no focus"


def test_causes_stand_in_order() -> None:
    markup = causes("Почему", [Cause("Мало", 1), Cause("Много", 5, ours=True)])
    assert markup.index("Много") < markup.index("Мало")
    assert '<li class="mine">' in markup
    assert 'class="ours"' in markup


def test_heatmap_uses_six_equal_steps() -> None:
    rows = [[Hour(day * 2)] for day in range(7)]
    assert re.findall(r'class="(h\d)" x', heat(Heat("x", 8, rows))) == ["h0", "h0", "h1", "h2", "h3", "h4", "h5"]


def test_heatmap_cell_says_what_it_holds() -> None:
    assert "<title>Вс, 10:00: 12 обращений, поздно</title>" in heat(a_heat())


def test_long_silence_is_cut_and_named() -> None:
    markup = timeline(a_timeline()).replace("\u00a0", " ")
    assert markup.count('class="cut"') == 1
    assert "35 мин тишины" in markup


def test_break_is_marked_with_its_second() -> None:
    assert "20:17:10 сбой" in timeline(a_timeline())


def test_timeline_shows_only_lanes_in_use() -> None:
    markup = timeline(a_timeline())
    assert "Менеджер" not in markup
    assert 'class="plot lanes l4"' in markup


def test_short_act_is_still_seen() -> None:
    """Its edge is drawn with a pen of three pixels."""
    acts = [Act(Lane.MODEL, 0, 100_000), Act(Lane.CRM, 50_000, 10)]
    assert re.search(r'<path class="pen good" stroke-width="3" d="M500 \d+h0', timeline(Timeline("x", NOW, acts)))


def test_acts_of_a_lane_are_one_shape_and_failures_stand_out() -> None:
    acts = [Act(Lane.CLIENT, n * 1000) for n in range(50)] + [Act(Lane.CLIENT, 9_500, good=False, title="сбой")]
    markup = timeline(Timeline("x", NOW, acts))
    shape = re.search(r'<path class="pen client" stroke-width="8" d="([^"]+)"/>', markup)
    assert shape
    assert shape[1].count("M") == 50
    assert markup.count("<circle") == 1
    assert "<title>10:42:09 сбой</title>" in markup


def test_days_of_a_trend_are_one_shape() -> None:
    shape = re.search(r'<path class="pen day" stroke-width="4.4" d="([^"]+)"/>', trend(a_trend()))
    assert shape
    assert shape[1].count("h0") == 16


def test_year_of_values_is_thinned_in_a_sparkline() -> None:
    line = re.search(r'class="line" d="([^"]+)"', spark(Spark(list(range(365)))))
    assert line
    assert POINTS_MAX / 2 < line[1].count("-") < POINTS_MAX


def test_thousand_messages_make_a_bounded_row() -> None:
    markup = mini([Mark(n / 5000, "in") for n in range(5000)])
    assert 0 < markup.count("M") <= MARKS_MAX
    assert markup.count("<path") == 1
