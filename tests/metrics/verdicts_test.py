"""Sentences of verdicts in both languages."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from letopis.metrics.statistics import Cohort, judge
from letopis.metrics.verdicts import Cases, change, tell


@pytest.fixture(autouse=True)
def russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def plain(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u2212", "-")


def test_better_is_said_with_its_interval() -> None:
    told = tell(judge(Cohort(90, 300), Cohort(114, 300)))
    assert plain(told.lede) == "Стало лучше: +8,0 п. п., от +0,4 до +15,5."
    assert told.tone == "ok"


def test_worse_is_said_of_more_no_shows() -> None:
    told = tell(judge(Cohort(120, 1000), Cohort(180, 1000), more_is_better=False), Cases.VISITS)
    assert plain(told.lede) == "Стало хуже: +6,0 п. п., от +2,9 до +9,1."
    assert told.tone == "loss"


def test_no_difference_names_the_margin() -> None:
    assert plain(tell(judge(Cohort(600, 2000), Cohort(600, 2000))).lede) == (
        "Нет разницы больше 5 п. п.: 0,0 п. п., от -2,8 до +2,8."
    )
    told = tell(judge(Cohort(3000, 10000), Cohort(3000, 10000), margin=0.025))
    assert plain(told.lede).startswith("Нет разницы больше 2,5 п. п.")


def test_cannot_tell_says_what_would_settle_it() -> None:
    told = tell(judge(Cohort(18, 60), Cohort(24, 60), per_day=40))
    assert plain(told.lede) == ("Пока нельзя сказать: нужно ещё около 300 обращений, при вашем потоке это 8 дней.")
    assert plain(told.hint) == "Пока видно +10,0 п. п., от -6,9 до +26,2: это может быть случайностью."


@pytest.mark.parametrize(
    ("per_day", "said"),
    [
        (None, ""),
        (300, ", при вашем потоке это 1 день"),
        (100, ", при вашем потоке это 3 дня"),
        (0.5, ", при вашем потоке это больше года"),
        (0, ""),
    ],
)
def test_days_are_said_at_the_flow_at_hand(per_day: float | None, said: str) -> None:
    told = tell(judge(Cohort(18, 60), Cohort(24, 60), per_day=per_day), Cases.DIALOGUES)
    assert plain(told.lede) == f"Пока нельзя сказать: нужно ещё около 300 диалогов{said}."


def test_withheld_says_why() -> None:
    before, after = Cohort(90, 300), Cohort(114, 300)
    assert tell(judge(before, after, marks_overlap=True)).lede.startswith("Два изменения сразу")
    assert "не входит в подсчёт" in tell(judge(before, after, exclusions_changed=True)).lede
    assert "не хватает больше" in tell(judge(before, after, completeness_change=-0.2)).lede
    assert tell(judge(Cohort(4, 12), after)).lede == "Пока мало: 12 из 30 обращений для вывода."


def test_nothing_to_compare_is_a_dash() -> None:
    assert change(judge(Cohort(0, 0), Cohort(3, 40))) == "—"


def test_english_says_the_same() -> None:
    with translation.override("en"):
        told = tell(judge(Cohort(18, 60), Cohort(24, 60), per_day=40))
        assert plain(told.lede) == "Cannot tell yet: about 300 more leads are needed, at your flow that is 8 days."
