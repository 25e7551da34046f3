"""A place in a text where something personal stands: what `detect` gives and `masking` takes."""

from enum import StrEnum

import msgspec


class Category(StrEnum):
    """What was found; the names are those of the contract on personal data, section 2."""

    PERSON = "person"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    PASSPORT = "passport"
    ID_DOCUMENT = "id_document"
    SNILS = "snils"
    INN = "inn"
    OMS_POLICY = "oms_policy"
    BANK_CARD = "bank_card"
    BANK_ACCOUNT = "bank_account"
    CAR_PLATE = "car_plate"
    VIN = "vin"
    USERNAME = "username"
    PROFILE_LINK = "profile_link"
    HEALTH = "health"
    SECRET = "secret"  # noqa: S105  (a category, not a secret)


class Sensitivity(StrEnum):
    """How heavy a category weighs in law."""

    COMMON = "C"
    SPECIAL = "S"
    SECRET = "X"  # noqa: S105  (a weight, not a secret)


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One span. `start` and `end` count code points of the original text, the end outside."""

    start: int
    end: int
    category: Category
    score: float
    """0 to 1: from 0.8 masked by itself, from 0.5 masked and shown "to check", below only listed."""
    rule: str
    rule_version: int = 1

    @property
    def sensitivity(self) -> Sensitivity:
        if self.category is Category.HEALTH:
            return Sensitivity.SPECIAL
        return Sensitivity.SECRET if self.category is Category.SECRET else Sensitivity.COMMON
