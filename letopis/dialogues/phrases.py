"""What short Russian words mean in a conversation: closings, consent, refusals, questions of ours.

Judges one message by its words alone; whether a closing closes is for `closes` to say, which knows what we said last.
Better to leave a message open than to lose a client: what is not surely a closing is `NONE`.
"""

import re
from enum import StrEnum

from letopis.base.text import fold

CLOSING_WORDS_MAX = 12


class Said(StrEnum):
    """What a client's message amounts to, when it is one of the few phrases we know."""

    NONE = ""
    AGREED = "agreed"
    ACKNOWLEDGED = "acknowledged"
    """«Ок, спасибо»: taken note of, with thanks; whether it says yes to a question is for a person to find out."""
    THANKED = "thanked"
    PARTED = "parted"
    REFUSED = "refused"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Say yes whatever else stands beside them.
_CONSENTING = _words("да ага угу конечно договорились идет + ++ +++ буду приду будем придем жду ждем идем верно точно")
_AGREEING = _CONSENTING | _words(
    "ок окей окай оке ok okay хор хорошо ладно лан ладненько принято супер отлично прекрасно замечательно круто класс"
    " 👍 👌 ✅ 👏 🤝 🆗"
)
_THANKING = _words("спасибо спасибки спс пасиб пасибо спасибочки благодарю благодарим мерси сенкс thanks thx спасиб")
_PARTING = _words("пока свидания свиданья встречи завтра увидимся прощайте")
_WEEKDAYS = _words("понедельника вторника среды четверга пятницы субботы воскресенья послезавтра")
_KNOWING = _words("понятно поняла понял поняли ясно ясненько учту хорошего")
_FILLING = _words(
    "вам вас тебе вы большое огромное очень за помощь ответ информацию инфо подсказку все тогда ну и а до"
    " удачного дня хорошего приятного вечера тоже взаимно оперативно быстрый внимание девочки я мы знать уже"
)
_CLOSING = _AGREEING | _THANKING | _PARTING | _KNOWING | _FILLING | _WEEKDAYS
# Whole phrases that mean "fine", though their words alone would not.
_FINE = re.compile(
    r"\b(?:не за что|не стоит|не вопрос|без проблем|ничего страшного|ничего|всего (?:доброго|хорошего)|на связи)\b"
)

_REFUSING = re.compile(
    r"\b(?:не надо|не нужно|не буду (?:записываться|брать)|передумал[аи]?|не ?актуально"
    r"|нет,? спасибо|спасибо,? нет|спасибо,? не (?:надо|нужно)|пока нет|(?:я )?подумаю(?: еще)?|надо подумать"
    r"|(?<!не )дорого(?:вато)?|посоветуюсь|поищу еще"
    r"|(?:я )?(?:вам )?(?:потом |позже )?(?:сам[аи]? )?напишу(?: вам)?(?: позже| потом)?"
    r"|(?:я )?уже записал(?:ась|ся|ись) (?:в друг\w+ \w+|к друг\w+(?: мастеру)?)"
    r"|в другой раз|как[- ]нибудь потом|откажусь|отказываюсь)\b|^потом$"
)
REFUSAL_REST_WORDS_MAX = 4
# A refusal of one offer that asks for another one is none.
_GOING_ON = re.compile(
    r"\d|\?|\b(?:но|можно|если|лучше|друг(?:ой|ое|ая)|давайте|запиш\w+|хочу|есть|отменять|номер|телефон)\b(?! раз)"
)
_COMPLAINING = re.compile(
    r"\b(?:жалоб\w*|пожалуюсь|возмущен\w*|возмутительн\w*|отвратительн\w*|безобрази\w*|верните деньги|обман\w*"
    r"|хамств\w*|ужасн(?:о|ый|ая|ое) (?:сервис|обслуж\w*|отношени\w*|маникюр|салон))\b"
)
_ASKING = re.compile(
    r"\?|\b(?:напишите|укажите|выберите|подскажите|уточните|пришлите|сообщите|скажите|подтвердите|оставьте|назовите)\b"
)
# A time of day as staff and assistants write it: «15:30», «15.30», «в 15», «к 9 утра», «с 10 до 12».
_CLOCK = re.compile(
    r"(?<![\d.,:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
    r"|\b(?:в|на|к|с|до|после)\s(?:[01]?\d|2[0-3])\.[0-5]\d(?![\d.])"
    r"|\b(?:в|на|к|с)\s(?:[89]|1\d|2[0-2])(?=\s*(?:час|ч\b|утра|дня|вечера|до\s\d|или\s(?:в\s)?\d|[?!,;]|\.(?!\d)|$))"
)
_TOKEN = re.compile(r"[a-zа-я]+|\++|\d+|[^\s\w.,!()\-–—:;\"'«»…^*~/]\ufe0f?")
_NAME = re.compile(r"(?<=[\s,])[А-ЯЁ][а-яё]+")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d]")


def said(text: str | None, content_type: str = "") -> Said:
    """What a client's message amounts to; a pressed button is an act and never a closing."""
    if content_type == "sticker":
        return Said.AGREED
    if content_type not in ("", "text") or text is None:
        return Said.NONE
    words = _SKIN.sub("", fold(text))
    if _refuses(words):
        return Said.REFUSED
    if "?" in words:
        return Said.NONE
    words, fine = _FINE.subn(" ", words)
    tokens = set(_TOKEN.findall(words))
    letters = {token for token in tokens if token[0].isalnum() or token[0] == "+"}
    names = {fold(name) for name in _NAME.findall(text)} if tokens & _THANKING else set()
    if len(letters) > CLOSING_WORDS_MAX or not letters <= _CLOSING | names:
        return Said.NONE
    if tokens & _AGREEING:
        return Said.ACKNOWLEDGED if tokens & _THANKING and not tokens & _CONSENTING else Said.AGREED
    if tokens & _THANKING:
        return Said.THANKED
    if tokens & (_PARTING | _WEEKDAYS):
        return Said.PARTED
    # What is left: «понятно», fixed phrases, smiles and signs alone.
    known = fine or tokens & _KNOWING or (not letters and (tokens or ")" in words))
    return Said.AGREED if known else Said.NONE


def _refuses(words: str) -> bool:
    rest, refusals = _REFUSING.subn(" ", words)
    if not refusals or _GOING_ON.search(rest):
        return False
    return len(set(re.findall(r"\w+", rest)) - _CLOSING) <= REFUSAL_REST_WORDS_MAX


def closes(what: Said, *, after_ours: bool, after_question: bool) -> bool:
    """Whether a message that amounts to `what` expects no answer.

    Only after something of ours; and after a question only thanks or a refusal close: «ок» and «+» are consent then,
    and «ок, спасибо» may be either, so it stays open until somebody answers it.
    """
    if not after_ours:
        return False
    return what in (Said.THANKED, Said.REFUSED) if after_question else what is not Said.NONE


def asks(text: str | None) -> bool:
    """Whether our message asks the client for something."""
    return text is not None and _ASKING.search(fold(text)) is not None


def complains(text: str | None) -> bool:
    """Whether a client's message is a complaint."""
    return text is not None and _COMPLAINING.search(fold(text)) is not None


def offers_time(text: str | None) -> bool:
    """Whether our message names a time of day, as an offer of free times does; prices, dates and phones are none."""
    return text is not None and _CLOCK.search(fold(text)) is not None
