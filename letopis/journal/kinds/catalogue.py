"""What a business sells, for how much, and who does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


@dataclass(frozen=True, kw_only=True)
class ServiceOffer:
    """One service as it is from a day on; equal prices are an exact one, without `price_to` it is «from».

    Without an `id` its name is its id; `ended` says that it is not offered any more.
    """

    id: str | None = None
    name: str | None = None
    aliases: Sequence[str] | None = None
    category: str | None = None
    minutes: int | None = None
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    ended: bool | None = None


@dataclass(frozen=True, kw_only=True)
class MasterOffer:
    """One master or room; `services` by their ids or names, none told means all."""

    id: str | None = None
    name: str | None = None
    services: Sequence[str] | None = None
    branch: str | None = None
    ended: bool | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogueVersion(Event):
    kind = "catalogue_version"
    meaning = Text(
        ru="Услуги, цены и мастера: каждый названный действует таким с valid_from, неназванные остаются как были",
        en="Services, prices and masters: each one named is so from valid_from on, those not named stay as they were",
    )
    sample = {
        "event": "catalogue_version",
        "timestamp": "2026-11-01T09:00:00+03:00",
        "source": "letopis",
        "valid_from": "2026-11-01",
        "by": "business",
        "services": [
            {
                "id": "S-114",
                "name": "Маникюр с покрытием",
                "aliases": ["маникюр", "гель-лак"],
                "category": "Ногти",
                "minutes": 90,
                "price_from": "2400",
                "price_to": "2400",
            },
            {"id": "S-120", "name": "Парафинотерапия", "ended": True},
        ],
        "masters": [{"name": "Аня", "services": ["S-114"], "branch": "Лесная"}],
    }

    valid_from: date | None = None
    services: Sequence[ServiceOffer] | None = None
    masters: Sequence[MasterOffer] | None = None
    by: str | None = None
    person: str | None = None
