"""People and their roles: to add one, to give and end a role, to ask what somebody is to a business."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from letopis.access.models import Business, Membership, Person, Role
from letopis.base import clock
from letopis.base.errors import SenderError

NAME_CHARS_MAX = 200
OPERATOR = "operator"
NO_BUSINESS = "letopis status lists the businesses"


def create_person(email: str, role: str, business: UUID | None, password: str, name: str = "") -> Person:
    """Add a person with a role in a business, or give the role to whom is known by this e-mail.

    The role `operator` stands above businesses and takes none. A known person keeps the password he has.

    Raises:
        SenderError: names the field that cannot be understood and what to write instead.
    """
    email = _checked_email(email)
    if len(name) > NAME_CHARS_MAX:
        raise SenderError("the name is too long", field="name", hint=f"at most {NAME_CHARS_MAX} characters")
    if role == OPERATOR and business is not None:
        raise SenderError("an operator belongs to no business", field="business", hint="leave it out")
    if role != OPERATOR and business is None:
        raise SenderError("the role needs a business", field="business", hint=NO_BUSINESS)
    with transaction.atomic():
        person = Person.objects.filter(email=email).first() or _new_person(email, password, name)
        if business is None:
            Person.objects.filter(pk=person.pk).update(is_operator=True)
        else:
            give_role(person, business, role)
    person.refresh_from_db()
    return person


def give_role(person: Person, business: UUID, role: str, ends_at: datetime | None = None) -> Membership:
    """The person is `role` in the business from now on; a role he had or has there is replaced."""
    if role not in Role.values:
        raise SenderError(f"unknown role {role!r}", field="role", hint="owner, manager, integrator or operator")
    if not Business.objects.filter(pk=business).exists():
        raise SenderError(f"there is no business {business}", field="business", hint=NO_BUSINESS)
    membership, _ = Membership.objects.update_or_create(
        business_id=business,
        person=person,
        defaults={"role": role, "since": clock.now(), "ended_at": ends_at, "may_ask": False},
    )
    return membership


def let_ask(membership: Membership, allowed: bool) -> None:
    """Whether this person may ask for one dialogue unmasked; from his very next request on."""
    Membership.objects.filter(business_id=membership.business_id, person_id=membership.person_id).update(
        may_ask=allowed
    )


def end_role(membership: Membership) -> None:
    """The very next request of this person finds the door closed; on repeat the first moment stays.

    Raises:
        SenderError: it is the last owner; a business nobody owns could not let anybody in again.
    """
    with transaction.atomic():
        # The row of the business orders two owners who end each other's role at once.
        Business.objects.select_for_update().get(pk=membership.business_id)
        owners = current(Membership.objects.filter(business_id=membership.business_id, role=Role.OWNER))
        if membership.role == Role.OWNER and not owners.exclude(person_id=membership.person_id).exists():
            raise SenderError("this is the last owner of the business", field="role", hint="name another owner first")
        current(Membership.objects.filter(business_id=membership.business_id, person_id=membership.person_id)).update(
            ended_at=clock.now()
        )


def set_password(email: str, password: str) -> Person:
    """A new password for a known person; all his sessions end.

    Raises:
        SenderError: nobody has this e-mail, or the password is too weak.
    """
    person = Person.objects.filter(email=_checked_email(email)).first()
    if person is None:
        raise SenderError("nobody signs in with this e-mail", field="email", hint="letopis person create adds a person")
    _check_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def membership_of(person: Person, business: UUID) -> Membership | None:
    """What the person is to the business now, with the business; None for everybody else."""
    found = current(Membership.objects.filter(business_id=business, person=person))
    return found.select_related("business").first()


def is_current(email: str, business: UUID) -> bool:
    """True when the person of this e-mail may enter the business now."""
    folded = email.strip().casefold()
    return current(Membership.objects.filter(business_id=business, person__email=folded)).exists()


def memberships_of(person: Person) -> list[Membership]:
    """The businesses a person may enter now, by name."""
    return list(current(person.memberships.all()).select_related("business").order_by("business__name"))


def current(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    return memberships.filter(Q(ended_at=None) | Q(ended_at__gt=clock.now()))


def _new_person(email: str, password: str, name: str) -> Person:
    person = Person(email=email, name=name.strip())
    _check_password(password, person)
    person.set_password(password)
    person.save()
    return person


def _checked_email(email: str) -> str:
    folded = email.strip().casefold()
    try:
        validate_email(folded)
    except ValidationError:
        raise SenderError("this is no e-mail address", field="email", hint="write it like anna@example.com") from None
    return folded


def _check_password(password: str, person: Person) -> None:
    try:
        with translation.override("en"):
            validate_password(password, person)
    except ValidationError as error:
        raise SenderError("the password is too weak", field="password", hint=" ".join(error.messages)) from None


def lacks_factor(membership: Membership) -> bool:
    """Whether the business wants a second factor of this person, who has none."""
    return _wants_factor(membership) and not is_mfa_enabled(membership.person)


def memberships_open_to(person: Person) -> list[Membership]:
    """Those that the person may enter as he is signed in: none that wants a second factor of whoever has none."""
    found = list(memberships_of(person))
    if not any(_wants_factor(one) for one in found) or is_mfa_enabled(person):
        return found
    return [one for one in found if not _wants_factor(one)]


def _wants_factor(membership: Membership) -> bool:
    """Managers are let in without."""
    return bool(membership.business.second_factor) and membership.role != Role.MANAGER


def want_factor(business: Business, wanted: bool) -> None:
    """Owners and integrators need a second factor from their next request on, or no longer do."""
    business.second_factor = wanted
    business.save(update_fields=["second_factor"])
