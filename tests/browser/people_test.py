"""What people choose and what they may see: signing in, theme, language, hidden words."""

from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.salon import Salon
from tests.browser.window import PHONE, Variant, Window, choose_language

WORDS_OF_MARINA = "Хочу на маникюр завтра после обеда"


def test_wrong_password_is_told(salon: Salon, window: Window) -> None:
    """What was typed as the login stays; the field is tied to the error."""
    with window.page(None, "/login", Variant(PHONE)) as (page, _):
        page.locator("input[name=login]").fill(salon.people["manager"].email)
        page.locator("input[name=password]").fill("не тот пароль")
        page.locator("main button.primary").click()
        errors = page.locator(".errors, [role=alert]").first
        expect(errors).to_be_visible()
        assert errors.inner_text().strip()
        expect(page.locator("input[name=login]")).to_have_value(salon.people["manager"].email)
        assert page.url.endswith("/login")


def test_theme_stays_chosen(salon: Salon, window: Window) -> None:
    """The server knows it: the next page comes in it without a flash."""
    with window.page(salon.strangers.owner, "/me") as (page, _):
        root = page.locator("html")
        with page.expect_response("**/me/theme"):
            page.locator("[data-theme-toggle]").click()
        expect(root).to_have_attribute("data-theme", "dark")
        page.reload()
        expect(root).to_have_attribute("data-theme", "dark")
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(19, 20, 23)"
        with page.expect_response("**/me/theme"):
            page.locator("[data-theme-toggle]").click()
        expect(root).to_have_attribute("data-theme", "light")


def test_language_is_changed_in_the_profile(salon: Salon, window: Window) -> None:
    with window.page(salon.strangers.owner, "/me") as (page, _):
        expect(page.locator("h1")).to_have_text("Профиль")
        choose_language(page, "en")
        expect(page.locator("h1")).to_have_text("Profile")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        choose_language(page, "ru")
        expect(page.locator("h1")).to_have_text("Профиль")


def test_integrator_sees_nobody(salon: Salon, window: Window) -> None:
    """Neither on the page nor in its source; what was said and what machines did stays visible."""
    with window.page(salon.people["integrator"], salon.marina) as (page, _):
        source = page.content()
        assert "Марин" not in source
        assert "tg_12345678" not in source
        assert page.locator(".bubble").count() >= 5
        assert page.locator(".step").count() > 0
        page.goto(salon.lada.url("dialogues"))
        assert page.locator("main [data-row]").count() > 10
        page.goto(salon.lada.url(f"dialogues?q={quote('маникюр')}"))
        assert "маникюр завтра" not in page.locator("main").inner_text()
    with window.page(salon.lada.owner, salon.marina) as (page, _):
        assert WORDS_OF_MARINA in page.content()


def test_manager_finds_out_why_marina_has_no_appointment(salon: Salon, window: Window) -> None:
    """As somebody new would, on a phone: search her name, open the dialogue, read where it broke."""
    with window.page(salon.people["manager"], salon.lada.url(""), Variant(PHONE)) as (page, _):
        page.locator(".bar a.find").click()
        page.locator("main input[name=q]").fill("Марина маникюр завтра")
        page.locator("main input[name=q]").press("Enter")
        page.locator("main [data-row]").filter(has_text=WORDS_OF_MARINA).click()
        expect(page.locator(".broke")).to_be_visible()
        expect(page.locator("h1")).to_contain_text("Марина")
        assert "15:00" in page.locator(".lede").inner_text()
