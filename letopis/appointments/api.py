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
from letopis.base.errors import SenderError
from letopis.privacy.views import Eyes, eyes_of_key

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
    branch: str
    state: str = Field(description=", ".join(listing.STATES), examples=["confirmed"])
    created_at: datetime
    confirmed_at: datetime | None
    final_at: datetime | None
    reminded_at: datetime | None = Field(description="The first reminder that was sent and did not fail")
    asked_at: datetime | None = Field(description="The first reminder that asked whether the client comes")
    started: bool = Field(description="Its time has come, whatever became of it")
    refilled: bool = Field(description="It was freed two hours before its start or earlier, and taken again (M21)")


class AppointmentList(Schema):
    """A page of the list, the latest start first."""

    items: list[AppointmentOut]
    total: int = Field(description="How many visits the filters find altogether")
    next: str | None = Field(description="Give it as `after` to get the next page; null at the end")


class Asked(Schema):
    """The filters of the list."""

    from_: date | None = Field(None, alias="from", description="First local day of the visits")
    to: date | None = Field(None, description="Last local day of the visits")
    state: str = Field("", description=f"One or several joined by commas: {', '.join(listing.STATES)}")
    master: str = Field("", description=f"Master or room; {listing.UNTOLD} where nobody told")
    service: str = Field("", description=f"{listing.UNTOLD} where nobody told")
    branch: str = Field("", description=f"{listing.UNTOLD} where nobody told")
    channel: str = Field("", description=f"{listing.UNTOLD} where nobody told")
    campaign: str = Field("", description=f"{listing.UNTOLD} where nobody told")
    counted: bool | None = Field(None, description="Without test traffic, own people, spam and the like")
    started: bool | None = Field(None, description="Their time has come")
    booked: bool | None = Field(None, description="Counted in M5 and M7: started, not cancelled by the business")
    due: bool | None = Field(None, description="Due a reminder, as M6 counts")
    reminded: bool | None = Field(None, description="Reminded two hours before the start or earlier")
    asked: bool | None = Field(None, description="Asked before the start whether the client comes")
    confirmed: bool | None = Field(None, description="Confirmed before the start")
    freed: bool | None = Field(None, description="Freed two hours before the start or earlier, as M21 counts")
    refilled: bool | None = Field(None, description="Freed and taken again")
    after: str = Field("", description="`next` of the page before")
    limit: int = Field(listing.ROWS_A_PAGE, ge=1, le=listing.ROWS_MAX)


@router.get("/appointments", response=AppointmentList, summary="Visits by the page's filters, the latest start first")
def appointments(request: KeyRequest, asked: Annotated[Asked, Query()]) -> dict[str, Any]:
    """Visits whose time nobody told are left out."""
    with inside(request):
        business = request.auth.business
        zone = ZoneInfo(Business.objects.get(pk=business).timezone)
        eyes = eyes_of_key(request.auth)
        if asked.master and not eyes.clear:
            raise SenderError(
                "this key sees no people", field="master", hint="ask without it, or with a key of the owner"
            )
        filters = listing.read_filters(_as_query(asked), timezone.localtime(clock.now(), zone).date())
        found = listing.some(business, filters, listing.read_cursor(asked.after), asked.limit + 1)
        shown = found[: asked.limit]
        return {
            "items": [_told(slot, eyes) for slot in shown],
            "total": listing.count(business, filters),
            "next": listing.cursor_of(shown[-1]) if len(found) > asked.limit else None,
        }


def _as_query(asked: Asked) -> dict[str, str]:
    told = {"tab": listing.Tab.ALL.value, "state": asked.state}
    told |= {name: getattr(asked, name) for name in listing.NAMED}
    told |= {name: str(int(value)) for name in listing.FLAGS if (value := getattr(asked, name)) is not None}
    days = {"from": asked.from_, "to": asked.to}
    return told | {name: day.isoformat() for name, day in days.items() if day}


def _told(slot: Slot, eyes: Eyes) -> dict[str, Any]:
    told = {name: getattr(slot, name) for name in AppointmentOut.model_fields if hasattr(slot, name)}
    price = None if slot.price_kop is None else f"{slot.price_kop // 100}.{slot.price_kop % 100:02d}"
    if not eyes.clear:
        told |= {"client_id": eyes.id(slot.client_id), "resource": eyes.name(slot.resource)}
        told |= {"appointment_id": eyes.reference(slot.appointment_id)}
        told |= {name: eyes.words(told[name]) for name in ("service", "campaign")}
    return told | {"id": slot.slot_id, "price": price}
