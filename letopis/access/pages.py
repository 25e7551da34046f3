"""Pages of the room: the way in, a person's own settings, people and access of a business, and the closed doors."""

from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.access import people, sessions
from letopis.access.forms import PersonForm, ProfileForm
from letopis.access.log import Act, note_look
from letopis.access.menu import SETTINGS, MenuItem, first_url, own_items
from letopis.access.models import Membership, Person, Role, Theme
from letopis.access.roles import BusinessRequest, PersonRequest, page, person_page
from letopis.base import clock, ids
from letopis.base.errors import SenderError

MENU = [
    MenuItem(
        "access",
        gettext_lazy("People and access"),
        icon="users",
        route="access_people",
        group=SETTINGS,
        order=950,
    )
]
FORM = ("GET", "POST")
FIRST_PASSWORD_BYTES = 12


@person_page()
def home(request: PersonRequest) -> HttpResponse:
    """To the first page of the role; who has several businesses chooses, who has none sees his own page."""
    found = people.memberships_of(request.user)
    if len(found) == 1:
        return redirect(first_url(found[0].business_id, Role(found[0].role)))
    if not found:
        return redirect("access_profile")
    places = [(membership, first_url(membership.business_id, Role(membership.role))) for membership in found]
    return render(request, "access/places.html", {"places": places, "above": own_items()})


@person_page(methods=FORM)
def profile(request: PersonRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("access_profile")
    return render(request, "access/profile.html", {"form": form, "memberships": people.memberships_of(request.user)})


@person_page()
def where_signed_in(request: PersonRequest) -> HttpResponse:
    """A person's own sessions."""
    places = sessions.places_of(request.user, request.session.session_key)
    return render(request, "access/sessions.html", {"places": places})


@person_page(methods=("POST",))
def end_sessions(request: PersonRequest) -> HttpResponse:
    """Signs the person out in one other place, or in all of them."""
    wanted = request.POST.get("session", "")
    if wanted and not wanted.isdecimal():
        return HttpResponse(status=400)
    sessions.end(request.user, request.session.session_key, int(wanted[:18]) if wanted else None)
    return redirect("access_sessions")


@person_page(methods=("POST",))
def theme(request: PersonRequest) -> HttpResponse:
    """The theme button: stores the choice; the button's own script has already changed the page."""
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        return HttpResponse(status=400)
    Person.objects.filter(pk=request.user.pk).update(theme=chosen)
    if request.headers.get("HX-Request") or "next" not in request.POST:
        return HttpResponse(status=204)
    return redirect(_back(request))


@page(roles=(Role.OWNER,))
def people_and_access(request: BusinessRequest, business: UUID) -> HttpResponse:
    return _people(request, PersonForm())


@page(roles=(Role.OWNER,), methods=("POST",))
def add_person(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Lets a person in; a new one gets a first password, shown to the owner this once."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _people(request, form, status=422)
    email = form.cleaned_data["email"]
    password = ids.token(FIRST_PASSWORD_BYTES)
    known = Person.objects.filter(email=email.strip().casefold()).exists()
    if people.is_current(email, business):
        form.add_error("email", _("This person already has access; end it before giving another role."))
        return _people(request, form, status=422)
    try:
        person = people.create_person(email, form.cleaned_data["role"], business, password, form.cleaned_data["name"])
    except SenderError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _people(request, form, status=422)
    note_look(request, "person", person.pk, Act.GRANTED)
    return _people(request, PersonForm(), added=email, password="" if known else password)


@page(roles=(Role.OWNER,), methods=("POST",))
def end_access(request: BusinessRequest, business: UUID, person: int) -> HttpResponse:
    membership = Membership.objects.filter(business_id=business, person_id=person).first()
    if membership is None:
        raise Http404
    try:
        people.end_role(membership)
    except SenderError:
        refusal = _("This is the last owner. Name another owner first.")
        return _people(request, PersonForm(), status=409, refusal=refusal)
    note_look(request, "person", person, Act.ENDED)
    return redirect("access_people", business=business)


@page(roles=(Role.OWNER,), methods=("POST",))
def let_ask(request: BusinessRequest, business: UUID, person: int) -> HttpResponse:
    """The owner lets a person ask for one dialogue unmasked, or no longer does."""
    membership = Membership.objects.filter(business_id=business, person_id=person).first()
    if membership is None:
        raise Http404
    allowed = request.POST.get("allowed") == "1"
    people.let_ask(membership, allowed)
    note_look(request, "person", person, Act.ASKING_ALLOWED if allowed else Act.ASKING_ENDED)
    return redirect("access_people", business=business)


@page(roles=(Role.OWNER,), methods=("POST",))
def want_factor(request: BusinessRequest, business: UUID) -> HttpResponse:
    """The owner wants a second factor of owners and integrators; first of herself, or she would shut herself out."""
    wanted = request.POST.get("wanted") == "1"
    if wanted and not is_mfa_enabled(request.user):
        refusal = _("First set up a code from an app for yourself, or you could not come back in.")
        return _people(request, PersonForm(), status=409, refusal=refusal)
    people.want_factor(request.business, wanted)
    return redirect("access_people", business=business)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A refusal that knows no role."""
    return render(request, "base/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "base/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours, told without asking the database, which may be what is broken."""
    return HttpResponse(render_to_string("base/500.html"), status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of its page."""
    return render(request, "access/forged.html", status=403)


def _people(request: BusinessRequest, form: PersonForm, status: int = 200, **more: Any) -> HttpResponse:
    memberships = Membership.objects.filter(business=request.business).select_related("person").order_by("since")
    now = clock.now()
    with_state = [(row, row.ended_at is not None and row.ended_at <= now) for row in memberships]
    context = {"memberships": with_state, "form": form, **more}
    return render(request, "access/people.html", context, status=status)


def _back(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if safe else reverse("access_home")
