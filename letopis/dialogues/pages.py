"""Pages of dialogues: the list with its search, and one dialogue from its first word to where it broke."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from letopis.access.log import Act, note_look
from letopis.access.menu import MenuItem
from letopis.access.models import Branch
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import channels, clock, format
from letopis.clients.models import Identity
from letopis.dialogues import drawing, listing, narrowing, steps, story, thread
from letopis.dialogues.listing import Filters
from letopis.dialogues.markup import markup_of
from letopis.dialogues.models import Dialogue, Escalation, Fact, Turn
from letopis.dialogues.story import Case
from letopis.journal.draft import TEXT
from letopis.journal.entries import Entry, read_some
from letopis.journal.erasing import is_pseudonym
from letopis.journal.erasures import erasures_of
from letopis.privacy.looks.pages import looks_at
from letopis.privacy.unmasking import REASONS, SHOWN_FOR, NoReasonError, shown_until, unmask
from letopis.privacy.views import Eyes, eyes_of, may_ask

EVERYBODY = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
SEES_JOURNAL = (Role.OWNER, Role.INTEGRATOR)
ENTRIES_MAX = 5000
"""More of one dialogue is not shown; the readers end a dialogue long before."""
EARLIER_MAX = 100

MENU = [MenuItem("dialogues", gettext_lazy("Dialogues"), icon="messages", route="dialogues", order=300)]

CHIPS = (
    ("outcome", listing.LOST, pgettext_lazy("chip", "lost")),
    ("waiting", True, pgettext_lazy("chip", "waiting")),
    ("no_show", True, pgettext_lazy("chip", "did not come")),
    ("errors", True, pgettext_lazy("chip", "with an error")),
    ("escalated", True, pgettext_lazy("chip", "handed over")),
    ("unsure", True, pgettext_lazy("chip", "low confidence")),
)
OUTCOMES = (
    ("booked", gettext_lazy("booked")),
    ("refused", gettext_lazy("declined")),
    ("not_booked", gettext_lazy("did not book")),
    ("pending", gettext_lazy("deciding")),
    (listing.LOST, gettext_lazy("lost")),
)
NARROWING = (*listing.WORDS, *listing.FLAGS)


@dataclass(frozen=True, slots=True)
class Row:
    """One dialogue of the list, as this reader may see it."""

    dialogue: Dialogue
    url: str
    name: str
    channel: str
    wanted: str
    state: str
    length: str
    rhythm: str


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    url: str
    here: bool


@page(roles=EVERYBODY)
def dialogues(request: BusinessRequest, business: UUID) -> HttpResponse:
    filters, eyes = _filters(request), eyes_of(request)
    if filters.q:
        # That somebody searched, not for what: the words may be a name.
        note_look(request, "dialogues", act=Act.SEARCHED)
    after = listing.read_cursor(request.GET.get("after", ""))
    found = listing.some(business, filters, after, listing.ROWS_A_PAGE + 1, sees_text=eyes.clear)
    total = listing.count(business, filters, sees_text=eyes.clear)
    shown, more = found[: listing.ROWS_A_PAGE], len(found) > listing.ROWS_A_PAGE
    context = {
        "rows": list(_rows(business, shown, filters, eyes)),
        "filters": filters,
        "total": total,
        "lede": _lede(filters, total),
        "next_url": f"?{_joined(filters.query, after=listing.cursor_of(shown[-1]))}" if more else "",
        "chips": list(_chips(filters)),
        "kept": narrowing.kept(filters),
        "narrowed": narrowing.chips_of(filters),
        "channels": [(value, channels.name(value)) for value in listing.channels_of(business)],
        "branches": [(value, _branch_name(business, value)) for value in listing.branches_of(business)],
        "outcomes": OUTCOMES,
        "search_words": filters.q,
        "any": bool(total) or Dialogue.objects.filter(business_id=business).exists(),
        "all_url": f"?{filters.without(*NARROWING).query}" if filters.narrowed else "",
        "sees_people": eyes.clear,
    }
    return render(request, "dialogues/list.html", context)


@page(roles=EVERYBODY)
def dialogue(request: BusinessRequest, business: UUID, dialogue: int) -> HttpResponse:
    sees_frozen = request.role is Role.OWNER
    found = listing.find(business, dialogue, sees_frozen=sees_frozen) if dialogue < 2**63 else None
    if found is None:
        raise Http404
    note_look(request, "dialogue", dialogue)
    return _page(request, found)


@page(roles=(Role.OWNER,))
def lookers(request: BusinessRequest, business: UUID, dialogue: int) -> HttpResponse:
    """Who opened this dialogue, and why."""
    found = listing.find(business, dialogue, sees_frozen=True) if dialogue < 2**63 else None
    if found is None:
        raise Http404
    return looks_at(request, "dialogue", dialogue, {"dialogue": dialogue})


@page(roles=EVERYBODY, methods=("POST",))
def unmask_dialogue(request: BusinessRequest, business: UUID, dialogue: int) -> HttpResponse:
    """Shows the people of this dialogue for a while, to this session, for a reason that the owner reads."""
    found = listing.find(business, dialogue) if dialogue < 2**63 else None
    if found is None:
        raise Http404
    if not may_ask(request):
        note_look(request, "dialogue", dialogue, Act.UNMASKED, refused=True)
        # Answered, not raised: the note is kept with the transaction.
        return render(request, "base/403.html", {"who": _("who may see people")}, status=403)
    reason = request.POST.get("written", "").strip() or request.POST.get("chosen", "")
    try:
        unmask(request, "dialogue", dialogue, reason)
    except NoReasonError:
        return _page(request, found, status=422, no_reason=_("Say why in a few words."))
    return redirect("dialogue", business=business, dialogue=dialogue)


def _page(request: BusinessRequest, found: Dialogue, status: int = 200, no_reason: str = "") -> HttpResponse:
    business, filters = request.business.pk, _filters(request)
    case = case_of(business, found, eyes_of(request, "dialogue", found.dialogue_id))
    identity = Identity.objects.filter(business_id=business, client_id=found.client_id).first()
    eyes = case.eyes
    name = eyes.name(identity.name) if identity and identity.name else client_words(found, eyes)
    visit = case.visits[-1] if case.visits else None
    part = _part(request.GET.get("part", ""), thread.parts_of(case))
    seqs = [entry.seq for entry in case.entries]
    context = {
        "dialogue": found,
        "name": name,
        "channel": channels.name(found.channel),
        "lede": story.lede_of(case),
        "stations": story.path_of(case),
        "course": drawing.course(case) if case.entries else "",
        "course_words": drawing.summary(case.entries) if case.entries else "",
        "thread": markup_of(thread.thread_of(case, name, part)),
        "parts": _parts(filters, part, thread.parts_of(case)),
        "client": client_words(found, eyes),
        "phone": eyes.phone(identity.phone) if identity else "",
        "branch": _branch_name(business, found.branch),
        "scenario": eyes.words(steps.scenario_words(found.scenario, found.version)) if found.scenario else "",
        "models": eyes.words(", ".join(story.models_of(case.entries))),
        "deal": eyes.reference(found.deal_ref),
        "session": eyes.reference(found.session_id),
        "campaign": eyes.words(found.campaign),
        "service": eyes.words((visit.service if visit else "") or found.service),
        "price_kop": visit.price_kop if visit else None,
        "first_seq": min(seqs, default=0),
        "last_seq": max(seqs, default=0),
        "state": listing.state_of(found),
        "crumb": _crumb(filters),
        "list_url": f"{reverse('dialogues', kwargs={'business': business})}?{filters.query}",
        "near": _near(business, filters, found, eyes),
        "sees_journal": request.role in SEES_JOURNAL,
        "sees_lookers": request.role is Role.OWNER,
        "masked": not eyes.clear,
        "may_ask": may_ask(request),
        "shown_until": shown_until(request, "dialogue", found.dialogue_id),
        "shown_minutes": SHOWN_FOR.seconds // 60,
        "reasons": REASONS,
        "no_reason": no_reason,
    }
    return render(request, "dialogues/dialogue.html", context, status=status)


def client_words(dialogue: Dialogue, eyes: Eyes) -> str:
    """What a client without a name is called."""
    if is_pseudonym(dialogue.client_id):
        return _("An erased client")
    return eyes.id(dialogue.client_id) if dialogue.client_id else _("A client")


def case_of(business: UUID, dialogue: Dialogue, eyes: Eyes) -> Case:
    """The rows and entries of one dialogue, and the reader's eyes that know its people; used by the read API too."""
    mine = {"business_id": business, "dialogue_id": dialogue.dialogue_id}
    seqs = list(Fact.objects.filter(**mine).order_by("at", "seq").values_list("seq", flat=True)[:ENTRIES_MAX])
    with connection.cursor() as cur:
        entries = read_some(cur, business, seqs)
        wordless = [entry.seq for entry in entries.values() if entry.text is None and entry.type in story.SAID]
        erased = erasures_of(cur, business, wordless, TEXT)
    earlier = Dialogue.objects.filter(
        business_id=business, person_id=dialogue.person_id, spoken=True, started_at__lt=dialogue.started_at
    )
    return Case(
        dialogue=dialogue,
        entries=[entries[seq] for seq in seqs if seq in entries],
        turns=list(Turn.objects.filter(**mine).order_by("n")),
        escalations=list(Escalation.objects.filter(**mine).order_by("n")),
        earlier=len(earlier.values_list("dialogue_id")[:EARLIER_MAX]),
        now=clock.now(),
        eyes=eyes.knowing(_people_of(entries.values())),
        erased=erased,
    )


def _people_of(entries: Iterable[Entry]) -> Iterator[object]:
    """Everybody whom the entries of a dialogue name."""
    for entry in entries:
        yield from (entry.who.get("name"), entry.who.get("person"))
        yield (entry.meta.get("appointment") or {}).get("resource")


def _filters(request: BusinessRequest) -> Filters:
    filters = listing.read_filters(request.GET.dict(), _today())
    # Masters are people: a list by one of them would say who came to whom.
    return filters if eyes_of(request).clear else filters.without("master")


def _today() -> date:
    return timezone.localtime(clock.now()).date()


def _rows(business: UUID, found: Sequence[Dialogue], filters: Filters, eyes: Eyes) -> Iterator[Row]:
    names = listing.names_of(business, found)
    rhythms = listing.rhythms_of(business, found)
    for one in found:
        url = reverse("dialogue", kwargs={"business": business, "dialogue": one.dialogue_id})
        wish = ", ".join(word for word in (steps.intent_words(one.intent), one.service) if word)
        yield Row(
            dialogue=one,
            url=f"{url}?{filters.query}" if filters.query else url,
            name=eyes.name(names.get(one.client_id, "")) or client_words(one, eyes),
            channel=channels.name(one.channel),
            wanted=eyes.knowing([names.get(one.client_id)]).text(one.first_line) or eyes.words(wish),
            state=listing.state_of(one),
            length=format.length_coarse((one.last_at - one.started_at).total_seconds())
            if one.last_at > one.started_at
            else "",
            rhythm=drawing.rhythm(rhythms.get(one.dialogue_id, [])),
        )


def _lede(filters: Filters, total: int) -> str:
    n = format.integer(total)
    if filters.first is None or filters.last is None:
        return ngettext("{n} dialogue found.", "{n} dialogues found.", total).format(n=n)
    days = format.period(filters.first, filters.last)
    if filters.narrowed:
        return ngettext("{n} such dialogue, {days}.", "{n} such dialogues, {days}.", total).format(n=n, days=days)
    return ngettext("{n} dialogue, {days}.", "{n} dialogues, {days}.", total).format(n=n, days=days)


def _chips(filters: Filters) -> Iterator[Chip]:
    """All, and one chip for each question that is asked most; they replace each other."""
    plain = filters.without("outcome", *listing.FLAGS)
    yield Chip(_("All"), f"?{plain.query}", plain == filters)
    for name, value, label in CHIPS:
        asked = replace(plain, **{name: value})  # type: ignore[arg-type]
        yield Chip(str(label), f"?{asked.query}", getattr(filters, name) == value)


def _crumb(filters: Filters) -> str:
    """What the list was that the reader comes from."""
    words = next((label for name, value, label in CHIPS if getattr(filters, name) == value), None)
    if words:
        return _("Dialogues: {which}").format(which=words)
    return _("Dialogues found") if filters.q else _("Dialogues")


def _near(business: UUID, filters: Filters, found: Dialogue, eyes: Eyes) -> dict[str, Any] | None:
    near = listing.neighbours(business, filters, found, sees_text=eyes.clear)
    if near is None:
        return None

    def url(number: int | None) -> str:
        if number is None:
            return ""
        return f"{reverse('dialogue', kwargs={'business': business, 'dialogue': number})}?{filters.query}"

    words = _("{place} of {total}").format(place=format.integer(near.place), total=format.integer(near.total))
    return {"before": url(near.before), "after": url(near.after), "words": words if near.place else ""}


def _part(text: str, last: int) -> int:
    return min(max(int(text), 1), last) if text.isdecimal() and len(text) < 6 else 1


def _parts(filters: Filters, here: int, last: int) -> list[Part]:
    if last < 2:
        return []
    return [Part(n, f"?{_joined(filters.query, part=str(n))}", n == here) for n in range(1, last + 1)]


def _joined(query: str, **more: str) -> str:
    return "&".join(part for part in (query, urlencode(more)) if part)


def _branch_name(business: UUID, code: str) -> str:
    named = Branch.objects.filter(business_id=business, code=code).values_list("name", flat=True).first()
    return str(named or code)
