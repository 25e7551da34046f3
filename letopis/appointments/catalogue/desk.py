"""What the pages of the catalogue share: the catalogue as the person must see it, and the way to tell it something."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Min
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from letopis.access.roles import BusinessRequest, Role
from letopis.appointments.catalogue import reader
from letopis.appointments.catalogue.offer import Catalogue
from letopis.base import clock
from letopis.dialogues.models import Dialogue
from letopis.journal.kinds import MasterOffer, ServiceOffer

# Prices and people are the business's own affair; who connects the assistant tells them by events.
ROLES = (Role.OWNER, Role.MANAGER)


def known_to(request: BusinessRequest) -> Catalogue:
    """The catalogue with what the address says was just saved: the readers may not have come to it yet."""
    business = request.business.pk
    saved = request.GET.get("saved", "")
    with connection.cursor() as cur:
        known = reader.catalogue_of(cur, business)
        if saved.isdecimal() and len(saved) <= 18 and int(saved) > known.seq:
            told = reader.told_by(cur, business, int(saved), ZoneInfo(request.business.timezone))
            known = known.with_told(*told)
    return known


def tell(
    request: BusinessRequest, day: date, services: Sequence[ServiceOffer] = (), masters: Sequence[MasterOffer] = ()
) -> HttpResponse:
    """Write to the journal, and go back to the list, which shows it at once."""
    receipt = reader.tell(request.business.pk, day, services, masters, person=str(request.user))
    return redirect(f"{reverse('catalogue', kwargs={'business': request.business.pk})}?saved={receipt.seq}")


def today() -> date:
    return timezone.localtime(clock.now()).date()


def first_day(request: BusinessRequest, known: Catalogue) -> date:
    """From when something new most likely holds: today, or the first dialogue while nothing at all is told."""
    if known.seq >= 0:
        return today()
    first: date | None = Dialogue.objects.filter(business_id=request.business.pk).aggregate(day=Min("day"))["day"]
    return first or today()
