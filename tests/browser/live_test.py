"""Pages that change while somebody looks at them."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.salon import Salon, found
from tests.browser.window import PHONE, Variant, Window, hurdles, sideways, violations

FIRST_EVENT_MS_MAX = 10_000
POLL_MS = 2000
READ_MS_MAX = 15_000
# What a phone gives a page to send something with; the test keeps what was sent.
MESSENGERS = "navigator.share = async told => { window.shared = told; };"
NO_MESSENGERS = "delete Navigator.prototype.share; Object.defineProperty(navigator, 'clipboard', {value: undefined});"


def test_first_event_appears_without_a_reload(salon: Salon, window: Window) -> None:
    place = found(salon.house, "Салон первого дня")
    with window.page(place.owner, place.url("welcome")) as (page, _):
        expect(page.locator("#first .wait")).to_be_visible()
        page.evaluate("window.before = true")
        salon.post(
            place, [{"event": "message_in", "source": "telegram", "client_id": "tg_1", "message": "Здравствуйте"}]
        )
        expect(page.locator("#first .note.ok")).to_be_visible(timeout=FIRST_EVENT_MS_MAX)
        expect(page.locator("#first .note.ok")).to_contain_text("telegram")
        expect(page.locator(".lede")).to_contain_text("Первое событие")
        expect(page.locator(".steps1 .no.ok")).to_have_count(2)
        assert page.evaluate("window.before") is True
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(3 * POLL_MS)
        assert asked == [], "what is here is not waited for any more"
        salon.catch_up()
        page.locator("#first a").click()
        expect(page.locator("h1")).to_contain_text("Сегодня")


def test_typed_text_and_focus_survive_a_poll(salon: Salon, window: Window) -> None:
    """Today renews itself every minute; the minute is not waited for."""
    with window.page(salon.lada.owner, salon.lada.url(""), Variant()) as (page, _):
        words = f"Марина {uuid4().hex[:6]}"
        page.locator("#search").fill(words)
        with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
            page.evaluate("""() => {
                const live = document.querySelector("main [hx-trigger*='every']");
                htmx.ajax("GET", live.getAttribute("hx-get"), {
                    source: live, target: live.getAttribute("hx-target"),
                    swap: live.getAttribute("hx-swap"), select: live.getAttribute("hx-select"),
                });
            }""")
        page.wait_for_timeout(200)
        expect(page.locator("#search")).to_have_value(words)
        expect(page.locator("#search")).to_be_focused()
        expect(page.locator("h1")).to_have_count(1)


def test_saved_hours_are_taken_while_one_looks(salon: Salon, window: Window) -> None:
    place = found(salon.house, "Салон с графиком")
    with window.page(place.owner, place.url("hours"), Variant(PHONE)) as (page, _):
        expect(page.locator(".lede")).to_contain_text("Пока нет графика")
        page.locator("[name=mon_opens]").fill("10:00")
        page.locator("[name=mon_closes]").fill("20:00")
        page.locator("[name=fill]").click()
        expect(page.locator("[name=sun_closes]")).to_have_value("20:00")
        page.locator("[name=sun_opens]").fill("")
        page.locator("[name=sun_closes]").fill("")
        page.locator("main button.primary").click()
        expect(page.locator(".early")).to_contain_text("пн–сб")
        expect(page.locator("#told .wait")).to_have_count(0, timeout=READ_MS_MAX)
        expect(page.locator(".early h2").first).to_have_text("Сейчас")
        assert page.locator("#told[hx-trigger]").count() == 0


def test_wrong_hours_are_told_at_their_field(salon: Salon, window: Window) -> None:
    with window.context(salon.lada.owner, Variant(PHONE)) as context:
        page = context.new_page()
        page.goto(salon.lada.url("hours"))
        page.locator("[name=tue_closes]").fill("09:00")
        page.locator("main button.primary").click()
        expect(page.locator("#id_tue_closes_error")).to_contain_text("Закрытие раньше открытия")
        expect(page.locator("[name=tue_closes]")).to_have_attribute("aria-invalid", "true")
        page.locator(".errors a").click()
        expect(page.locator("[name=tue_closes]")).to_be_focused()
        assert sideways(page) <= 0
        assert hurdles(page) == []


def test_day_is_shared_by_the_menu_of_the_phone(salon: Salon, window: Window) -> None:
    with window.context(salon.lada.owner, Variant(PHONE)) as context:
        context.add_init_script(MESSENGERS)
        page = context.new_page()
        page.goto(salon.lada.url(""))
        page.locator("[data-share]").click()
        page.wait_for_function("window.shared")
        told = page.evaluate("window.shared.text").replace("\u00a0", " ").splitlines()
        assert told[0] == "Студия «Лада», 22 ноября"
        assert [line.partition(":")[0] for line in told[1:]] == [
            "Новые обращения",
            "Записались",
            "Ответили за 5 минут",
        ]


def test_day_is_copied_where_there_is_no_such_menu(salon: Salon, window: Window) -> None:
    """Over plain HTTP there is no clipboard to write to either; the old way still copies."""
    with window.context(salon.lada.owner, Variant(PHONE)) as context:
        context.add_init_script(NO_MESSENGERS)
        page = context.new_page()
        page.goto(salon.lada.url(""))
        button = page.locator("[data-share]")
        page.evaluate("document.addEventListener('copy', () => { window.copied = document.activeElement.value; })")
        button.click()
        expect(button).to_have_text("Скопировано")
        assert page.evaluate("window.copied").startswith("Студия «Лада»")
        expect(button).to_be_focused()
        expect(button).to_have_text("Поделиться")
        expect(button.locator("svg")).to_have_count(1)
        assert violations(page) == []


def test_figures_stay_while_the_network_is_away(salon: Salon, window: Window) -> None:
    with window.context(salon.lada.owner, Variant(PHONE)) as context:
        page = context.new_page()
        page.goto(salon.lada.url(""))
        note, figures = page.locator("[data-offline]"), page.locator("main .strip .value")
        expect(note).to_be_hidden()
        before = figures.all_inner_texts()
        context.set_offline(True)
        expect(note).to_be_visible()
        expect(note).to_contain_text("Нет сети. Показано состояние на 10:")
        assert figures.all_inner_texts() == before
        with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
            context.set_offline(False)
        expect(note).to_be_hidden()


def test_server_that_does_not_answer_is_told_like_a_lost_network(salon: Salon, window: Window) -> None:
    with window.context(salon.lada.owner, Variant(PHONE)) as context:
        page = context.new_page()
        page.goto(salon.lada.url(""))
        page.route("**/*", lambda route: route.abort("connectionrefused"))
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("[data-offline]")).to_be_visible()
        expect(page.locator("main .strip .value").first).to_be_visible()
