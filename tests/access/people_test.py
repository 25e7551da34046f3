"""Businesses, people and roles: what may be made, what ends at once, what is refused and how."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from letopis.access.businesses import create_business
from letopis.access.models import Business, Membership, Person
from letopis.access.people import create_person, end_role, give_role, membership_of, memberships_of, set_password
from letopis.access.rules import Visitor
from letopis.base import clock
from letopis.base.errors import SenderError
from tests.access.conftest import PASSWORD, Cast


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Са\0лон"}, "name"),
        ({"timezone": "Moscow"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"vertical": "bakery"}, "vertical"),
        ({"network": "\0"}, "network"),
    ],
)
def test_unusable_business_is_refused_by_field(database: None, changed: dict[str, str], field: str) -> None:
    facts = {"name": "Студия «Лада»", "timezone": "Europe/Moscow", "vertical": "salon"} | changed
    with pytest.raises(SenderError) as refusal:
        create_business(**facts)
    assert (refusal.value.field, bool(refusal.value.hint)) == (field, True)


def test_businesses_of_a_network_share_it(database: None) -> None:
    name = f"Сеть {uuid4().hex}"
    made = [create_business(f"Салон {n}", "Asia/Omsk", "salon", name) for n in (1, 2)]
    assert made[0].network_id == made[1].network_id is not None
    assert Business.objects.filter(network__name=name).count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "anna"}, "email"),
        ({"role": "boss"}, "role"),
        ({"password": "123"}, "password"),
        ({"business": None}, "business"),
        ({"role": "operator"}, "business"),
        ({"business": uuid4()}, "business"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_unusable_person_is_refused_by_field(business: UUID, changed: dict[str, object], field: str) -> None:
    email = f"anna.{uuid4().hex}@lada.example"
    facts: dict[str, object] = {"email": email, "role": "owner", "business": business, "password": PASSWORD}
    with pytest.raises(SenderError) as refusal:
        create_person(**facts | changed)  # type: ignore[arg-type]
    assert (refusal.value.field, bool(refusal.value.hint)) == (field, True)
    assert not Person.objects.filter(email=email).exists()


def test_one_mailbox_is_one_person(business: UUID, stranger_business: UUID) -> None:
    box = f"anna.{uuid4().hex}@lada.example"
    first = create_person(box, "owner", business, PASSWORD)
    again = create_person(f" {box.upper()} ", "manager", stranger_business, "другой-пароль-9")
    assert first.pk == again.pk
    assert again.check_password(PASSWORD)
    assert {membership.role for membership in memberships_of(again)} == {"owner", "manager"}


def test_database_refuses_a_second_spelling(database: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email=f"Anna.{uuid4().hex}@lada.example")


def test_ended_role_closes_the_door_at_once(cast: Cast) -> None:
    browser = cast.browser(Visitor.OWNER)
    url = f"/b/{cast.business}/access"
    other = cast.people[Visitor.MANAGER]
    give_role(other, cast.business, "owner")
    assert browser.get(url).status_code == 200
    end_role(Membership.objects.get(business_id=cast.business, person=cast.people[Visitor.OWNER]))
    assert browser.get(url).status_code == 404


def test_role_ends_by_itself_on_its_day(cast: Cast) -> None:
    person = cast.people[Visitor.INTEGRATOR]
    give_role(person, cast.business, "integrator", ends_at=clock.now() + timedelta(days=1))
    assert membership_of(person, cast.business)
    give_role(person, cast.business, "integrator", ends_at=clock.now() - timedelta(seconds=1))
    assert membership_of(person, cast.business) is None


def test_last_owner_stays(cast: Cast) -> None:
    owner = Membership.objects.get(business_id=cast.business, person=cast.people[Visitor.OWNER])
    with pytest.raises(SenderError) as refusal:
        end_role(owner)
    assert refusal.value.field == "role"
    assert membership_of(cast.people[Visitor.OWNER], cast.business)


def test_given_again_opens_again(cast: Cast) -> None:
    manager = Membership.objects.get(business_id=cast.business, person=cast.people[Visitor.MANAGER])
    end_role(manager)
    assert membership_of(cast.people[Visitor.MANAGER], cast.business) is None
    give_role(cast.people[Visitor.MANAGER], cast.business, "integrator")
    again = membership_of(cast.people[Visitor.MANAGER], cast.business)
    assert again
    assert again.role == "integrator"


def test_new_password_ends_all_sessions(cast: Cast) -> None:
    browser = cast.browser(Visitor.MANAGER)
    assert browser.get("/me").status_code == 200
    set_password(cast.people[Visitor.MANAGER].email.upper(), "совсем-другой-5")
    assert browser.get("/me").status_code == 302


def test_switched_off_person_is_out_at_once(cast: Cast, new_person: Callable[..., Person]) -> None:
    browser = cast.browser(Visitor.MANAGER)
    Person.objects.filter(pk=cast.people[Visitor.MANAGER].pk).update(is_active=False)
    assert browser.get("/me").status_code == 302
