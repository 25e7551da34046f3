"""«Обращения»: who asked about himself and by when he must be answered; finding him, giving out, erasing, the act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from letopis.access.log import Act as Looked
from letopis.access.log import note_look
from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock, format
from letopis.base.errors import SenderError
from letopis.base.parts import STATES
from letopis.clients.blocks import block, blocked
from letopis.journal.proofs import proofs_of
from letopis.subjects.correction import Right, correct
from letopis.subjects.erasure import read_everything
from letopis.subjects.requests import act as acts
from letopis.subjects.requests import request as requests_
from letopis.subjects.requests.export import INWARD, export
from letopis.subjects.requests.finding import Found, find, people, persons_now, proposed
from letopis.subjects.requests.forms import (
    REASONS_IN_ACT,
    WAYS,
    AnswerForm,
    CorrectForm,
    EraseForm,
    ExtendForm,
    FindForm,
    OpenForm,
)
from letopis.subjects.requests.request import Request
from letopis.subjects.requests.terms import NAMES, TERMS, WARNS_AT, Ask, days_left

WHO = (Role.OWNER, Role.MANAGER)
SPEAKERS = {
    "": gettext_lazy("you"),
    "assistant": gettext_lazy("assistant"),
    "human": gettext_lazy("staff"),
    "system": gettext_lazy("system"),
    "mailing": gettext_lazy("reminder"),
}


def _late(request: HttpRequest) -> int | None:
    """How many must be answered within a week or so: the number at the item of the menu."""
    cur: Any
    with connection.cursor() as cur:
        urgent = requests_.urgent(cur, request.business.pk, _today())  # type: ignore[attr-defined]
    return urgent or None


MENU = [
    MenuItem(
        "requests", gettext_lazy("Requests"), icon="user", route="requests", group=SETTINGS, order=925, count=_late
    )
]


@dataclass(frozen=True, slots=True)
class Line:
    """A request in the list."""

    request: Request
    asks: str
    left: str
    urgent: bool


@page(roles=WHO)
def requests(request: BusinessRequest, business: UUID) -> HttpResponse:
    """All requests, the most urgent first, and talks that sound like one."""
    cur: Any
    with connection.cursor() as cur:
        found = requests_.requests_of(cur, business)
        sounding = _visible(request, cur, proposed(cur, business))
    lines = [_line(one) for one in found]
    waiting = [line for line in lines if line.request.answered_at is None]
    context = {
        "lede": _lede(waiting),
        "waiting": waiting,
        "answered": [line for line in lines if line.request.answered_at is not None],
        "proposed": sounding,
        "form": FindForm(),
    }
    return render(request, "subjects/requests/list.html", context)


@page(roles=WHO, methods=("POST",))
def find_person(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Who is meant; the words came in the body, since an address is kept by everybody on its way."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return render(request, "subjects/requests/found.html", {"form": form, "lede": ""}, status=400)
    words = form.cleaned_data["words"]
    note_look(request, "persons", act=Looked.SEARCHED)
    cur: Any
    with connection.cursor() as cur:
        found = _visible(request, cur, find(cur, business, words))
    subject = next((one.name for one in found if one.is_own), "")
    opens = OpenForm(initial={"subject": subject})
    context = {"form": form, "found": found, "asked": True, "opens": opens, "lede": _found_words(found)}
    return render(request, "subjects/requests/found.html", context)


@page(roles=WHO, methods=("POST",))
def open_request(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Write the request down for the persons that were ticked."""
    form = OpenForm(request.POST)
    cur: Any
    with connection.cursor() as cur:
        known = people(cur, business, persons_now(cur, business, form.persons[: requests_.PERSONS_MAX]))
        found = _visible(request, cur, known)
        if not form.is_valid() or not found:
            context = {"form": FindForm(), "found": found, "asked": True, "opens": form, "lede": ""}
            return render(request, "subjects/requests/found.html", context, status=400)
        told = form.cleaned_data
        persons = [one.person_id for one in found]
        made = requests_.open_request(
            cur,
            business,
            Ask(told["asks"]),
            told["subject"],
            told["via"],
            told["received_on"],
            persons,
            str(request.user),
        )
    messages.success(request, _("The request is written down."))
    return redirect("request", business=business, request_id=made)


@page(roles=WHO)
def one_request(request: BusinessRequest, business: UUID, request_id: UUID) -> HttpResponse:
    return _shown(request, business, request_id)


@page(roles=WHO, methods=("POST",))
def answer(request: BusinessRequest, business: UUID, request_id: UUID) -> HttpResponse:
    """The person was answered."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, business, request_id, answers=form)
    cur: Any
    with connection.cursor() as cur:
        requests_.answer(cur, business, request_id, form.cleaned_data["how"], str(request.user))
    messages.success(request, _("The answer is written down."))
    return redirect("request", business=business, request_id=request_id)


@page(roles=WHO, methods=("POST",))
def extend(request: BusinessRequest, business: UUID, request_id: UUID) -> HttpResponse:
    """Five working days more, with the reason."""
    one = _found(business, request_id)
    form = ExtendForm(request.POST)
    if not form.is_valid() or not TERMS[one.asks].extends or one.extended_why:
        return _shown(request, business, request_id, extends=form)
    cur: Any
    with connection.cursor() as cur:
        requests_.extend(cur, one, form.cleaned_data["why"])
    return redirect("request", business=business, request_id=request_id)


@page(roles=WHO, methods=("POST",))
def give_out(request: BusinessRequest, business: UUID, request_id: UUID) -> HttpResponse:
    """Everything of the person as JSON or as a page, to be given to him."""
    one = _found(business, request_id)
    read_everything(business)
    cur: Any
    try:
        with connection.cursor() as cur:
            made = export(cur, business, request.business.name, _persons(request, cur, one))
    except SenderError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
        return redirect("request", business=business, request_id=request_id)
    if request.POST.get("form") == "json":
        body = msgspec.json.format(msgspec.json.encode(made.told), indent=2)
        return _file(body, "application/json", f"person-{one.name}.json")
    talks = [_talk(event) for event in made.told["events"] if event.get("text")]
    context = {
        "export": made.told,
        "day": format.day(_today()),
        "visits": [_visit(visit) for visit in made.told["visits"]],
        "talks": talks,
        "others": len(made.told["events"]) - len(talks),
    }
    body = render_to_string("subjects/requests/export.html", context).encode()
    return _file(body, "text/html; charset=utf-8", f"person-{one.name}.html")


@page(roles=WHO, methods=("POST",))
def correct_person(request: BusinessRequest, business: UUID, request_id: UUID) -> HttpResponse:
    """Tell what the person is rightly called, and take out what said otherwise."""
    one = _found(business, request_id)
    form = CorrectForm(request.POST)
    cur: Any
    with connection.cursor() as cur:
        persons = _persons(request, cur, one)
    if not form.is_valid() or not persons:
        return _shown(request, business, request_id, corrects=form)
    right = Right(name=form.cleaned_data["name"] or None, phone=form.cleaned_data["phone"] or None)
    correct(business, persons, right, str(request.user))
    messages.success(request, _("Corrected: what is right is written down, what was wrong is erased."))
    return redirect("request", business=business, request_id=request_id)


@page(roles=WHO, methods=("POST",))
def freeze(request: BusinessRequest, business: UUID, request_id: UUID) -> HttpResponse:
    """Hide the person from everybody but the owner, while there is a dispute."""
    return _freeze(request, business, request_id, ends=False)


@page(roles=(Role.OWNER,), methods=("POST",))
def free(request: BusinessRequest, business: UUID, request_id: UUID) -> HttpResponse:
    """Show the person again."""
    return _freeze(request, business, request_id, ends=True)


def _freeze(request: BusinessRequest, business: UUID, request_id: UUID, *, ends: bool) -> HttpResponse:
    one = _found(business, request_id)
    cur: Any
    with connection.cursor() as cur:
        persons = persons_now(cur, business, one.persons)
    if persons:
        block(business, persons, person=str(request.user), ends=ends)
        read_everything(business)
    return redirect("request", business=business, request_id=request_id)


@page(roles=WHO, methods=("POST",))
def erase(request: BusinessRequest, business: UUID, request_id: UUID) -> HttpResponse:
    """Take the person out, and write the act."""
    one = _found(business, request_id)
    form = EraseForm(request.user, request.POST)
    cur: Any
    with connection.cursor() as cur:
        is_hidden = len(_persons(request, cur, one)) < len(persons_now(cur, business, one.persons))
    if not form.is_valid() or is_hidden:
        return _shown(request, business, request_id, erases=form)
    done = requests_.erase(one, REASONS_IN_ACT[form.cleaned_data["reason"]], str(request.user))
    if done.entries:
        # Nobody is left to be hidden: the lists have their rows again.
        block(business, one.persons, person=str(request.user), ends=True)
        messages.success(
            request,
            ngettext("Erased: %(n)s entry. The act is below.", "Erased: %(n)s entries. The act is below.", done.entries)
            % {"n": format.integer(done.entries)},
        )
    else:
        messages.info(request, _("Nothing is kept of this person any more."))
    return redirect("request", business=business, request_id=request_id)


@page(roles=WHO)
def act_document(request: BusinessRequest, business: UUID, act_id: UUID) -> HttpResponse:
    """The act of destruction, to be printed and signed."""
    act = _act(business, act_id)
    made = acts.document(act, request.business.name, settings.LETOPIS_PUBLIC_URL)
    return _file(made, "application/pdf", f"act-{act.name}.pdf")


@page(roles=WHO)
def act_extract(request: BusinessRequest, business: UUID, act_id: UUID) -> HttpResponse:
    """The extract of the journal that goes with the act, for a machine."""
    act = _act(business, act_id)
    cur: Any
    with connection.cursor() as cur:
        origin, proofs = proofs_of(cur, business, act.told_seqs)
    body = msgspec.json.format(msgspec.json.encode(acts.extract(act, origin, proofs)), indent=2)
    return _file(body, "application/json", f"act-{act.name}.json")


def _shown(request: BusinessRequest, business: UUID, request_id: UUID, **forms: Any) -> HttpResponse:
    one = _found(business, request_id)
    note_look(request, "request", one.name)
    cur: Any
    with connection.cursor() as cur:
        known = people(cur, business, persons_now(cur, business, one.persons))
        found = _visible(request, cur, known)
        frozen = set(blocked(cur, business)) & {person.person_id for person in known}
        made = requests_.acts_of(cur, business, request_id)
    is_open = one.answered_at is None
    context = {
        "line": _line(one),
        "one": one,
        "via": dict(WAYS).get(one.via, one.via),
        "people": found,
        "frozen": bool(frozen),
        "hidden": len(known) - len(found),
        "may_free": request.role is Role.OWNER,
        "acts": made,
        "answers": (forms.get("answers") or AnswerForm()) if is_open else None,
        "extends": (forms.get("extends") or ExtendForm())
        if is_open and TERMS[one.asks].extends and not one.extended_why
        else None,
        "corrects": forms.get("corrects") or CorrectForm(),
        "erases": forms.get("erases") or EraseForm(request.user),
    }
    return render(request, "subjects/requests/request.html", context, status=400 if forms else 200)


def _visible(request: BusinessRequest, cur: Any, found: Sequence[Found]) -> list[Found]:
    """Whoever is frozen is shown to the owner alone."""
    hidden = () if request.role is Role.OWNER else blocked(cur, request.business.pk)
    return [one for one in found if one.person_id not in hidden]


def _persons(request: BusinessRequest, cur: Any, one: Request) -> list[int]:
    """The persons of a request whom this reader may see."""
    hidden = () if request.role is Role.OWNER else blocked(cur, one.business_id)
    return [person for person in persons_now(cur, one.business_id, one.persons) if person not in hidden]


def _found(business: UUID, request_id: UUID) -> Request:
    cur: Any
    with connection.cursor() as cur:
        one = requests_.request_of(cur, business, request_id)
    if one is None:
        raise Http404
    return one


def _act(business: UUID, act_id: UUID) -> acts.Act:
    cur: Any
    with connection.cursor() as cur:
        act = requests_.act_of(cur, business, act_id)
    if act is None:
        raise Http404
    return act


def _talk(event: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """When, where, who and what was said, as the readable page has it."""
    role = "" if event["event"] in INWARD else str(event.get("told", {}).get("role", "system"))
    return format.moment(_local(event["at"])), event["channel"], str(SPEAKERS.get(role, "")), event["text"]


def _visit(visit: Mapping[str, Any]) -> tuple[str, str, str, str]:
    at = visit.get("start_at")
    state = str(STATES[visit["state"]].label) if visit["state"] in STATES else visit["state"]
    return format.moment(_local(at)) if at else "", visit.get("service", ""), visit.get("staff", ""), state


def _local(at: str) -> datetime:
    return timezone.localtime(datetime.fromisoformat(at))


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer


def _today() -> date:
    return timezone.localtime(clock.now()).date()


def _line(one: Request) -> Line:
    left = days_left(one.asks, one.due_on, _today())
    return Line(one, str(NAMES[one.asks]), _left(one, left), one.answered_at is None and left <= WARNS_AT[0])


def _left(one: Request, left: int) -> str:
    if one.answered_at is not None:
        return _("answered %(day)s") % {"day": format.day_short(timezone.localtime(one.answered_at).date())}
    if left < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}
    if left == 0:
        return _("today is the last day")
    if TERMS[one.asks].working:
        return ngettext("%(n)s working day left", "%(n)s working days left", left) % {"n": left}
    return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}


def _found_words(found: Sequence[Found]) -> str:
    own = sum(one.is_own for one in found)
    said = len(found) - own
    told = ngettext("%(n)s person is called so", "%(n)s persons are called so", own) % {"n": own}
    if not said:
        return f"{told}."
    more = ngettext("in talks of %(n)s more it was said", "in talks of %(n)s more it was said", said) % {"n": said}
    return f"{told}, {more}."


def _lede(waiting: list[Line]) -> str:
    if not waiting:
        return _("Nobody waits for an answer about his data.")
    first = waiting[0]
    told = ngettext("%(n)s person waits for an answer", "%(n)s persons wait for an answer", len(waiting))
    return _("%(waiting)s; the next term: %(left)s.") % {
        "waiting": told % {"n": len(waiting)},
        "left": first.left,
    }
