"""The page that takes a file over into the catalogue: chosen, shown as what it would change, and only then told.

Between showing and telling the file travels sealed in the form, so that nothing of it is kept until somebody agrees.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.access.roles import BusinessRequest, page
from letopis.appointments.catalogue.desk import ROLES, first_day, known_to, tell
from letopis.appointments.catalogue.file import Act, Change, Proposal, Understood, propose, understand
from letopis.appointments.catalogue.forms import FileForm
from letopis.appointments.catalogue.offer import Catalogue, MasterVersion, ServiceVersion
from letopis.appointments.catalogue.words import joined, master_parts, service_parts
from letopis.base import format
from letopis.base.tables.markup import NOTHING, markup
from letopis.base.tables.reading import UnreadableError, read
from letopis.base.tables.table import Column, Table
from letopis.base.text import Text
from letopis.journal.kinds import MasterOffer, ServiceOffer

PROBLEMS_SHOWN_MAX = 20
SEAL_AGE_S_MAX = 24 * 3600
SEALED_CHARS_MAX = 1024 * 1024

ACTS = {
    Act.ADDED: Text(ru="добавим", en="added"),
    Act.CHANGED: Text(ru="изменим", en="changed"),
    Act.ENDED: Text(ru="уберём", en="taken out"),
}
_CHANGES = Text(ru="Что изменится", en="What changes")
_CHANGE_COLUMNS = (
    Column(Text(ru="Название", en="Name")),
    Column(Text(ru="Что сделаем", en="What happens")),
    Column(Text(ru="Подробно", en="In detail")),
)


class _Sealed(msgspec.Struct):
    """The file as understood, how it shall be taken, and the catalogue it was held against."""

    told: Understood
    day: date
    ends: bool
    seq: int


@page(roles=ROLES, methods=("GET", "POST"))
def file(request: BusinessRequest, business: UUID) -> HttpResponse:
    known = known_to(request)
    if "sealed" in request.POST:
        return _take_over(request, known)
    if request.method != "POST":
        return _choose(request, FileForm(initial={"valid_from": first_day(request, known)}))
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _choose(request, form)
    given = form.cleaned_data
    try:
        told = understand(read(given["file"].read()))
    except UnreadableError as unreadable:
        words = (unreadable.place, unreadable.message, unreadable.hint)
        form.add_error("file", " ".join(word for word in words if word))
        return _choose(request, form)
    return _preview(request, known, _Sealed(told, given["valid_from"], given["ends_missing"], known.seq))


def _choose(request: BusinessRequest, form: FileForm, note: str = "") -> HttpResponse:
    context = {"form": form, "note": note}
    return render(request, "appointments/catalogue_file.html", context, status=422 if form.errors else 200)


def _take_over(request: BusinessRequest, known: Catalogue) -> HttpResponse:
    try:
        text = signing.loads(request.POST["sealed"], salt=_salt(request), max_age=SEAL_AGE_S_MAX)
    except signing.BadSignature:
        form = FileForm(initial={"valid_from": first_day(request, known)})
        return _choose(request, form, _("That was too long ago. Choose the file once more."))
    sealed = msgspec.json.decode(text, type=_Sealed)
    if sealed.seq != known.seq:
        sealed.seq = known.seq
        note = _("Somebody has changed the services while you looked. This is what the file would change now.")
        return _preview(request, known, sealed, note)
    proposal = _proposal(known, sealed)
    return tell(request, sealed.day, proposal.services, proposal.masters)


def _preview(request: BusinessRequest, known: Catalogue, shown: _Sealed, note: str = "") -> HttpResponse:
    told, proposal = shown.told, _proposal(known, shown)
    sealed = signing.dumps(msgspec.json.encode(shown).decode(), salt=_salt(request), compress=True)
    if len(sealed) > SEALED_CHARS_MAX:
        sealed, note = "", _("The file is too large to be taken over at once. Split it into two.")
    context = {
        "lede": _lede(proposal, told),
        "note": note,
        "day": shown.day,
        "proposal": proposal,
        "changes": markup(Table(_CHANGES, _CHANGE_COLUMNS, [_row(known, one) for one in proposal.changes])),
        "problems": told.problems[:PROBLEMS_SHOWN_MAX],
        "problems_more": max(len(told.problems) - PROBLEMS_SHOWN_MAX, 0),
        "left_out": ", ".join(dict.fromkeys(told.left_out)),
        "sealed": sealed if proposal.changes else "",
    }
    return render(request, "appointments/catalogue_preview.html", context)


def _proposal(known: Catalogue, sealed: _Sealed) -> Proposal:
    return propose(known, sealed.told, sealed.day, ends_missing=sealed.ends)


def _lede(proposal: Proposal, told: Understood) -> tuple[str, str]:
    """What the file does, and what hurts."""
    n, lost = len(proposal.changes), len(told.problems)
    words = ngettext("The file changes {n} line.", "The file changes {n} lines.", n).format(n=format.integer(n))
    hurts = ngettext("{n} place was not understood.", "{n} places were not understood.", lost)
    return words if n else _("The file changes nothing."), hurts.format(n=format.integer(lost)) if lost else ""


def _row(known: Catalogue, change: Change) -> tuple[str, str, str]:
    """What happens to one of them, with what is other than now."""
    name, act = change.after.name or "", str(ACTS[change.act])
    if change.act is Act.ENDED:
        return name, act, ""
    then = _parts(known, _as_version(change.after))
    if change.before is None:
        return name, act, joined(then[1:])
    now = _parts(known, change.before)
    pairs = [(one, other) for one, other in zip(now, then, strict=True) if one != other]
    before, after = (joined(side) or NOTHING for side in zip(*pairs, strict=True))
    return name, act, _("now {before}, then {after}").format(before=before, after=after)


def _parts(known: Catalogue, version: ServiceVersion | MasterVersion) -> Sequence[str]:
    parts = service_parts(version) if isinstance(version, ServiceVersion) else master_parts(known, version)
    return (version.name, *parts)


def _as_version(offer: ServiceOffer | MasterOffer) -> ServiceVersion | MasterVersion:
    """An offer as the version it will be, for its words alone: it has no number and no day yet."""
    nowhere: dict[str, Any] = {"business_id": UUID(int=0), "valid_from": date.min, "seq": -1, "name": offer.name or ""}
    if isinstance(offer, MasterOffer):
        return MasterVersion(
            **nowhere, master_id=offer.id or "", services=tuple(offer.services or ()), branch=offer.branch or ""
        )
    return ServiceVersion(
        **nowhere,
        service_id=offer.id or "",
        aliases=tuple(offer.aliases or ()),
        category=offer.category or "",
        minutes=offer.minutes,
        price_from_kop=_kopecks(offer.price_from),
        price_to_kop=_kopecks(offer.price_to),
    )


def _kopecks(roubles: Decimal | None) -> int | None:
    return None if roubles is None else int(roubles * 100)


def _salt(request: BusinessRequest) -> str:
    return f"letopis.catalogue:{request.business.pk}"
