"""The page of a network: whose businesses stand on it, in which order, and what each number says."""

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from letopis.access.models import Membership
from letopis.access.people import end_role, give_role
from letopis.base import clock
from letopis.metrics.definitions import METRICS
from letopis.metrics.network.rows import priors_of, share_of
from letopis.metrics.parts import JOINT
from letopis.metrics.value import Sum, Value, value_of
from tests.metrics import told
from tests.metrics.conftest import Salon
from tests.metrics.network.conftest import NOW, TODAY, Network, booked, cell, source, version

NAMES = re.compile(r'role="rowheader" hx-ignore><a href="(?P<url>[^"]+)">(?P<name>[^<]+)</a>')


def names_of(page: str) -> list[str]:
    return [html.unescape(found["name"]) for found in NAMES.finditer(page)]


def text_of(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).replace("\u00a0", " ").split())


def chips_of(page: str) -> dict[str, int]:
    found = re.findall(r'class="chip"[^>]*>([^<]+) <span>(\d+)</span>', page)
    return {words: int(count) for words, count in found}


def rate(k: int, n: int) -> Value:
    return value_of(METRICS["M2"], Sum(n=n, k=k, total=n, hits=k))


def test_two_people_see_two_sets(new_network: Callable[[], Network]) -> None:
    """Also what only the other one's business tells: a newer version, a number, a name in the file."""
    anna, boris = new_network(), new_network()
    mine, other = anna.found("Салон Анны"), boris.found("Салон Бориса")
    booked(mine, 4, 10)
    booked(other, 5, 77)
    version(mine, "13", NOW - timedelta(days=60))
    version(other, "14", NOW - timedelta(days=1))
    for network, own, foreign in ((anna, "Салон Анны", "Бориса"), (boris, "Салон Бориса", "Анны")):
        for query in ("", "?state=old", "?view=steps", "?q=Салон", "?form=csv"):
            page = network.browser().get(f"/network{query}").getvalue().decode()
            assert foreign not in page, query
        assert names_of(network.page()) == [own]
    assert chips_of(anna.page())["Старый сценарий"] == 0
    assert "77" not in text_of(anna.page())


def test_ended_role_closes_the_row(network: Network) -> None:
    business = network.found("Бывший салон")
    give_role(network.person, business, "manager")
    assert names_of(network.page()) == ["Бывший салон"]
    end_role(Membership.objects.get(business_id=business, person=network.person))
    assert "Бывший салон" not in network.page()


def test_stranger_is_asked_to_sign_in(network: Network) -> None:
    browser = network.browser()
    browser.logout()
    assert browser.get("/network")["Location"].startswith("/login")


def seven(network: Network) -> None:
    """One business of each kind; the fine ones differ in leads."""
    booked(network.found("Маленький"), 1, 5)
    booked(network.found("Большой"), 300, 900)
    booked(network.found("Проверка", heard=None), 0, 0)
    old, late = network.found("Старая версия"), network.found("Без источника")
    version(old, "13", NOW - timedelta(days=60))
    version(network.found("Новая версия"), "14", NOW - timedelta(days=6))
    source(late, "vk", NOW - timedelta(days=2))
    silent = network.found("Молчит", heard=timedelta(hours=4))
    for week in range(1, 5):
        cell(silent, "M10:hour", TODAY - timedelta(weeks=week), by="hour", member="11", n=20)


def test_worst_stands_first(network: Network) -> None:
    seven(network)
    page = network.page()
    assert names_of(page) == [
        "Молчит", "Без источника", "Старая версия", "Проверка", "Большой", "Маленький", "Новая версия"
    ]  # fmt: skip
    assert "Из 7 бизнесов у 1 сейчас теряются лиды." in text_of(page)
    assert "Молчит 4 ч, обычно 12 мин" in text_of(page)


def test_chips_count_and_narrow(network: Network) -> None:
    seven(network)
    page = network.page()
    assert chips_of(page) == {
        "Все": 7,
        "Теряют лиды": 1,
        "Требуют внимания": 1,
        "Старый сценарий": 1,
        "Тестовый режим": 1,
    }
    assert names_of(network.page("?state=losing")) == ["Молчит"]
    assert names_of(network.page("?state=attention")) == ["Без источника"]
    assert names_of(network.page("?state=old")) == ["Старая версия"]
    assert names_of(network.page("?state=test")) == ["Проверка"]
    assert len(names_of(network.page("?state=nonsense"))) == 7
    assert 'aria-current="true">Старый сценарий' in network.page("?state=old")


def test_pages_of_fifty_follow_each_other(network: Network) -> None:
    for n in range(52):
        booked(network.found(f"Салон {n:02d}"), 10, 1000 - n)
    page = network.page()
    assert names_of(page) == [f"Салон {n:02d}" for n in range(50)]
    assert "Показаны 1–50 из 52" in text_of(page)
    following = html.unescape(re.search(r'<a href="(\?[^"]+)" rel="next"', page)[1])  # type: ignore[index]
    second = network.page(following)
    assert names_of(second) == ["Салон 50", "Салон 51"]
    assert 'rel="next"' not in second
    assert len(names_of(network.page("?after=nonsense"))) == 50


def test_name_is_found_in_any_case(network: Network) -> None:
    for name in ("Студия «Лада»", "Барбершоп «Купец»", "Лад и мир"):
        network.found(name)
    assert sorted(names_of(network.page("?q=ЛАД"))) == ["Лад и мир", "Студия «Лада»"]
    assert chips_of(network.page("?q=лад"))["Все"] == 2
    assert "В этом состоянии нет ни одного бизнеса." in text_of(network.page("?q=нет"))


def test_share_is_drawn_towards_the_trade() -> None:
    """By hand: salons booked 45 of 110, so 5 of 10 with thirty cases more at that rate is 17.27 of 40."""
    priors = priors_of(
        [("salon", rate(40, 100)), ("salon", rate(5, 10)), ("salon", rate(0, 0)), ("clinic", rate(9, 10))]
    )
    assert share_of(rate(5, 10), priors["salon"]) == pytest.approx((5 + 30 * 45 / 110) / 40)
    assert share_of(rate(40, 100), priors["salon"]) == pytest.approx((40 + 30 * 45 / 110) / 130)
    assert share_of(rate(9, 10), priors["clinic"]) == pytest.approx(0.9)
    assert share_of(rate(0, 0), priors["salon"]) is None


def test_twenty_of_a_trade_fit_their_own_weight() -> None:
    """Twenty salons that book alike leave nothing to each of them: every one is drawn the whole way."""
    priors = priors_of([("salon", rate(10, 20))] * 20)
    assert share_of(rate(0, 20), priors["salon"]) == pytest.approx(0.5, abs=0.01)


def test_few_leads_are_grey_and_judged_by_no_colour(network: Network) -> None:
    few, many = network.found("Мало"), network.found("Много")
    before = TODAY - timedelta(days=40)
    booked(few, 2, 29)
    booked(few, 25, 29, before)
    booked(many, 90, 300)
    booked(many, 114, 300, before)
    page = network.page()
    row = {name: page.partition(f">{name}</a>")[2].partition("</tr>")[0] for name in ("Мало", "Много")}
    assert "share few" in row["Мало"]
    assert "—</td>" in row["Мало"]
    assert "share few" not in row["Много"]
    assert re.search(r'class="n wide loss">−8,0\xa0п\.\xa0п\.', row["Много"])
    assert "90 из 300" in row["Много"].replace("\xa0", " ")


def test_every_number_leads_into_its_business(network: Network) -> None:
    business = network.found("Салон")
    booked(business, 40, 100)
    links = re.findall(r'href="(/b/[^"]+)"', network.page().partition("<tbody")[2])
    assert len(links) == 3
    for link in links:
        assert link.startswith(f"/b/{business}/")
        assert network.browser().get(html.unescape(link)).status_code == 200


def test_files_hold_all_rows_and_no_formula(network: Network) -> None:
    evil = '=HYPERLINK("http://evil.example";"Жми")'
    booked(network.found(evil), 40, 100)
    for n in range(51):
        network.found(f"Салон {n}")
    answer = network.browser().get("/network?form=csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 53
    assert rows[1][0] == f"'{evil}"
    assert rows[1][3] == "100"
    book = CalamineWorkbook.from_filelike(io.BytesIO(network.browser().get("/network?form=xlsx").getvalue()))
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[1][0] in (evil, f"'{evil}")
    narrowed = network.browser().get("/network?form=csv&q=HYPERLINK").getvalue().decode("utf-8-sig")
    assert len(narrowed.splitlines()) == 2


def test_hostile_name_is_shown_as_text(network: Network) -> None:
    network.found("<img src=x onerror=alert(1)>")
    assert "<img" not in network.page()


def test_nobody_let_in_is_told_so(network: Network) -> None:
    assert "У вас пока нет ни одного бизнеса." in text_of(network.page())


def test_one_business_is_told_so(network: Network) -> None:
    network.found("Единственный")
    text = text_of(network.page())
    assert "В вашем бизнесе лиды сейчас не теряются." in text
    assert "у вас пока один" in text
    assert "Всё в порядке" in text


def test_told_salon_stands_there_with_who_waits(salon: Salon, new_network: Callable[[], Network]) -> None:
    network = new_network()
    give_role(network.person, salon.business, "manager")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: told.NOW)
        assert "2 ждут дольше 15 мин" in text_of(network.page())


def test_steps_that_break_off_are_counted_over_businesses(network: Network) -> None:
    """The step is the same in both versions; a client who falls silent by himself is none of ours."""
    ends = {"Первый": ("13", "!error", 4), "Второй": ("14", "!we_silent", 7), "Третий": ("14", "!client_silent", 9)}
    for name, (version_told, ended, n) in ends.items():
        member = JOINT.join(("Запись", version_told, "Подтверждение", ended))
        cell(network.found(name), "M15:edge", TODAY, by="edge", member=member, n=n)
    page = network.page("?view=steps")
    assert "Подтверждение Запись, v13, v14 2 из 3 11 Второй: 7" in text_of(page)
    assert "Чаще всего разговоры обрываются на шаге «Подтверждение»: у 2 из 3 бизнесов." in text_of(page)
    link = html.unescape(re.search(r'<a href="(/b/[^"]+ended=we_silent[^"]*)"', page)[1])  # type: ignore[index]
    assert network.browser().get(link).status_code == 200


def test_switcher_leads_to_all_businesses_of_who_has_several(network: Network) -> None:
    first = network.found("Первый")
    assert 'href="/network"' not in network.browser().get(f"/b/{first}/overview").content.decode()
    network.found("Второй")
    assert 'href="/network"' in network.browser().get(f"/b/{first}/overview").content.decode()
    assert 'href="/network"' in network.browser().get("/").content.decode()


def test_switcher_of_many_businesses_stays_short(network: Network) -> None:
    business = [network.found(f"Салон {n:02d}") for n in range(22)][-1]
    page = network.browser().get(f"/b/{business}/overview").content.decode()
    switcher = page.partition('id="places"')[2].partition("</div>")[0]
    assert switcher.count("<a ") == 21
