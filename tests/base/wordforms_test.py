"""Russian words meet in one form, whatever case, tense, aspect or spelling they stand in."""

import pytest

from letopis.base.wordforms import meeting_forms, names_only


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("записать", "записаться запишусь записали записалась записываться записываю записана"),
        ("ноготь", "ногти ногтей ногтям"),
        ("бровь", "брови бровей бровями"),
        ("марина", "марина марине марину мариной"),
        ("ковалев", "ковалева ковалевой ковалев"),
        ("перезвонить", "перезвоните перезваниваю"),
        ("окрасить", "окрашивать окрашу"),
        ("нарастить", "наращивать нарастили"),
        ("перенести", "переносить перенесите"),
        ("прийти", "приходить приду пришли"),
        ("отменить", "отменяю отмените"),
        ("подтвердить", "подтверждаю подтвердили"),
        ("остать", "остается останется"),
        ("работать", "работаете работал"),
        ("мед", "мед меда медом"),
    ],
)
def test_forms_meet(form: str, words: str) -> None:
    for word in words.split():
        assert form in (meeting_forms(word) or ()), word


def test_word_keeps_its_plausible_readings() -> None:
    assert meeting_forms("стоит") == ("стоить", "стоять")
    assert meeting_forms("были") == ("быть",)
    assert meeting_forms("света") == ("свет", "света")


def test_function_words_say_nothing() -> None:
    assert all(meeting_forms(word) == () for word in ("на", "и", "что", "мне", "же"))


def test_unknown_words_have_no_form() -> None:
    assert all(meeting_forms(word) is None for word in ("педекюр", "запиш", "а" * 100))


def test_names_are_told_from_words() -> None:
    assert names_only("марин")
    assert names_only("ковалева")
    assert not names_only("света")
    assert not names_only("маникюр")
    assert not names_only("педекюр")
