"""The list of visits as a table for a file: who, when, and what is known of the visit."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from letopis.appointments import listing
from letopis.appointments.listing import Filters
from letopis.appointments.models import Slot
from letopis.base import channels
from letopis.base.parts import STATES
from letopis.base.tables.table import ROWS_MAX, Column, Kind, Row, Table, TooManyRowsError
from letopis.base.text import Text
from letopis.clients.models import Identity
from letopis.privacy.views import Eyes

TITLE = Text(ru="Визиты", en="Visits")
NAMES_AT_ONCE = 1000

COLUMNS = (
    Column(Text(ru="Время визита", en="Time of the visit"), Kind.DATETIME),
    Column(Text(ru="Состояние", en="State")),
    Column(Text(ru="Клиент", en="Client")),
    Column(Text(ru="Услуга", en="Service")),
    Column(Text(ru="Мастер", en="Master")),
    Column(Text(ru="Филиал", en="Branch")),
    Column(Text(ru="Цена", en="Price"), Kind.MONEY),
    Column(Text(ru="Канал", en="Channel")),
    Column(Text(ru="Кампания", en="Campaign")),
    Column(Text(ru="Записан", en="Booked"), Kind.DATETIME),
    Column(Text(ru="Напомнили", en="Reminded"), Kind.DATETIME),
    Column(Text(ru="Спросили, придёт ли", en="Asked whether they come"), Kind.DATETIME),
    Column(Text(ru="Подтвердил", en="Confirmed"), Kind.DATETIME),
    Column(Text(ru="Итог известен", en="Outcome known"), Kind.DATETIME),
    Column(Text(ru="Номер записи", en="Appointment id")),
)


def table_of(business: UUID, filters: Filters, eyes: Eyes) -> Table:
    """All visits of the list, in its order.

    Raises:
        TooManyRowsError: more than a file may hold.
    """
    total = listing.count(business, filters)
    if total > ROWS_MAX:
        raise TooManyRowsError(total)
    slots = listing.every(business, filters, ROWS_MAX)
    names = names_of(business, slots)
    return Table(TITLE, COLUMNS, [_row(slot, names, eyes) for slot in slots])


def names_of(business: UUID, slots: Sequence[Slot]) -> dict[str, str]:
    """What the clients of these visits call themselves, by client id."""
    asked = sorted({slot.client_id for slot in slots if slot.client_id})
    return dict(_names(business, asked))


def client_words(slot: Slot, names: Mapping[str, str], eyes: Eyes) -> str:
    """The client's name, or an id of which nobody is told more than the end; empty when nobody knows whose visit."""
    return eyes.name(names.get(slot.client_id, "")) or (eyes.id(slot.client_id) if slot.client_id else "")


def _names(business: UUID, asked: Sequence[str]) -> Iterator[tuple[str, str]]:
    for first in range(0, len(asked), NAMES_AT_ONCE):
        some = asked[first : first + NAMES_AT_ONCE]
        named = Identity.objects.filter(business_id=business, client_id__in=some).exclude(name="")
        yield from named.values_list("client_id", "name")


def _row(slot: Slot, names: Mapping[str, str], eyes: Eyes) -> Row:
    return (
        slot.start_at,
        str(STATES[slot.state].label),
        client_words(slot, names, eyes),
        eyes.words(slot.service),
        eyes.name(slot.resource),
        slot.branch,
        slot.price_kop,
        channels.name(slot.channel),
        eyes.words(slot.campaign),
        slot.created_at,
        slot.reminded_at,
        slot.asked_at,
        slot.confirmed_at,
        slot.final_at,
        eyes.reference(slot.appointment_id),
    )
