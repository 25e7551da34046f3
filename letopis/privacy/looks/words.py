"""The access ledger in plain words: what somebody did, and what is strange about it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.access.log import Act
from letopis.access.models import Role
from letopis.base import format
from letopis.privacy.looks.bursts import Sign
from letopis.privacy.looks.reading import Look, Looker, Noticed


def act_words(look: Look) -> str:
    """One entry, as «открыл диалог 31402» without who."""
    if look.refused:
        return _("was refused: {what}").format(what=_what(look))
    return _what(look)


def role_words(role: str) -> str:
    """The role of then; a role of the business's own by its name."""
    return str(Role(role).label) if role in Role.values else role


def burst_words(burst: Noticed) -> str:
    """What is strange, in one sentence."""
    who, n = burst.name or _("A person who is gone"), format.integer(burst.looks)
    told = {"who": who, "n": n, "day": format.day(burst.until_at), "time": format.time(burst.began_at)}
    match burst.sign:
        case Sign.DAY:
            words = ngettext(
                "{who}: {n} dialogue and client in one day, {day}, usually {usual}.",
                "{who}: {n} dialogues and clients in one day, {day}, usually {usual}.",
                burst.looks,
            )
            return words.format(**told, usual=format.integer(burst.usual or 0))
        case Sign.REFUSED:
            words = ngettext(
                "{who}: {n} refusal in a row, {day}, from {time}.",
                "{who}: {n} refusals in a row, {day}, from {time}.",
                burst.looks,
            )
            return words.format(**told)
    words = ngettext(
        "{who}: {n} different dialogue and client within an hour, {day}, from {time}.",
        "{who}: {n} different dialogues and clients within an hour, {day}, from {time}.",
        burst.looks,
    )
    return words.format(**told)


def deeds(one: Looker) -> str:
    """«43 диалога, 2 файла, скрытое показано 1 раз»; what was not done is not told."""
    told = [
        _counted(one.dialogues, ngettext("{n} dialogue", "{n} dialogues", one.dialogues)),
        _counted(one.clients, ngettext("{n} client", "{n} clients", one.clients)),
        _counted(one.searches, ngettext("{n} search", "{n} searches", one.searches)),
        _counted(one.exports, ngettext("{n} file", "{n} files", one.exports)),
        _counted(one.unmaskings, ngettext("hidden shown {n} time", "hidden shown {n} times", one.unmaskings)),
        _counted(one.refusals, ngettext("{n} refusal", "{n} refusals", one.refusals)),
    ]
    return ", ".join(filter(None, told)) or _("settings only")


def _counted(n: int, words: str) -> str:
    return words.format(n=format.integer(n)) if n else ""


def lede(people: int, dialogues: int, unmaskings: int, days: int) -> str:
    """Who looked, in one sentence a case."""
    if not people:
        return ngettext(
            "Nobody opened a conversation in {days} day.", "Nobody opened a conversation in {days} days.", days
        ).format(days=format.integer(days))
    told = {
        "people": format.integer(people),
        "days": format.integer(days),
        "n": format.integer(dialogues),
        "shown": format.integer(unmaskings),
    }
    who = ngettext(
        "In {days} days {people} person looked at conversations.",
        "In {days} days {people} people looked at conversations.",
        people,
    ).format(**told)
    if not unmaskings:
        return who
    shown = ngettext("What is hidden was shown {shown} time.", "What is hidden was shown {shown} times.", unmaskings)
    return f"{who} {shown.format(**told)}"


def _what(look: Look) -> str:
    of = {"id": look.subject_id}
    match (look.act, look.subject_kind):
        case (Act.OPENED, "dialogue"):
            return _("dialogue {id}").format(**of)
        case (Act.OPENED, "client"):
            return _("client {id}").format(**of)
        case (Act.OPENED, "request"):
            return _("a client's request {id}").format(**of)
        case (Act.OPENED, "piece"):
            return _("a message in quarantine")
        case (Act.OPENED | Act.LISTED, "visits"):
            return _("the list of visits")
        case (Act.OPENED, "page"):
            return _("the page “{id}”").format(**of)
        case (Act.LISTED, _kind):
            return _("a list")
        case (Act.SEARCHED, _kind):
            return _("a search")
        case (Act.EXPORTED, _kind):
            return _("a file: {id}").format(**of)
        case (Act.UNMASKED, "dialogue"):
            return _("what is hidden in dialogue {id}").format(**of)
        case (Act.UNMASKED, _kind):
            return _("what is hidden of client {id}").format(**of)
        case (Act.GRANTED, _kind):
            return _("gave access to person {id}").format(**of)
        case (Act.ENDED, _kind):
            return _("ended the access of person {id}").format(**of)
        case (Act.ASKING_ALLOWED, _kind):
            return _("let person {id} ask for what is hidden").format(**of)
        case (Act.ASKING_ENDED, _kind):
            return _("no longer lets person {id} ask for what is hidden").format(**of)
        case (Act.KEY_MADE, _kind):
            return _("made a key of a program")
        case (Act.KEY_REVOKED, _kind):
            return _("revoked a key of a program")
        case (Act.BURST, _kind):
            return _("noticed: reads a great deal at once")
        case (Act.BURST_SETTLED, _kind):
            return _("said that this reading is normal")
    return f"{look.act} {look.subject_kind} {look.subject_id}".strip()
