"""The pages of services and masters: the list, one of them to change, and the tables to take away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.roles import BusinessRequest, page
from letopis.appointments.catalogue.desk import ROLES, first_day, known_to, tell, today
from letopis.appointments.catalogue.file import is_same_master, is_same_service
from letopis.appointments.catalogue.forms import MasterForm, OfferForm, ServiceForm
from letopis.appointments.catalogue.offer import (
    Catalogue,
    Master,
    MasterVersion,
    Service,
    ServiceVersion,
    Timeline,
    work_of,
)
from letopis.appointments.catalogue.tables import masters_on, services_on, table_of_masters, table_of_services
from letopis.appointments.catalogue.words import (
    joined,
    master_parts,
    master_words,
    price_words,
    service_parts,
    service_words,
    work_words,
)
from letopis.base import format
from letopis.base.tables.answers import Form, file_of
from letopis.base.text import Text
from letopis.journal.kinds import MasterOffer, ServiceOffer

MENU = [
    MenuItem(
        "catalogue",
        gettext_lazy("Services and masters"),
        icon="building-store",
        route="catalogue",
        group=SETTINGS,
        order=930,
    )
]

V = TypeVar("V", ServiceVersion, MasterVersion)


@dataclass(frozen=True, slots=True)
class Row:
    """One service or master as the list shows it; `begins` while it is not there yet, `coming` what changes later."""

    name: str
    url: str
    begins: date | None = None
    also: str = ""
    place: str = ""
    length: str = ""
    price: str = ""
    work: str = ""
    coming: Sequence[str] = ()


@page(roles=ROLES)
def catalogue(request: BusinessRequest, business: UUID) -> HttpResponse:
    known, day = known_to(request), today()
    services, masters = services_on(known, day), masters_on(known, day)
    listed_services = [*services, *_beginning(known.services, day)]
    listed_masters = [*masters, *_beginning(known.masters, day)]
    context = {
        "lede": _lede(services, masters),
        "saved": request.GET.get("saved", "") == str(known.seq),
        "services": [_service_row(request, known.services[one.key], one, day) for one in listed_services],
        "masters": [_master_row(request, known, known.masters[one.key], one, day) for one in listed_masters],
        "past": [
            *_past(request, "catalogue_service", known.services, day),
            *_past(request, "catalogue_master", known.masters, day),
        ],
    }
    return render(request, "appointments/catalogue.html", context)


@page(roles=ROLES, methods=("GET", "POST"))
def service(request: BusinessRequest, business: UUID) -> HttpResponse:
    """One service, to change or to end; without `id` a new one."""
    known = known_to(request)
    line = _asked(known.services, request)
    version = line.versions[-1] if line else None
    if version is not None and "end" in request.POST:
        return tell(
            request, _day_of_end(request), services=[ServiceOffer(id=version.key, name=version.name, ended=True)]
        )
    initial = ServiceForm.initial_of(version, _day_of_change(request, known, version))
    form = ServiceForm(_posted(request), catalogue=known, known=version, initial=initial)
    if form.is_valid():
        offer = form.offer()
        if version is None or not (is_same_service(version, offer) and _is_in_force(version, form)):
            return tell(request, form.cleaned_data["valid_from"], services=[offer])
        form.add_error(None, _("It is so already; there is nothing to change."))
    history = [(one.valid_from, service_words(one)) for one in reversed(line.versions)] if line else []
    words = (_("New service"), _("Not offered any more"))
    return _one(request, form, line, history, words, {"categories": form.categories()})


@page(roles=ROLES, methods=("GET", "POST"))
def master(request: BusinessRequest, business: UUID) -> HttpResponse:
    """One master, to change or to end; without `id` a new one."""
    known = known_to(request)
    line = _asked(known.masters, request)
    version = line.versions[-1] if line else None
    if version is not None and "end" in request.POST:
        return tell(request, _day_of_end(request), masters=[MasterOffer(id=version.key, name=version.name, ended=True)])
    work = [one.id for one in work_of(known, version.services)] if version and version.services else []
    initial = MasterForm.initial_of(version, work, _day_of_change(request, known, version))
    form = MasterForm(_posted(request), catalogue=known, known=version, initial=initial)
    if form.is_valid():
        offer = form.offer()
        if version is None or not (is_same_master(known, version, offer) and _is_in_force(version, form)):
            return tell(request, form.cleaned_data["valid_from"], masters=[offer])
        form.add_error(None, _("It is so already; there is nothing to change."))
    history = [(one.valid_from, master_words(known, one)) for one in reversed(line.versions)] if line else []
    words = (_("New master"), _("Does not work any more"))
    return _one(request, form, line, history, words, {"branches": form.branches()})


@page(roles=ROLES)
def export(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """What is offered today: a workbook of both tables, or one of them as CSV."""
    known, day = known_to(request), today()
    tables = [table_of_services(known, day), table_of_masters(known, day)]
    if request.GET.get("table") == "masters":
        tables.reverse()
    form = Form.CSV if request.GET.get("as") == Form.CSV else Form.XLSX
    title = tables[0].title if form is Form.CSV else Text(ru="Услуги и мастера", en="Services and masters")
    return file_of(f"{title} {day.isoformat()}", form, *tables)


def _lede(services: Sequence[ServiceVersion], masters: Sequence[MasterVersion]) -> tuple[str, str]:
    """What is offered today, and what hurts."""
    if not services and not masters:
        return (
            _("No services yet, so losses cannot be told in money."),
            _("Load your price list or add the services one by one."),
        )
    n, m = len(services), len(masters)
    offered = ngettext("{n} service", "{n} services", n).format(n=format.integer(n))
    working = ngettext("{n} master", "{n} masters", m).format(n=format.integer(m))
    bare = sum(one.price is None for one in services)
    hurts = ngettext("{n} service has no price.", "{n} services have no price.", bare).format(n=format.integer(bare))
    return _("{services} and {masters} today.").format(services=offered, masters=working), hurts if bare else ""


def _service_row(request: BusinessRequest, line: Service, version: ServiceVersion, day: date) -> Row:
    return Row(
        name=version.name,
        url=_url(request, "catalogue_service", line.id),
        begins=version.valid_from if version.valid_from > day else None,
        also=", ".join(version.aliases),
        place=version.category,
        length=format.length_coarse(version.minutes * 60) if version.minutes else "",
        price=price_words(version.price),
        coming=[
            _coming(one, service_parts(version), service_parts(one)) for one in line.after(day) if one is not version
        ],
    )


def _master_row(request: BusinessRequest, known: Catalogue, line: Master, version: MasterVersion, day: date) -> Row:
    return Row(
        name=version.name,
        url=_url(request, "catalogue_master", line.id),
        begins=version.valid_from if version.valid_from > day else None,
        place=version.branch,
        work=work_words(known, version.services) or _("all services"),
        coming=[
            _coming(one, master_parts(known, version), master_parts(known, one))
            for one in line.after(day)
            if one is not version
        ],
    )


def _coming(version: V, now: Sequence[str], then: Sequence[str]) -> str:
    """From when, and what will be other than now."""
    words = joined(part for part in then if part not in now) or joined(then)
    return _("from {day}: {words}").format(day=format.day_short(version.valid_from), words=words)


def _beginning(lines: Mapping[str, Timeline[V]], day: date) -> list[V]:
    """What is told for later days alone, as it will begin."""
    return [line.versions[0] for line in lines.values() if line.told_for(day) is None and not line.versions[0].ended]


def _past(
    request: BusinessRequest, route: str, lines: Mapping[str, Timeline[V]], day: date
) -> Iterator[tuple[str, str]]:
    """What has ended, with the address where it can be taken up again."""
    for line in lines.values():
        told = line.told_for(day)
        if told is not None and told.ended:
            yield line.name, _url(request, route, line.id)


def _one(
    request: BusinessRequest,
    form: OfferForm,
    line: Service | Master | None,
    history: Sequence[tuple[date, str]],
    words: tuple[str, str],
    choices: Mapping[str, Sequence[str]],
) -> HttpResponse:
    """The page of one of them; `words` are the title of a new one and what its end is called."""
    new, ended = words
    context = {
        "form": form,
        "title": line.name if line else new,
        "history": history,
        "choices": choices,
        "end_words": ended if line and not line.versions[-1].ended else "",
    }
    return render(request, "appointments/offer.html", context, status=422 if form.errors else 200)


def _posted(request: BusinessRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _asked(lines: Mapping[str, Timeline[V]], request: BusinessRequest) -> Timeline[V] | None:
    """The one that the address names; None when it names none."""
    asked = request.GET.get("id", "")
    if asked and asked not in lines:
        raise Http404
    return lines.get(asked)


def _day_of_change(request: BusinessRequest, known: Catalogue, version: ServiceVersion | MasterVersion | None) -> date:
    """From today, or from when the last version begins: then it is that one which is changed."""
    return max(today(), version.valid_from) if version else first_day(request, known)


def _is_in_force(version: ServiceVersion | MasterVersion, form: OfferForm) -> bool:
    """Whether the version holds on the day of the form already; else telling it anew makes it begin earlier."""
    begins: date = form.cleaned_data["valid_from"]
    return not version.ended and version.valid_from <= begins


def _day_of_end(request: BusinessRequest) -> date:
    """The day of the form, or today when it is none."""
    try:
        day = forms.DateField().clean(request.POST.get("valid_from", ""))
    except forms.ValidationError:
        return today()
    assert isinstance(day, date), "a required day"
    return day


def _url(request: BusinessRequest, route: str, identity: str) -> str:
    """The address of one of them; it remembers what was just saved, since its page must know it too."""
    query = {"id": identity, "saved": request.GET.get("saved", "")}
    words = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse(route, kwargs={'business': request.business.pk})}?{words}"
