"""A business that wants a second factor lets nobody in by a password alone, and a person ends her other sessions."""

import re
from uuid import UUID, uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.test import Client

from letopis.access.models import Business, Person, Role
from letopis.access.people import create_person, give_role
from letopis.access.sessions import device_of, network_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "лада-и-сирень-7"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


def somebody(business: UUID, role: str) -> Person:
    return create_person(f"{role}.{uuid4().hex[:12]}@lada.example", role, business, PASSWORD, "Анна")


def browser_of(person: Person) -> Client:
    client = Client(SERVER_NAME="localhost", headers={"accept-language": "ru"})
    client.force_login(person, backend=BACKEND)
    return client


def signed_in(person: Person, address: str, agent: str = CHROME) -> Client:
    """Through the page, as people do."""
    client = Client(
        SERVER_NAME="localhost", REMOTE_ADDR=address, headers={"user-agent": agent, "accept-language": "ru"}
    )
    answer = client.post("/login", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[-500:]
    return client


def want(client: Client, business: UUID, wanted: str = "1") -> int:
    return client.post(f"/b/{business}/access/factor", {"wanted": wanted}).status_code


def test_owner_sets_it_up_for_herself_first(business: UUID) -> None:
    owner = somebody(business, Role.OWNER)
    client = browser_of(owner)
    assert want(client, business) == 409
    assert not Business.objects.get(pk=business).second_factor
    TOTP.activate(owner, generate_totp_secret())
    assert want(client, business) == 302
    assert Business.objects.get(pk=business).second_factor
    assert want(client, business, "0") == 302
    assert not Business.objects.get(pk=business).second_factor


@pytest.mark.parametrize(("role", "let_in"), [(Role.OWNER, False), (Role.INTEGRATOR, False), (Role.MANAGER, True)])
def test_password_alone_lets_no_owner_and_no_integrator_in(business: UUID, role: Role, let_in: bool) -> None:
    Business.objects.filter(pk=business).update(second_factor=True)
    person = somebody(business, role)
    client = browser_of(person)
    answer = client.get(f"/b/{business}/overview")
    if let_in:
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer["Location"]) == (302, "/me/security")
    assert "Здесь просят код из приложения" in client.get("/me/security").content.decode()
    assert client.get(f"/b/{business}/overview", headers={"HX-Request": "true"}).status_code == 401
    TOTP.activate(person, generate_totp_secret())
    assert client.get(f"/b/{business}/overview").status_code == 200


def test_other_business_is_not_concerned(business: UUID, stranger_business: UUID) -> None:
    Business.objects.filter(pk=business).update(second_factor=True)
    stranger = browser_of(somebody(stranger_business, Role.OWNER))
    assert stranger.get(f"/b/{stranger_business}/overview").status_code == 200


def test_network_shows_only_what_is_open(business: UUID, stranger_business: UUID) -> None:
    person = somebody(business, Role.INTEGRATOR)
    give_role(person, stranger_business, Role.INTEGRATOR)
    Business.objects.filter(pk=stranger_business).update(second_factor=True)
    client = browser_of(person)
    shown = client.get("/network").content.decode()
    assert "Студия «Лада»" in shown
    assert f"/b/{stranger_business}/overview" not in shown
    TOTP.activate(person, generate_totp_secret())
    assert str(stranger_business) in client.get("/network").content.decode()


def test_only_the_owner_decides(business: UUID) -> None:
    assert want(browser_of(somebody(business, Role.MANAGER)), business) == 403
    assert want(browser_of(somebody(business, Role.INTEGRATOR)), business) == 403


def test_sessions_are_listed_and_ended(business: UUID) -> None:
    owner = somebody(business, Role.OWNER)
    here, phone, stranger = (signed_in(owner, f"203.0.113.{n}") for n in (7, 8, 9))
    shown = here.get("/me/sessions").content.decode()
    assert shown.count("Chrome, Windows") == 3
    assert "203.0.113.x" in shown
    assert "203.0.113.7" not in shown, "nobody's whole address stands on a page"
    other = re.findall(r'name="session" value="(\d+)"', shown)
    assert len(other) == 2
    assert here.post("/me/sessions/end", {"session": other[0]}).status_code == 302
    alive = [client.get("/me").status_code for client in (here, phone, stranger)]
    assert sorted(alive) == [200, 200, 302]
    here.post("/me/sessions/end", {"session": ""})
    assert [client.get("/me").status_code for client in (here, phone, stranger)] == [200, 302, 302]
    assert UserSession.objects.filter(user=owner).count() == 1


def test_nobody_ends_the_session_of_another(business: UUID) -> None:
    owner, manager = somebody(business, Role.OWNER), somebody(business, Role.MANAGER)
    victim = signed_in(owner, "203.0.113.7")
    number = UserSession.objects.get(user=owner).pk
    signed_in(manager, "203.0.113.8").post("/me/sessions/end", {"session": str(number)})
    assert victim.get("/me").status_code == 200
    assert victim.post("/me/sessions/end", {"session": "x"}).status_code == 400


def test_words_of_a_session() -> None:
    assert device_of(CHROME) == "Chrome, Windows"
    assert (
        device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")
        == "Safari, iPhone"
    )
    assert device_of("") != ""
    assert network_of("203.0.113.7") == "203.0.113.x"
    assert network_of("2001:db8::1") == "2001:0db8:0000::x"
