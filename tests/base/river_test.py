"""The river keeps its labels apart, presses loops into their steps, and draws the same on paper."""

import re
from collections.abc import Iterator
from itertools import accumulate
from xml.etree import ElementTree

import pytest
from django.utils import translation

from letopis.base.charts.canvas import Size
from letopis.base.charts.river import ROWS_MAX, Drop, Node, Ribbon, River, river

EVIL = "<script>alert(1)</script>\"' onload=x"
PAPER = Size(500, 260, top=40, right=20, bottom=10, left=10)


@pytest.fixture(autouse=True)
def in_russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def a_river(words: str = "−20 замолчали", drops: int = 1, url: str = "/x") -> River:
    falling = [Drop(look, 20, words, url) for look in ("theirs", "pending", "handed", "ours")[:drops]]
    nodes = [
        Node("Обращение", 100, "100", 0, main=True, url=url, drops=falling),
        Node(words, 30, "30", 1, drops=falling),
        Node("Время", 80, "80", 2, main=True, drops=falling),
        Node("ещё 7 шагов", 10, "", 3),
    ]
    ribbons = [Ribbon(0, 1, 30), Ribbon(0, 2, 60), Ribbon(1, 2, 200), Ribbon(0, 3, 5), Ribbon(2, 3, 5)]
    return River("Теряем на времени", nodes, ribbons, ["Шаг", "Вошли"], [["Обращение", "100"]])


@pytest.mark.parametrize("size", [None, PAPER])
def test_stranger_text_stays_text(size: Size | None) -> None:
    markup = river(a_river(EVIL, 4), size)
    assert "<script" not in markup
    elements = ElementTree.fromstring(f"<all>{markup}</all>").iter()
    assert not [element for element in elements if {"style", "id", "onload"} & set(element.keys())]


def test_paper_needs_no_style_sheet() -> None:
    drawing = re.findall(r"<svg.*?</svg>", river(a_river(drops=4), PAPER))[0]
    assert "class=" not in drawing
    assert "href" not in drawing


def test_steps_and_drops_are_doors() -> None:
    markup = river(a_river(drops=4))
    assert markup.count('href="/x"') > 8
    assert 'href=""' not in river(a_river(drops=4, url=""))


def test_words_do_not_lie_on_each_other() -> None:
    markup = river(a_river(drops=4))
    rows = int(re.findall(r'class="river t(\d+)"', markup)[0])
    spots = [
        (float(x), float(y) / 100 * rows * 60)
        for x, y in re.findall(r'<text class="[^"]*" x="([\d.]+)%" y="([\d.]+)%" dx="0" dy="4">', markup)
    ]
    assert len(spots) == 12
    for n, (x, y) in enumerate(spots):
        assert not [other for other in spots[:n] if abs(other[0] - x) < 1 and abs(other[1] - y) < 14]


def flows_of(markup: str) -> Iterator[tuple[list[tuple[float, float]], str]]:
    """Every ribbon with its title; a shape is drawn in whole steps from its first point."""
    columns, rows = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', markup)[0])
    for steps, title in re.findall(r'<path class="flow" d="m([^"]+)Z"><title>([^<]*)', markup):
        numbers = [int(step) for step in re.findall(r"-?\d+", steps)]
        places = zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True)
        yield [(100 * x / columns, 100 * y / rows) for x, y in places], title


def test_flow_never_leaves_the_sheet() -> None:
    markup = river(a_river(drops=4))
    ribbons = list(flows_of(markup))
    assert len(ribbons) == 5
    for points, _ in ribbons:
        for x, y in points:
            assert 0 <= x <= 100
            assert 0 <= y <= 100


def test_many_drops_are_pressed_into_the_tallest_sheet() -> None:
    drops = [Drop("theirs", 1, f"−{n} ушли") for n in range(100)]
    node = Node("Шаг", 100, "100", 0, main=True, drops=drops)
    assert f"river t{ROWS_MAX}" in river(River("Много", [node], [], ["Шаг"], []))


def test_same_numbers_stand_in_a_table() -> None:
    markup = river(a_river())
    assert 'aria-label="Теряем на времени"' in markup
    assert '<th scope="row">Обращение</th><td class="n">100</td>' in markup


def points_of(markup: str, title: str) -> list[tuple[float, float]]:
    """A ribbon by its title: places in per cent of the sheet."""
    return next(points for points, told in flows_of(markup) if told == title)


def far_river() -> str:
    """From the first step past two others and all that falls from them to the last."""
    drops = [Drop(look, 4, f"−4 {look}") for look in ("theirs", "pending", "handed", "ours")]
    names = ("Обращение", "Намерение", "Время", "Визит")
    nodes = [Node(name, 100 - 10 * n, "90", n, main=True, drops=drops) for n, name in enumerate(names)]
    ribbons = [Ribbon(0, 1, 60), Ribbon(1, 2, 60), Ribbon(2, 3, 50), Ribbon(0, 3, 20)]
    return river(River("Далеко", nodes, ribbons, ["Шаг"], []))


def test_way_past_others_runs_below_their_words() -> None:
    markup = far_river()
    points = points_of(markup, "Обращение → Визит: 20")
    spots = re.findall(r'<text class="[^"]*" x="([\d.]+)%" y="([\d.]+)%" dx="0" dy="4">', markup)
    between = [float(y) for x, y in spots if 7 < float(x) < 55]
    lane = [y for x, y in points if 25 < x < 45] or [max(y for _, y in points)]
    assert len(between) >= 8
    assert min(lane) > max(between)


def test_steep_way_never_bulges_out_of_its_lane() -> None:
    points = points_of(far_river(), "Обращение → Визит: 20")
    lane_bottom = max(y for _, y in points)
    level = [x for x, y in points if abs(y - lane_bottom) < 0.2]
    assert max(level) - min(level) > 30, "the lowest edge is the lane's own"


@pytest.mark.parametrize("tone", ["ok", "loss", ""])
def test_change_stands_beside_the_count(tone: str) -> None:
    nodes = [
        Node("Обращение", 100, "100", 0, main=True, change="+5 п. п.", tone=tone),
        Node("Мастер", 20, "20", 1, change="−3 п. п.", tone=tone),
    ]
    markup = river(River("Разница", nodes, [Ribbon(0, 1, 20)], ["Шаг"], []))
    look = f"change {tone}".strip()
    assert f'<tspan class="{look}"> +5 п. п.</tspan>' in markup
    assert f'<tspan class="{look}"> −3 п. п.</tspan>' in markup
    assert "п. п." not in river(a_river())
