"""The page of visits as the owner and the manager see it."""

from datetime import timedelta
from uuid import UUID

import pytest

from letopis.base import clock
from tests import cast
from tests.dialogues.conftest import Browser


def test_tomorrow_shows_who_comes(business: UUID, browser: Browser) -> None:
    start = (clock.now() + timedelta(days=1)).isoformat()
    visit = {"id": "A-9", "start": start, "service": "Педикюр", "resource": "Светлана"}
    who = {"source": "vk", "client_id": cast.OLYA, "session_id": cast.OLYA_SESSION}
    booked = who | {"event": "appointment_created", "timestamp": cast.at("12:00:00"), "appointment": visit}
    cast.play(business, [booked], cast.olya())
    page = browser("manager").get(f"/b/{business}/visits").content.decode()
    assert "Завтра придёт 1 человек." in page.replace("\xa0", " ")
    assert "Светлана" in page
    assert "Оля" in page
    assert f"/b/{business}/dialogues/" in page


@pytest.mark.parametrize(
    ("query", "rows"), [("tab=all", 1), ("state=arrived", 1), ("state=no_show", 0), ("tab=no_shows", 0)]
)
def test_state_of_the_address_is_kept(salon: UUID, browser: Browser, query: str, rows: int) -> None:
    answer = browser("owner").get(f"/b/{salon}/visits?{query}&after=zz&from=x")
    assert answer.status_code == 200
    assert answer.content.decode().count("data-row") == rows


def test_walk_gives_every_visit_once(business: UUID, browser: Browser) -> None:
    start = (clock.now() - timedelta(days=1)).replace(microsecond=0).isoformat()
    events = [
        {"event": "appointment_created", "timestamp": cast.at("12:00:00"), "source": "yclients",
         "client_id": f"tel_{i}", "appointment": {"id": f"A-{i}", "start": start, "service": f"Услуга {i}."}}
        for i in range(63)
    ]  # fmt: skip
    cast.play(business, events)
    client, seen, url = browser("owner"), set(), f"/b/{business}/visits?tab=all"
    first = client.get(url).content.decode()
    assert "63 визита" in first.replace("\xa0", " ")
    following = first.split('<a href="?')[-1].split('"')[0].replace("&amp;", "&")
    second = client.get(f"/b/{business}/visits?{following}").content.decode()
    for page in (first, second):
        seen |= {i for i in range(63) if f"Услуга {i}." in page}
    assert seen == set(range(63))
    assert first.count("<tr ") + second.count("<tr ") == 63 + 2


def test_integrator_and_stranger_stay_outside(salon: UUID, browser: Browser) -> None:
    assert browser("integrator").get(f"/b/{salon}/visits").status_code == 403
    assert browser("stranger").get(f"/b/{salon}/visits").status_code == 404
