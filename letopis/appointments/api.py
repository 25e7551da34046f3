"""The read API of visits."""

from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from ninja import Field, Query, Router, Schema

from letopis.access.api import KeyRequest, inside
from letopis.access.models import Business
from letopis.appointments import listing
from letopis.appointments.models import Slot
from letopis.base import clock

router = Router(tags=["appointments"])


class AppointmentOut(Schema):
    """One visit at one time; a moved visit is a new one of the same chain."""

    id: int = Field(description="Number of the journal entry that made the visit", examples=[31410])
    chain_id: int = Field(description="The first visit of the chain of moves")
    appointment_id: str = Field(description="The id in the system that keeps the appointments", examples=["A-20611"])
    client_id: str = Field(examples=["tg_480125563"])
    dialogue_id: int | None
    start_at: datetime | None
    end_at: datetime | None
    service: str = Field(examples=["Маникюр с покрытием"])
    resource: str = Field(description="Master or room", examples=["Аня"])
    price: str | None = Field(description="In roubles", examples=["2400.00"])
    channel: str
    campaign: str
    state: str = Field(description=", ".join(listing.STATES), examples=["confirmed"])
    created_at: datetime
    confirmed_at: datetime | None
    final_at: datetime | None


class AppointmentList(Schema):
    """A page of the list, the latest start first."""

    items: list[AppointmentOut]
    total: int = Field(description="How many visits the filters find altogether")
    next: str | None = Field(description="Give it as `after` to get the next page; null at the end")


class Asked(Schema):
    """The filters of the list."""

    from_: date | None = Field(None, alias="from", description="First local day of the visits")
    to: date | None = Field(None, description="Last local day of the visits")
    state: str = Field("", description=", ".join(listing.STATES))
    after: str = Field("", description="`next` of the page before")
    limit: int = Field(listing.ROWS_A_PAGE, ge=1, le=listing.ROWS_MAX)


@router.get("/appointments", response=AppointmentList, summary="Visits by day and state, the latest start first")
def appointments(request: KeyRequest, asked: Annotated[Asked, Query()]) -> dict[str, Any]:
    """Visits whose time nobody told are left out."""
    with inside(request):
        business = request.auth.business
        zone = ZoneInfo(Business.objects.get(pk=business).timezone)
        days = {"from": asked.from_, "to": asked.to}
        query = {"tab": listing.Tab.ALL.value, "state": asked.state}
        query |= {name: day.isoformat() for name, day in days.items() if day}
        filters = listing.read_filters(query, timezone.localtime(clock.now(), zone).date())
        found = listing.some(business, filters, listing.read_cursor(asked.after), asked.limit + 1)
        shown = found[: asked.limit]
        return {
            "items": [_told(slot) for slot in shown],
            "total": listing.count(business, filters),
            "next": listing.cursor_of(shown[-1]) if len(found) > asked.limit else None,
        }


def _told(slot: Slot) -> dict[str, Any]:
    told = {name: getattr(slot, name) for name in AppointmentOut.model_fields if hasattr(slot, name)}
    price = None if slot.price_kop is None else f"{slot.price_kop // 100}.{slot.price_kop % 100:02d}"
    return told | {"id": slot.slot_id, "price": price}
