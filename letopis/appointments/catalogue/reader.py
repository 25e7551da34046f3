"""The rows of the catalogue: what catalogue_version events tell, and how the product itself tells one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.appointments.catalogue.offer import Catalogue, MasterVersion, ServiceVersion
from letopis.base import clock
from letopis.base.rows import as_json, load
from letopis.base.sql import Queries
from letopis.intake.own import own_draft
from letopis.journal.draft import Receipt
from letopis.journal.entries import Entry, read_some
from letopis.journal.kinds import CatalogueVersion, MasterOffer, ServiceOffer
from letopis.journal.scribe import append_now

QUERIES = Queries("letopis.appointments")

Told = tuple[list[ServiceVersion], list[MasterVersion]]


def catalogue_of(cur: Any, business: UUID) -> Catalogue:
    """All that the readers know."""
    services = load(QUERIES, cur, "services", ServiceVersion, business=business)
    masters = load(QUERIES, cur, "masters", MasterVersion, business=business)
    return Catalogue.of(services, masters)


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> None:
    """Keep what a batch tells about services and masters."""
    services: dict[tuple[str, date], ServiceVersion] = {}
    masters: dict[tuple[str, date], MasterVersion] = {}
    for entry in entries:
        offered, working = _told(business, entry, zone)
        services |= {(version.key, version.valid_from): version for version in offered}
        masters |= {(version.key, version.valid_from): version for version in working}
    if services:
        QUERIES.run(cur, "tell_services", rows=as_json(list(services.values())))
    if masters:
        QUERIES.run(cur, "tell_masters", rows=as_json(list(masters.values())))


def told_by(cur: Any, business: UUID, seq: int, zone: ZoneInfo) -> Told:
    """What one entry tells, whether the readers have come to it or not."""
    entry = read_some(cur, business, [seq]).get(seq)
    return ([], []) if entry is None else _told(business, entry, zone)


def tell(
    business: UUID,
    valid_from: date,
    services: Sequence[ServiceOffer] = (),
    masters: Sequence[MasterOffer] = (),
    *,
    person: str,
) -> Receipt:
    """Write what is so from a day on to the journal; the readers take it from there.

    Raises:
        SenderError: more than one entry can hold.
    """
    told = CatalogueVersion(
        timestamp=clock.now(),
        valid_from=valid_from,
        services=services or None,
        masters=masters or None,
        by="business",
        person=person,
    )
    return append_now([own_draft(business, told.public())])[0]


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    for name in ("clear_services", "clear_masters"):
        QUERIES.run(cur, name, business=business)


def roubles(kopecks: int | None) -> Decimal | None:
    """As events have prices."""
    return None if kopecks is None else Decimal(kopecks) / 100


def _told(business: UUID, entry: Entry, zone: ZoneInfo) -> Told:
    if entry.type != CatalogueVersion.kind:
        return [], []
    given = entry.meta.get("valid_from")
    valid_from = date.fromisoformat(given) if given else entry.at.astimezone(zone).date()
    services = [_service(business, valid_from, entry.seq, item) for item in entry.meta.get("services") or ()]
    masters = [_master(business, valid_from, entry.seq, item) for item in entry.meta.get("masters") or ()]
    return services, masters


def _service(business: UUID, valid_from: date, seq: int, item: Mapping[str, Any]) -> ServiceVersion:
    return ServiceVersion(
        business_id=business,
        service_id=item["id"],
        valid_from=valid_from,
        seq=seq,
        name=item.get("name", ""),
        aliases=tuple(item.get("aliases", ())),
        category=item.get("category", ""),
        minutes=item.get("minutes"),
        price_from_kop=item.get("price_from_kop"),
        price_to_kop=item.get("price_to_kop"),
        ended=bool(item.get("ended")),
    )


def _master(business: UUID, valid_from: date, seq: int, item: Mapping[str, Any]) -> MasterVersion:
    return MasterVersion(
        business_id=business,
        master_id=item["id"],
        valid_from=valid_from,
        seq=seq,
        name=item.get("name", ""),
        services=tuple(item.get("services", ())),
        branch=item.get("branch", ""),
        ended=bool(item.get("ended")),
    )
