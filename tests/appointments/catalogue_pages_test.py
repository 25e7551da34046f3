"""The pages of services and masters: adding, changing, ending, taking a file over and taking the tables away."""

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from letopis.access.wall import enter
from letopis.appointments.catalogue.offer import Catalogue
from letopis.appointments.catalogue.reader import catalogue_of, tell
from letopis.base import clock
from letopis.journal.entries import Entry, read_after
from letopis.journal.kinds import MasterOffer, ServiceOffer
from tests import cast
from tests.dialogues.conftest import Browser

FILE = "Услуга;Цена;Минут\nМаникюр;2600;90\nСпа;5000;60\nПарафин;дорого;30"


def today() -> date:
    return clock.now().astimezone(ZoneInfo("Europe/Moscow")).date()


def entries_of(business: UUID) -> list[Entry]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return [entry for entry in read_after(cur, business, -1, 100) if entry.type == "catalogue_version"]


def known(business: UUID) -> Catalogue:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return catalogue_of(cur, business)


def plain(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").replace("\u2060", "").split())


def get(browser: Browser, business: UUID, path: str = "", role: str = "owner", status: int = 200) -> str:
    answer = browser(role).get(f"/b/{business}/catalogue{path}", headers={"accept-language": "ru"})
    assert answer.status_code == status
    return plain(answer)


def post(browser: Browser, business: UUID, path: str, given: dict[str, Any], role: str = "owner") -> Any:
    return browser(role).post(f"/b/{business}/catalogue{path}", given, headers={"accept-language": "ru"})


def service_form(**more: str) -> dict[str, str]:
    given = {"name": "Маникюр", "price": "2400", "minutes": "1:30", "category": "Ногти", "aliases": "гель-лак, шеллак"}
    return {**given, "valid_from": today().isoformat(), "seq": "", **more}


@pytest.fixture
def priced(business: UUID) -> UUID:
    """A salon whose manicure costs 2 400 ₽ and is done by Аня."""
    offer = ServiceOffer(id="маникюр", name="Маникюр", minutes=90, price_from=Decimal(2400), price_to=Decimal(2400))
    tell(business, today() - timedelta(days=30), [offer], [MasterOffer(id="аня", name="Аня")], person="Анна")
    cast.play(business)
    return business


def seal(shown: str) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', shown)
    assert found is not None
    return found[1]


def upload(text: str = FILE, **more: str) -> dict[str, Any]:
    file = SimpleUploadedFile("price.csv", text.encode())
    return {"file": file, "valid_from": today().isoformat(), **more}


def test_empty_page_says_what_to_do(business: UUID, browser: Browser) -> None:
    shown = get(browser, business)
    assert "Услуг пока нет, поэтому потери не посчитать в рублях." in shown
    assert "Загрузить из файла" in shown


def test_new_service_is_an_event_and_shown_at_once(business: UUID, browser: Browser) -> None:
    """Before the readers have come to it, and after."""
    answer = post(browser, business, "/service", service_form())
    assert answer.status_code == 302
    [entry] = entries_of(business)
    assert (entry.source, entry.meta["valid_from"], entry.meta["by"]) == ("letopis", today().isoformat(), "business")
    assert entry.meta["services"] == [
        {
            "id": "маникюр",
            "name": "Маникюр",
            "aliases": ["гель-лак", "шеллак"],
            "category": "Ногти",
            "minutes": 90,
            "price_from_kop": 240000,
            "price_to_kop": 240000,
        }
    ]
    assert entry.who["person"]
    query = answer.headers["Location"].partition("/catalogue")[2]
    assert known(business).seq == -1
    for _ in range(2):
        shown = get(browser, business, query)
        assert [word in shown for word in ("Сохранено.", "2 400 ₽", "1 ч 30 мин", "гель-лак, шеллак")] == [True] * 4
        cast.play(business)
    assert known(business).seq == entry.seq
    assert "Маникюр" in get(browser, business, f"/service{query}&id=маникюр")


def test_new_price_holds_from_its_day(priced: UUID, browser: Browser) -> None:
    coming = today() + timedelta(days=10)
    seq = str(known(priced).services["маникюр"].seq)
    given = service_form(price="2600–2800", valid_from=coming.isoformat(), seq=seq)
    assert post(browser, priced, "/service?id=маникюр", given, "manager").status_code == 302
    cast.play(priced)
    shown = get(browser, priced)
    assert "2 400 ₽" in shown
    assert "от 2 600 ₽ до 2 800 ₽" in shown
    [_first, second] = known(priced).services["маникюр"].versions
    assert (second.valid_from, second.aliases) == (coming, ("гель-лак", "шеллак"))
    page = get(browser, priced, "/service?id=маникюр")
    assert f'value="{coming.isoformat()}"' in page
    assert 'value="2600–2800"' in page


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": ""}, "id_name_error"),
        ({"name": "  МАНИКЮР "}, "Такая услуга уже есть."),
        ({"name": "Спа", "price": "дорого"}, "Цена непонятна"),
        ({"name": "Спа", "minutes": "долго"}, "Длительность непонятна"),
        ({"name": "Спа", "valid_from": "1999-12-31"}, "id_valid_from_error"),
        ({"name": "Спа", "aliases": ",".join(f"слово {n}" for n in range(101))}, "Слишком много названий"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(priced: UUID, browser: Browser, more: dict[str, str], words: str) -> None:
    answer = post(browser, priced, "/service", service_form(**more))
    assert answer.status_code == 422
    assert words in plain(answer)
    assert len(entries_of(priced)) == 1


def test_same_again_is_no_event_and_an_earlier_day_is(priced: UUID, browser: Browser) -> None:
    seq = str(known(priced).services["маникюр"].seq)
    same = service_form(category="", aliases="", seq=seq)
    answer = post(browser, priced, "/service?id=маникюр", same)
    assert answer.status_code == 422
    assert "Так уже и есть" in plain(answer)
    earlier = {**same, "valid_from": (today() - timedelta(days=60)).isoformat()}
    assert post(browser, priced, "/service?id=маникюр", earlier).status_code == 302


def test_change_that_was_overtaken_is_not_written(priced: UUID, browser: Browser) -> None:
    seen = known(priced).services["маникюр"].seq + 1
    answer = post(browser, priced, "/service?id=маникюр", service_form(price="1", seq=str(seen)))
    assert answer.status_code == 422
    assert "Пока вы правили, это изменили." in plain(answer)


def test_ended_service_leaves_the_list_and_comes_back(priced: UUID, browser: Browser) -> None:
    answer = post(browser, priced, "/service?id=маникюр", {"end": "1", "valid_from": "не день"})
    assert answer.status_code == 302
    cast.play(priced)
    shown = get(browser, priced)
    assert shown.index("Больше не оказываем") < shown.index(">Маникюр<")
    seq = str(known(priced).services["маникюр"].seq)
    assert "Так уже и есть" not in plain(post(browser, priced, "/service?id=маникюр", service_form(seq=seq)))
    cast.play(priced)
    assert "Больше не оказываем" not in get(browser, priced)


def test_master_is_told_with_services(priced: UUID, browser: Browser) -> None:
    page = get(browser, priced, "/master")
    assert 'value="маникюр"' in page
    given = {"name": "Света", "branch": "Лесная", "services": ["маникюр"], "valid_from": today().isoformat()}
    assert post(browser, priced, "/master", given).status_code == 302
    cast.play(priced)
    sveta = known(priced).masters["света"].versions[-1]
    assert (sveta.services, sveta.branch) == (("маникюр",), "Лесная")
    assert post(browser, priced, "/master", given).status_code == 422
    assert post(browser, priced, "/master?id=аня", {"end": "1"}).status_code == 302
    cast.play(priced)
    assert known(priced).masters["аня"].versions[-1].ended


def test_unknown_one_is_missing(priced: UUID, browser: Browser) -> None:
    get(browser, priced, "/service?id=никто", status=404)
    get(browser, priced, "/master?id=маникюр", status=404)


def test_file_is_shown_before_it_is_taken(priced: UUID, browser: Browser) -> None:
    shown = plain(post(browser, priced, "/file", upload()))
    assert "Файл изменит 2 строки. <em>1 место не поняли.</em>" in shown
    assert "строка 4, столбец B" in shown
    assert [word in shown for word in ("изменим", "добавим", "сейчас 2 400 ₽, будет 2 600 ₽", "5 000 ₽")] == [True] * 4
    assert len(entries_of(priced)) == 1
    assert post(browser, priced, "/file", {"sealed": seal(shown)}).status_code == 302
    cast.play(priced)
    assert sorted(known(priced).services) == ["маникюр", "спа"]
    assert not known(priced).services["маникюр"].versions[-1].ended


def test_file_that_was_overtaken_is_shown_once_more(priced: UUID, browser: Browser) -> None:
    shown = plain(post(browser, priced, "/file", upload()))
    spa = ServiceOffer(id="спа", name="Спа", minutes=60, price_from=Decimal(5000), price_to=Decimal(5000))
    tell(priced, today(), [spa], person="Ирина")
    cast.play(priced)
    again = plain(post(browser, priced, "/file", {"sealed": seal(shown)}))
    assert "Пока вы смотрели, услуги изменили." in again
    assert "Файл изменит 1 строку." in again
    assert post(browser, priced, "/file", {"sealed": seal(again)}).status_code == 302


def test_missing_ones_are_taken_out_when_asked(priced: UUID, browser: Browser) -> None:
    shown = plain(post(browser, priced, "/file", upload("Услуга;Цена\nСпа;5000", ends_missing="on")))
    assert "уберём" in shown
    post(browser, priced, "/file", {"sealed": seal(shown)})
    cast.play(priced)
    assert known(priced).services["маникюр"].versions[-1].ended


@pytest.mark.parametrize("sealed", ["", "x", "eyJ:1:2"])
def test_foreign_seal_asks_for_the_file_again(priced: UUID, browser: Browser, sealed: str) -> None:
    answer = post(browser, priced, "/file", {"sealed": sealed})
    assert answer.status_code == 200
    assert "Выберите файл ещё раз." in plain(answer)


def test_seal_of_one_business_opens_no_other(priced: UUID, stranger_business: UUID, browser: Browser) -> None:
    shown = plain(post(browser, priced, "/file", upload()))
    answer = post(browser, stranger_business, "/file", {"sealed": seal(shown)}, "stranger")
    assert "Выберите файл ещё раз." in plain(answer)
    assert entries_of(stranger_business) == []


def test_unreadable_file_says_why(priced: UUID, browser: Browser) -> None:
    answer = post(browser, priced, "/file", upload('Услуга;Цена\n"Маникюр" классик;1'))
    assert answer.status_code == 422
    assert "строка 2" in plain(answer)
    empty = {"valid_from": today().isoformat()}
    assert "id_file_error" in plain(post(browser, priced, "/file", empty))


def test_tables_are_taken_away(priced: UUID, browser: Browser) -> None:
    owner = browser("owner")
    answer = owner.get(f"/b/{priced}/catalogue/export?as=csv", headers={"accept-language": "ru"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines() == [
        "\ufeffУслуга;Другие названия;Категория;Минут;Цена от, ₽;Цена до, ₽",
        "Маникюр;;;90;2400,00;2400,00",
    ]
    masters = owner.get(f"/b/{priced}/catalogue/export?as=csv&table=masters", headers={"accept-language": "ru"})
    assert b"".join(masters.streaming_content).decode().splitlines()[1] == "Аня;;"  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(
        BytesIO(owner.get(f"/b/{priced}/catalogue/export", headers={"accept-language": "ru"}).content)
    )
    assert book.sheetnames == ["Услуги", "Мастера"]
    assert book.worksheets[0]["E2"].value == 2400


def test_strange_names_are_shown_as_text(business: UUID, browser: Browser) -> None:
    for hostile in cast.HOSTILE:
        assert post(browser, business, "/service", service_form(name=hostile, aliases="")).status_code == 302
    cast.play(business)
    shown = get(browser, business)
    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown
    assert len(known(business).services) == len(cast.HOSTILE)
