"""What the overview makes of numbers: floors, bounds, colours, verdicts."""

import pytest
from django.utils import translation

from letopis.base.channels import name
from letopis.metrics import overview, words
from letopis.metrics.value import Value


def share(k: int, n: int, **more: object) -> Value:
    told: dict[str, object] = {"pending": 0, "low": None, "high": None, "excluded": 0} | more
    return Value(k / n if n else None, k, n, n, **told)  # type: ignore[arg-type]


def test_few_cases_are_grey_and_judge_nothing() -> None:
    assert overview.is_few("M2", share(10, 29))
    assert overview.is_better("M2", share(20, 29), share(10, 100)) is None
    assert overview.difference("M2", share(20, 29), share(10, 100)) == ""


@pytest.mark.parametrize(("metric", "better"), [("M2", True), ("M8", True), ("M4", False), ("M12", None)])
def test_more_is_not_always_better(metric: str, better: bool | None) -> None:
    assert overview.is_better(metric, share(60, 100), share(40, 100)) is better


def test_withheld_share_is_a_dash() -> None:
    hidden = Value(None, 9, 50, 50, 0, 0.1, 0.3, 0, unknown=20, withheld=True)
    assert overview.shown("M4", hidden) == "—"
    with translation.override("ru"):
        assert words.withheld(hidden) == "Доля неявок скрыта: у 29\u00a0% визитов нет отметки."


def test_young_cohort_is_two_bounds() -> None:
    young = Value(None, 4, 0, 0, 6, None, None, 0, floor=0.4, ceiling=1.0)
    with translation.override("ru"):
        assert overview.shown("M2", young) == "40–100\u00a0%"


def test_channels_are_called_as_people_call_them() -> None:
    with translation.override("ru"):
        assert [name("vk"), name("phone"), name("мой чат")] == ["ВКонтакте", "Телефон", "мой чат"]
