"""Everything can be done by keys, and the focus is never lost."""

from playwright.sync_api import Page, expect

from tests.browser.salon import Salon
from tests.browser.window import Window

FOCUSED = "document.activeElement.{}"
TABS_MAX = 80


def focused(page: Page, what: str = "id") -> str:
    found: str = page.evaluate(FOCUSED.format(what))
    return found


def test_first_tab_skips_to_the_content(salon: Salon, window: Window) -> None:
    with window.page(salon.lada.owner, salon.lada.url("dialogues")) as (page, _):
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert focused(page) == "main"


def test_slash_goes_to_the_search(salon: Salon, window: Window) -> None:
    """And finds the client whose words are typed there."""
    with window.page(salon.lada.owner, salon.lada.url("")) as (page, _):
        page.keyboard.press("/")
        assert focused(page) == "search"
        page.keyboard.type("sess_8f3c21")
        page.keyboard.press("Enter")
        page.wait_for_url("**/dialogues?q=sess_8f3c21")
        expect(page.locator("main [data-row]")).to_have_count(1)


def test_j_and_k_walk_the_list_and_the_dialogues(salon: Salon, window: Window) -> None:
    with window.page(salon.lada.owner, salon.lada.url("dialogues")) as (page, _):
        rows = page.locator("main [data-row]")
        for _press in range(2):
            page.keyboard.press("j")
        expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(rows.first).to_be_focused()
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/dialogues/*")
        second = page.url
        with page.expect_navigation():
            page.keyboard.press("j")
        assert page.url != second
        with page.expect_navigation():
            page.keyboard.press("k")
        assert page.url == second


def test_arrows_tell_the_days_of_the_trend(salon: Salon, window: Window) -> None:
    with window.page(salon.lada.owner, salon.lada.url("overview")) as (page, _):
        trend = page.locator(".plot[data-days]").first
        trend.focus()
        page.keyboard.press("Home")
        tip = trend.locator(".tip")
        expect(tip).to_have_attribute("role", "status")
        first = tip.inner_text()
        page.keyboard.press("ArrowRight")
        assert tip.inner_text() != first
        page.keyboard.press("ArrowLeft")
        assert tip.inner_text() == first
        page.keyboard.press("Escape")
        expect(tip).to_have_count(0)
        expect(trend).to_be_focused()


def test_menus_give_the_focus_back(salon: Salon, window: Window) -> None:
    with window.page(salon.lada.owner, salon.lada.url("overview")) as (page, _):
        for opener in page.locator("button[popovertarget]:visible").all():
            opener.focus()
            page.keyboard.press("Enter")
            expect(page.locator(f"#{opener.get_attribute('popovertarget')}")).to_be_visible()
            page.keyboard.press("Tab")
            page.keyboard.press("Escape")
            expect(opener).to_be_focused()


def test_letters_in_a_field_are_letters(salon: Salon, window: Window) -> None:
    with window.page(salon.lada.owner, salon.lada.url("dialogues")) as (page, _):
        page.locator("#search").focus()
        page.keyboard.type("jkt?/gd")
        expect(page.locator("#search")).to_have_value("jkt?/gd")
        expect(page.locator("#keys")).to_be_hidden()


def test_tab_reaches_the_rows_and_is_always_seen(salon: Salon, window: Window) -> None:
    """Each stop on the way has a visible ring, and none lies outside the window."""
    with window.page(salon.lada.owner, salon.lada.url("dialogues")) as (page, _):
        for _press in range(TABS_MAX):
            page.keyboard.press("Tab")
            ring, top, bottom = page.evaluate("""() => {
                const here = document.activeElement, box = here.getBoundingClientRect(), look = getComputedStyle(here);
                const holder = here.closest(".search") ? getComputedStyle(here.closest(".search")) : look;
                const own = here.matches("input[type=date]");  // the browser marks the part that is being set
                return [own || [look, holder].some(one => one.outlineStyle !== "none"), box.top, box.bottom];
            }""")
            where = focused(page, "outerHTML")[:120]
            assert ring, where
            assert bottom >= 0, where
            assert top <= 900, where
            if focused(page, "matches('[data-row]')"):
                return
        raise AssertionError("no row was reached")
