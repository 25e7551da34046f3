"""The pages of dialogues as people see them."""

import html
import re
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from letopis.access.models import Look
from letopis.access.wall import enter
from letopis.base import clock
from letopis.dialogues import listing
from letopis.dialogues.models import Dialogue
from tests import cast
from tests.dialogues.conftest import Browser

ROW = re.compile(r'data-row href="([^"]+)"')


def _page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url, headers={"accept-language": "ru"})
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def _list(client: Client, business: UUID, query: str = "") -> str:
    return _page(client, f"/b/{business}/dialogues?{query}")


def _rows(page: str) -> list[str]:
    return [html.unescape(url) for url in ROW.findall(page)]


def _number_of(business: UUID, session_id: str) -> int:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return Dialogue.objects.get(business_id=business, session_id=session_id).dialogue_id


def _open(client: Client, business: UUID, session_id: str) -> str:
    return _page(client, f"/b/{business}/dialogues/{_number_of(business, session_id)}")


def test_list_shows_everybody_who_wrote(salon: UUID, browser: Browser) -> None:
    page = _list(browser("owner"), salon)
    assert "Ирина В." in page
    assert "Марина К." in page
    assert "Сколько стоит наращивание?" in page
    assert "3 диалога" in page.replace("\xa0", " ")
    assert len(_rows(page)) == 3


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("q=педикюром", "Ирина В."),
        ("q=%D0%B7%D0%B0%D0%BF%D0%B8%D1%81%D0%B0%D1%82%D1%8C%D1%81%D1%8F+педикюр", "Ирина В."),
        ("q=8+920+123-14-08", "Ирина В."),
        ("q=%2B79201231408", "Ирина В."),
        (f"q={cast.DEAL}", "Марина К."),
        (f"q={cast.MARINA_SESSION}", "Марина К."),
        ("q=марина", "Марина К."),
        ("outcome=lost", "Марина К."),
        ("outcome=booked", "Ирина В."),
        ("escalated=1", "Марина К."),
        ("errors=1", "Марина К."),
        ("unsure=1", "Марина К."),
        ("channel=vk", "Оля"),
    ],
)
def test_filter_leaves_the_one_meant(salon: UUID, browser: Browser, query: str, who: str) -> None:
    page = _list(browser("manager"), salon, query)
    assert len(_rows(page)) == 1
    assert who in page


def test_who_waits_is_listed(salon: UUID, browser: Browser) -> None:
    assert "Оля" in _list(browser("manager"), salon, "waiting=1")


def test_search_that_finds_nothing_says_so(salon: UUID, browser: Browser) -> None:
    page = _list(browser("owner"), salon, "q=стоматолог")
    assert not _rows(page)
    assert "стоматолог" in page
    assert "Показать все диалоги" in page


def test_walk_gives_every_row_once(business: UUID, browser: Browser) -> None:
    cast.play(business, cast.crowd(117))
    client, seen, query = browser("owner"), [], ""
    for _page_number in range(4):
        page = _list(client, business, query)
        assert "117" in page
        seen += _rows(page)
        following = re.search(r'class="more"><a href="\?([^"]+)"', page)
        if not following:
            break
        query = html.unescape(following[1])
    assert len(seen) == len(set(seen)) == 117


def test_count_is_the_length_of_the_list(salon: UUID) -> None:
    today = clock.now().date()
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon)
        for query in ({}, {"outcome": "lost"}, {"q": "записаться"}, {"late": "1"}, {"no_show": "1"}):
            filters = listing.read_filters(query, today)
            found = listing.some(salon, filters, None, 100, sees_text=True)
            assert listing.count(salon, filters, sees_text=True) == len(found)


def test_lost_dialogue_says_where_it_broke(salon: UUID, browser: Browser) -> None:
    page = _open(browser("owner"), salon, cast.MARINA_SESSION).replace("\xa0", " ")
    assert "Здесь всё сломалось" in page
    assert "19:47:27" in page
    assert "Выбрано 15:00, но это время заняли за 4 с до записи." in page
    assert "Сценарий промолчал, человек узнал через 36 мин." in page
    assert "Нет ветки для ответа 409" in page
    assert "3 варианта" in page
    assert "с 3-й попытки" in page
    assert "41 мин до ответа человека" in page
    assert page.index("15:00 подойдёт") < page.index('id="broke"') < page.index("Так я записана?")
    assert "very-secret" not in page


def test_good_dialogue_is_calm(salon: UUID, browser: Browser) -> None:
    page = _open(browser("manager"), salon, cast.IRINA_SESSION)
    assert "Здесь всё сломалось" not in page
    assert '<details class="steps" open' not in page
    assert "2 400" in page.replace("\xa0", " ")
    assert cast.IRINA not in page


def test_opening_is_noted(salon: UUID, browser: Browser) -> None:
    _open(browser("manager"), salon, cast.IRINA_SESSION)
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon)
        looks = list(Look.objects.filter(business_id=salon).values_list("subject_kind", "subject_id"))
    assert looks == [("dialogue", str(_number_of(salon, cast.IRINA_SESSION)))]


def test_integrator_sees_texts_without_people(salon: UUID, browser: Browser) -> None:
    client = browser("integrator")
    pages = [_list(client, salon), _open(client, salon, cast.MARINA_SESSION), _open(client, salon, cast.IRINA_SESSION)]
    for page in pages:
        for hidden in ("Марин", "Ирина", "Ольга", "Светлан", "Аня", cast.MARINA, "9201231408", "123-14-08"):
            assert hidden not in page
    assert "15:00 подойдёт" in pages[1]
    assert "М••••" in pages[1]
    assert "409 Conflict: slot_taken" in pages[1]
    assert not _rows(_list(client, salon, "q=педикюр"))
    assert not _rows(_list(client, salon, "q=марина"))
    assert len(_rows(_list(client, salon, f"q={cast.MARINA_SESSION}"))) == 1


def test_stranger_finds_nothing(salon: UUID, browser: Browser) -> None:
    stranger, number = browser("stranger"), _number_of(salon, cast.IRINA_SESSION)
    _page(stranger, f"/b/{salon}/dialogues", 404)
    _page(stranger, f"/b/{salon}/dialogues/{number}", 404)
    owner = browser("owner")
    _page(owner, f"/b/{uuid4()}/dialogues/{number}", 404)
    _page(owner, f"/b/{salon}/dialogues/99999999999999999999", 404)
    _page(owner, f"/b/{salon}/dialogues/999999", 404)


def test_neighbours_walk_the_list(salon: UUID, browser: Browser) -> None:
    client = browser("owner")
    rows = _rows(_list(client, salon))
    page = _page(client, rows[1])
    assert "2 из 3" in page.replace("\xa0", " ")
    assert f'rel="prev" data-key href="{html.escape(rows[0])}"' in page
    assert f'rel="next" data-key href="{html.escape(rows[2])}"' in page


def test_hostile_words_stay_words(business: UUID, browser: Browser) -> None:
    cast.play(business, cast.hostile())
    client = browser("owner")
    rows = _rows(_list(client, business))
    assert len(rows) == len(cast.HOSTILE)
    pages = [_list(client, business), *(_page(client, row) for row in rows)]
    for page in pages:
        for bad in ("<script>alert", "<img src=x", "<svg/onload", 'onerror=alert(1)>"'):
            assert bad not in page
        assert "49" not in re.findall(r"<small>([^<]*)</small>", page)
    assert any("{{ 7*7 }}{% debug %}" in html.unescape(page) for page in pages)


def test_address_out_of_reason_is_taken_calmly(salon: UUID, browser: Browser) -> None:
    client = browser("owner")
    for query in (
        "after=x~1",
        "from=2026-99-99&to=x",
        "outcome=zzz",
        "from=0001-01-01&to=9999-12-31",
        "q=+",
    ):
        _list(client, salon, query)
    number = _number_of(salon, cast.IRINA_SESSION)
    _page(client, f"/b/{salon}/dialogues/{number}?part=99999&after=zz")


def test_id_is_searched_as_a_whole(salon: UUID, browser: Browser) -> None:
    """A deal's number holds «D» and «2026», which are words of other dialogues; those are not meant."""
    assert _rows(_list(browser("manager"), salon, "q=D-2026-9999")) == []
