"""Pages of the doors: first run, sources with their keys, and the quarantine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from letopis.access import keys
from letopis.access.log import Act, note_look
from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.models import ApiKey, Scope
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock
from letopis.base.errors import OuterError, SenderError
from letopis.intake import quarantine, samples, sources
from letopis.intake.faults import Fault
from letopis.intake.models import State
from letopis.journal.kinds import KINDS
from letopis.journal.positions import size_of
from letopis.privacy import bodies
from letopis.privacy.views import STAFF, Eyes, eyes_of

EVERYBODY = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
TECHNICAL = (Role.OWNER, Role.INTEGRATOR)
FORM = ("GET", "POST")
PIECES_A_PAGE = 50
# A connection that has not sent for that long is pointed out; what is usual for it is judged by the auditor.
QUIET_AFTER = timedelta(hours=24)


def _waiting(request: HttpRequest) -> int | None:
    with connection.cursor() as cur:
        return quarantine.count_open(cur, request.business.pk) or None  # type: ignore[attr-defined]


MENU = [
    MenuItem("sources", _("Sources"), icon="webhook", route="sources", group=SETTINGS, order=900),
    MenuItem("quarantine", _("Quarantine"), "alert-triangle", "quarantine", SETTINGS, order=910, count=_waiting),
]


class KeyForm(forms.Form):
    """A new key: for whom, and what it may do."""

    source = forms.CharField(label=_("Source"), max_length=keys.SOURCE_CHARS_MAX, help_text=_("Such as telegram-bot"))
    scope = forms.ChoiceField(
        label=_("What it may do"), choices=[(Scope.SEND, _("send events")), (Scope.READ, _("read by the API"))]
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One source as the page shows it."""

    news: sources.News
    meaning: str
    is_today: bool
    state: str


@page(roles=EVERYBODY)
def welcome(request: BusinessRequest, business: UUID) -> HttpResponse:
    """The first run: what to do, and a live wait for the first event."""
    with connection.cursor() as cur:
        news = [one for one in sources.sources_of(cur, business) if one.last_event_at]
        started = size_of(cur, business) > 0
    context = {
        "first": min(news, key=lambda one: one.first_event_at or clock.now(), default=None),
        "started": started,
        "sample": samples.curl(settings.LETOPIS_PUBLIC_URL, samples.KEY_HIDDEN),
        "may_make_keys": request.role in TECHNICAL,
    }
    return render(request, "intake/welcome.html", context)


@page(roles=TECHNICAL, methods=("POST",))
def send_sample(request: BusinessRequest, business: UUID) -> HttpResponse:
    """One sample message, flagged as a test: it is seen in the journal and counts nowhere."""
    samples.send(business, request.business.timezone)
    return redirect("welcome", business=business)


@page(roles=TECHNICAL, methods=FORM)
def sources_page(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Sources, keys, samples; POST makes a key, whose text is shown this once."""
    form = KeyForm(request.POST or None)
    secret = made = None
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = keys.create_key(
                business,
                form.cleaned_data["source"],
                form.cleaned_data["scope"],
                by=request.user,
                masked=not eyes_of(request).clear,
            )
            note_look(request, "key", made.pk, Act.KEY_MADE)
            form = KeyForm()
        except SenderError as error:
            form.add_error("source", str(error))
    with connection.cursor() as cur:
        lines = [_line(news) for news in sources.sources_of(cur, business)]
        open_pieces = quarantine.count_open(cur, business)
    shown_key = secret if made and made.scope == Scope.SEND else samples.KEY_HIDDEN
    context = {
        "lines": lines,
        "quiet": [line for line in lines if line.state == "silent"],
        "open_pieces": open_pieces,
        "keys": ApiKey.objects.filter(business_id=business).order_by("revoked_at", "-created_at"),
        "form": form,
        "secret": secret,
        "made": made,
        "samples": samples.all_of(settings.LETOPIS_PUBLIC_URL, str(shown_key)),
    }
    return render(request, "intake/sources.html", context)


@page(roles=TECHNICAL, methods=("POST",))
def revoke_key(request: BusinessRequest, business: UUID, key: int) -> HttpResponse:
    keys.revoke(get_object_or_404(ApiKey, pk=key, business_id=business))
    note_look(request, "key", key, Act.KEY_REVOKED)
    return redirect("sources", business=business)


@page(roles=TECHNICAL)
def quarantine_page(request: BusinessRequest, business: UUID) -> HttpResponse:
    chosen = request.GET.get("state", "")
    state = State(chosen) if chosen in State.values else State.OPEN
    with connection.cursor() as cur:
        found = quarantine.pieces(cur, business, state, _before(request.GET.get("before", "")), PIECES_A_PAGE)
        open_pieces = quarantine.count_open(cur, business)
    last = found[-1] if len(found) == PIECES_A_PAGE else None
    context = {
        "pieces": [_seen(one, eyes_of(request)) for one in found],
        "state": state,
        "states": [(one, label) for one, label in zip(State, STATE_LABELS, strict=True)],
        "open_pieces": open_pieces,
        "older": f"?state={state}&before={last.received_at.isoformat()}~{last.id}".replace("+", "%2B") if last else "",
    }
    return render(request, "intake/quarantine.html", context)


STATE_LABELS = (_("Waiting"), _("Mended"), _("Dropped"))


@page(roles=TECHNICAL, methods=FORM)
def quarantine_piece(request: BusinessRequest, business: UUID, piece: UUID) -> HttpResponse:
    """One piece: why it was not understood; POST sends the mended text again, as its source would have."""
    with connection.cursor() as cur:
        found = quarantine.piece(cur, business, piece)
        if found is None:
            raise Http404
        eyes = eyes_of(request)
        seen = _seen(found, eyes)
        text = request.POST.get("text", seen.text)
        wrong: Any = seen.faults
        if request.method == "POST":
            try:
                whole = text if eyes.clear else bodies.restore(text, found.text)
                quarantine.mend_and_replay(cur, business, piece, whole, request.user.pk)
                return redirect("quarantine_piece", business=business, piece=piece)
            except quarantine.NotMendedError as error:
                wrong = error.faults
            except (bodies.MovedError, quarantine.SettledError, OuterError) as error:
                wrong = [error]
    status = 422 if request.method == "POST" else 200
    note_look(request, "piece", str(piece))
    context = {"piece": seen, "text": text, "wrong": wrong, "hidden": not eyes.clear}
    return render(request, "intake/piece.html", context, status=status)


@page(roles=TECHNICAL, methods=("POST",))
def drop_piece(request: BusinessRequest, business: UUID, piece: UUID) -> HttpResponse:
    with connection.cursor() as cur:
        try:
            quarantine.drop(cur, business, piece, request.POST.get("reason", ""), request.user.pk)
        except quarantine.SettledError:
            raise Http404 from None
        except SenderError as error:
            found = quarantine.piece(cur, business, piece)
            if found is None:
                raise Http404 from None
            seen = _seen(found, eyes_of(request))
            context = {"piece": seen, "text": seen.text, "wrong": [], "drop_error": error}
            return render(request, "intake/piece.html", context, status=422)
    return redirect("quarantine", business=business)


@dataclass(frozen=True, slots=True)
class Seen:
    """One piece of quarantine as this reader may see it."""

    id: UUID
    received_at: datetime
    source: str
    reason: str
    field: str
    faults: tuple[Fault, ...]
    text: str
    state: State
    replayed_seq: int | None
    dropped_reason: str


def _seen(piece: quarantine.Quarantined, eyes: Eyes) -> Seen:
    return Seen(
        id=piece.id,
        received_at=piece.received_at,
        source=piece.source,
        reason=piece.reason,
        field=eyes.words(piece.field),
        faults=tuple(Fault(eyes.words(fault.field), fault.why) for fault in piece.faults),
        text=piece.text if eyes.clear else bodies.hide(piece.text),
        state=piece.state,
        replayed_seq=piece.replayed_seq,
        dropped_reason=eyes.text(piece.why_dropped, STAFF),
    )


def _line(news: sources.News) -> Line:
    kind = KINDS.get(news.last_type)
    quiet = news.last_event_at is None or clock.now() - news.last_event_at > QUIET_AFTER
    return Line(
        news=news,
        meaning=str(kind.meaning) if kind else news.last_type,
        is_today=news.day == clock.now().date(),
        state="silent" if quiet else "alive",
    )


def _before(text: str) -> tuple[datetime, UUID] | None:
    """A cursor of the list; one that was tampered with begins at the top."""
    moment, _sep, piece = text.partition("~")
    try:
        return datetime.fromisoformat(moment), UUID(piece)
    except ValueError:
        return None
