"""Pages that change while somebody looks at them."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.salon import Salon, found
from tests.browser.window import Variant, Window

FIRST_EVENT_MS_MAX = 10_000


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
        assert page.evaluate("window.before") is True
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
