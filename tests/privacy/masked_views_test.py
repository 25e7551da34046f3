"""Who sees no people meets none: every page, file and answer of the API is walked and searched for canaries.

The owner walks the same way first and must meet each canary, so that the walk goes where people stand.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.access.rules import Verdict, Visitor, ruled
from letopis.access.wall import enter
from letopis.app.api import api
from letopis.base import clock
from letopis.base.worktime import Scope as Of
from letopis.dialogues.hours import tell_hours
from letopis.dialogues.models import Dialogue
from letopis.intake import faults, quarantine
from letopis.intake.faults import Fault
from letopis.intake.reading import read_event
from letopis.journal.entries import read_after
from letopis.journal.kinds import KINDS
from letopis.privacy.bodies import MovedError, hide, restore
from letopis.privacy.veil import veil
from letopis.privacy.views import CLEAR, MASKED
from tests import cast as world
from tests.access.conftest import HOST
from tests.privacy.conftest import Cast

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SESSION = "sess_c4a4a4"
# The client, her mother, who answered, who works, who told a change; each also in another case form.
CANARIES = {
    "client": r"(?i)аделаид|крестовоздвиж",
    "relative": r"(?i)пульхери",
    "colleague": r"(?i)евдоки|рогнедин",
    "master": r"(?i)пелаге",
    "phone": r"920\D{0,6}555\D{0,3}71\D{0,3}39|5557139",
    "mail": r"(?i)adelaida|krest@",
    "deal text": r"(?i)улица Кленовая, 8",
}
# What the owner does not meet whole either, or not on these pages.
NEVER_WHOLE = {"phone"}


def story() -> list[dict[str, Any]]:
    who = {
        "source": "telegram",
        "client_id": "tg_55571390",
        "session_id": SESSION,
        "name": "Аделаида Крестовоздвиженская",
        "phone": "8 920 555-71-39",
    }
    said = [
        "Здравствуйте, это Аделаида Крестовоздвиженская, телефон 8 (920) 555-71-39, почта adelaida.krest@mail.example",
        "Запишите и мою маму Пульхерию, она придёт вместо Аделаиды, ждите Крестовоздвиженскую",
        "аделаиде удобно в 15:00, адрес доставки улица Кленовая, 8, квартира 41",
        "Передайте Пелагее спасибо",
    ]
    told = [
        who | {"event": "message_in", "timestamp": world.at(f"14:0{n}:00"), "message_id": f"k{n}", "message": text}
        for n, text in enumerate(said)
    ]
    service = {"id": "A-77", "start": world.at("15:30:00", 1), "service": "Маникюр", "resource": "Пелагея Рогнедина"}
    return [
        *told,
        who | {"event": "tool_call", "timestamp": world.at("14:10:00"), "tool": "yclients.create_record",
               "result": "error", "level": "ERROR", "reason": "нет клиента Аделаида Крестовоздвиженская 89205557139",
               "dedup_key": "k10", "attributes": {"fullname": "Аделаида К.", "note": "звонить Пульхерии",
                                                  "resource": "Пелагея", "mail": "adelaida.krest@mail.example"}},
        who | {"event": "escalation", "timestamp": world.at("14:11:00"), "dedup_key": "k11",
               "reason": "Аделаида просит человека"},
        who | {"event": "escalation_taken", "timestamp": world.at("14:12:00"), "dedup_key": "k12",
               "person": "Евдокия Р."},
        who | {"event": "message_out", "timestamp": world.at("14:13:00"), "message_id": "k13", "role": "human",
               "person": "Евдокия Р.", "message": "Аделаиде Крестовоздвиженской передам, с вами Евдокия"},
        who | {"event": "appointment_created", "timestamp": world.at("14:14:00"), "dedup_key": "k14",
               "appointment": service},
        {"event": "change_mark", "timestamp": world.at("09:00:00"), "source": "letopis", "dedup_key": "k15",
         "what": "Пелагея теперь отвечает за Евдокию", "person": "Евдокия Р.", "effect": "Аделаида вернётся"},
    ]  # fmt: skip


BODY = (
    '{"event": "message_in", "timestamp": "после обеда", "client_id": "tg_55571390", "phone": 79205557139,'
    ' "name": "Аделаида К.", "message": "Я Аделаида, 8 920 555-71-39", "crm": {"deal_id": "D-1", "title": "Пульхерия"}}'
)


@dataclass(frozen=True)
class Walk:
    """Everything that one reader can open."""

    pages: dict[str, str]

    def meets(self, pattern: str) -> list[str]:
        return [path for path, text in self.pages.items() if re.search(pattern, text)]


@pytest.fixture
def salon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    # A walk asks more files in a minute than a person may.
    monkeypatch.setattr("letopis.app.limits.asked", lambda _: [])
    samples = [_as_sent({**kind.sample, "timestamp": world.at("12:00:00")}) for kind in KINDS.values()]
    world.play(cast.business, samples, world.marina(), world.olya(), story())
    tell_hours(cast.business, clock.now().date(), {"mon": [["10:00", "20:00"]]}, "Евдокия", scope=Of(person="Пелагея"))
    world.play(cast.business)
    return cast


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """As the doors read it: numbers keep their digits."""
    read: dict[str, Any] = read_event(json.dumps(event, ensure_ascii=False).encode()).value
    return read


def objects_of(cast: Cast) -> dict[str, str]:
    """What stands in the addresses of this business."""
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, cast.business)
        dialogue = Dialogue.objects.get(business_id=cast.business, session_id=SESSION).dialogue_id
        marks = [one for one in read_after(cur, cast.business, -1, 1000) if one.type == "change_mark"]
        [piece] = quarantine.keep(
            cur, cast.business, "telegram", [(BODY.encode(), [Fault("timestamp", faults.NOT_OBJECT)])]
        )
    mark = next(one.seq for one in marks if "Пелагея" in str(one.meta) + str(one.text) + str(one.who))
    return {"dialogue": str(dialogue), "seq": str(mark), "piece": str(piece), "metric": "M2"}


def walk(cast: Cast, visitor: Visitor, objects: dict[str, str], *, masked: bool) -> Walk:
    browser = cast.browser(visitor)
    found: dict[str, str] = {}
    for route in ruled():
        names = PARAMETER.findall(route.path)
        known = {"business": str(cast.business), **objects}
        if (
            "GET" not in route.methods
            or route.answers()[visitor] is not Verdict.ALLOWED
            or not set(names) <= set(known)
        ):
            continue
        if route.name == "account_logout":
            continue
        path = address(route.path, known)
        for query in (
            "",
            "?form=csv",
            "?form=xlsx",
            "?by=master",
            "?by=service",
            "?of=person",
            "?of=others",
            "?state=open",
        ):
            answer = browser.get(f"{path}{query}")
            if answer.status_code == 200:
                found[f"{path}{query}"] = text_of(answer)
    found.update(walk_api(cast, objects, masked=masked))
    return Walk(found)


def address(path: str, known: dict[str, str]) -> str:
    return "/" + PARAMETER.sub(lambda part: known[part[1]], path)


def walk_api(cast: Cast, objects: dict[str, str], *, masked: bool) -> Iterator[tuple[str, str]]:
    _, secret = create_key(cast.business, f"reader {masked}", Scope.READ, masked=masked)
    client = Client(SERVER_NAME=HOST, headers={"authorization": f"Bearer {secret}"})
    numbers = {"dialogue_id": objects["dialogue"], "change_id": objects["seq"]}
    for path in api.get_openapi_schema()["paths"]:
        address = re.sub(r"\{(\w+)\}", lambda part: numbers.get(part[1], "1"), path)
        for query in ("", "?metric=M2", "?metric=M5&by=master", "?metric=M13&by=person", "?limit=100"):
            answer = client.get(f"{address}{query}")
            if answer.status_code == 200:
                yield f"{address}{query}", text_of(answer)


def text_of(answer: HttpResponse) -> str:
    body: bytes = b"".join(answer) if getattr(answer, "streaming", False) else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())
    text = body.decode(errors="replace")
    return text.encode().decode("unicode_escape", errors="replace") if "\\u04" in text else text


def test_the_walk_goes_where_people_stand(salon: Cast) -> None:
    """The owner meets every canary, on pages and in the API: else the silence of the other walk would mean nothing."""
    seen = walk(salon, Visitor.OWNER, objects_of(salon), masked=False)
    missing = [name for name, pattern in CANARIES.items() if name not in NEVER_WHOLE and not seen.meets(pattern)]
    assert missing == []
    assert any("/api/" in path for path in seen.meets(CANARIES["client"]))
    assert any("quarantine/" in path for path in seen.meets(CANARIES["phone"]))


def test_integrator_meets_nobody_anywhere(salon: Cast) -> None:
    seen = walk(salon, Visitor.INTEGRATOR, objects_of(salon), masked=True)
    assert len(seen.pages) > 40
    assert {name: seen.meets(pattern) for name, pattern in CANARIES.items() if seen.meets(pattern)} == {}


def test_integrator_still_sees_what_he_debugs(salon: Cast) -> None:
    objects = objects_of(salon)
    browser = salon.browser(Visitor.INTEGRATOR)
    page = browser.get(f"/b/{salon.business}/dialogues/{objects['dialogue']}").content.decode()
    for shown in (SESSION, "yclients.create_record", "Здравствуйте", "А••••", "15:00"):
        assert shown in page, shown
    piece = browser.get(f"/b/{salon.business}/quarantine/{objects['piece']}").content.decode()
    for shown in ("message_in", "после обеда", "«••1»", "client_id"):
        assert shown in piece, shown


def test_integrator_mends_without_seeing(salon: Cast) -> None:
    """The hidden words reach the journal as they came."""
    objects = objects_of(salon)
    browser = salon.browser(Visitor.INTEGRATOR)
    url = f"/b/{salon.business}/quarantine/{objects['piece']}"
    mended = hide(BODY).replace("после обеда", world.at("16:00:00"))
    assert browser.post(url, {"text": mended}).status_code == 302
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon.business)
        last = read_after(cur, salon.business, -1, 1000)[-1]
    assert last.text == "Я Аделаида, 8 920 555-71-39"
    assert last.who["name"] == "Аделаида К."


def test_hidden_value_cannot_be_moved_to_an_open_field(salon: Cast) -> None:
    objects = objects_of(salon)
    url = f"/b/{salon.business}/quarantine/{objects['piece']}"
    shown = hide(BODY)
    place = re.search(r'"name": "(«••\d+»)"', shown)
    assert place
    moved = shown.replace('"event": "message_in"', f'"event": "message_in", "intent": "{place[1]}"')
    moved = moved.replace("после обеда", world.at("16:00:00"))
    answer = salon.browser(Visitor.INTEGRATOR).post(url, {"text": moved})
    assert answer.status_code == 422
    assert "Аделаида" not in answer.content.decode()
    with pytest.raises(MovedError):
        restore(moved, BODY)


@pytest.mark.parametrize("query", ["Аделаида", "аделаиде", "8 920 555-71-39", "5557139", "wa_79205557139", "Пульхерия"])
def test_search_confirms_no_guess(salon: Cast, query: str) -> None:
    browser = salon.browser(Visitor.INTEGRATOR)
    page = browser.get(f"/b/{salon.business}/dialogues", {"q": query}).content.decode()
    assert "По словам, именам и телефонам ищут те, кому видны люди" in page
    assert "data-row" not in page
    found = browser.get(f"/b/{salon.business}/dialogues", {"q": SESSION}).content.decode()
    assert "data-row" in found


def test_key_made_by_an_integrator_reads_people_masked(salon: Cast) -> None:
    browser = salon.browser(Visitor.INTEGRATOR)
    page = browser.post(f"/b/{salon.business}/sources", {"source": "bi", "scope": "read"}).content.decode()
    secret = re.search(r"lt_[0-9a-f]{8}_[\w-]+", page)
    assert secret
    client = Client(SERVER_NAME=HOST, headers={"authorization": f"Bearer {secret[0]}"})
    answer = client.get(f"/api/v1/dialogues/{objects_of(salon)['dialogue']}")
    assert answer.status_code == 200
    assert re.search(CANARIES["client"], text_of(answer)) is None
    assert client.get("/api/v1/metrics?metric=M5&by=master").status_code == 400


@pytest.mark.parametrize("page", ["visits?tab=all", "visits?tab=all&form=csv", "load", "load?form=csv"])
def test_role_of_ones_own_meets_nobody_on_pages_of_managers(
    salon: Cast, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    """Whoever opens visits or the load without the right to see people."""
    browser, url = salon.browser(Visitor.MANAGER), f"/b/{salon.business}/{page}"
    assert re.search(CANARIES["master"], text_of(browser.get(url)))
    for place in ("letopis.appointments.pages", "letopis.metrics.load.pages"):
        monkeypatch.setattr(f"{place}.eyes_of", lambda _: MASKED)
    shown = text_of(browser.get(url))
    assert [name for name, pattern in CANARIES.items() if re.search(pattern, shown)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Добрый день! Завтра есть 13:30, 15:00 и 17:45.",
        "Нужен маникюр с покрытием за 2 400 ₽",
        "409 Conflict: slot_taken",
    ],
)
def test_words_without_people_stay(text: str) -> None:
    assert MASKED.words(text) == text


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("передайте Марине", "Марин"),
        ("меня зовут светлана", "светлан"),
        ("Это Хвостопрядова", "Хвостопрядова"),
        ("пишите на anna@mail.example", "anna"),
        ("мой ник @annushka77", "annushka"),
        ("8-9-2-0-1-2-3-1-4-0-8", "9-2-0-1-2-3"),
        ("Анна-Мария придёт", "Мария"),
        ("My name is Eugenia", "Eugenia"),
        ("звоните девятьсот двадцать пятьсот пятьдесят пять", "двадцать"),
        ("приеду на М318НЕ152", "318"),
    ],
)
def test_people_in_words_go(text: str, gone: str) -> None:
    shown = MASKED.text(text)
    assert gone not in shown
    assert MASKED.text(shown) == shown, "masked twice is masked once"
    assert CLEAR.text(text) == text


def test_known_people_go_in_any_form() -> None:
    eyes = MASKED.knowing(["Белая Ива"])
    assert "Бел" not in eyes.text("Белой передайте, с Белую поговорю")[1:]
    assert veil("ива", ["Ива"]) != "ива"
