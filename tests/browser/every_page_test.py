"""Every page in the sizes, colours and languages people have: nothing complains, leaks out or shuts anybody out."""

import re
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from letopis.metrics.period import PRESETS, last_days
from tests.browser.addresses import ADDRESSES, Address
from tests.browser.salon import Salon
from tests.browser.window import PHONE, WIDE, Account, Variant, Window, hurdles, sideways, violations

RU_PHONE, RU_WIDE = Variant(PHONE), Variant(WIDE)
EN_PHONE = Variant(PHONE, "dark", "en")
VARIANTS = (RU_PHONE, RU_WIDE, EN_PHONE)
NARROW, TABLET, HEIGHT = 320, 768, 900
MOSCOW = ZoneInfo("Europe/Moscow")

KB = 1024
HTML_BYTES_MAX = 12 * KB
CSS_BYTES_MAX = 12 * KB
OWN_SCRIPT_BYTES_MAX = 2560
FIRST_VISIT_BYTES_MAX = 90 * KB
FIRST_VISIT_REQUESTS_MAX = 10
SECOND_PAGE_BYTES_MAX = 15 * KB

every_page = pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: one.name)


@every_page
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_page_is_sound(salon: Salon, window: Window, address: Address, variant: Variant) -> None:
    """No error, no foreign host, no violation of the policy, no hurdle, no sideways scroll, whatever is opened."""
    login = address.who(salon)
    with window.page(login, address.path(salon), variant, address.status) as (page, account):
        check_weight(account)
        touch_everything(page)
        assert violations(page) == []
        assert hurdles(page) == []
        assert sideways(page) <= 0
        if variant is RU_PHONE:
            for width in (NARROW, TABLET):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                assert sideways(page) <= 0, f"at {width} pixels"


@every_page
def test_page_is_whole_without_scripts(salon: Salon, window: Window, address: Address) -> None:
    login, path = address.who(salon), address.path(salon)
    with window.page(login, path, RU_WIDE, address.status) as (page, _):
        with_scripts = words_of(page)
    with window.page(login, path, Variant(scripts=False), address.status) as (page, _):
        assert words_of(page) == with_scripts


def test_second_page_is_light(salon: Salon, window: Window) -> None:
    """Whoever has been here fetches only the words."""
    with window.page(salon.lada.owner, salon.lada.url("dialogues"), RU_PHONE) as (page, account):
        for path in (salon.marina, salon.lada.url(""), salon.lada.url("overview"), salon.lada.url("visits")):
            account.weights.clear()
            page.goto(path)
            # A font or the site's own icon comes once, whenever a page first needs it.
            again = [weight for weight in account.weights if weight.kind not in ("font", "Other")]
            assert account.total() <= SECOND_PAGE_BYTES_MAX, account.weights
            assert len(again) <= 2, again


@pytest.mark.parametrize("days", PRESETS)
def test_overview_is_light_over_any_period(salon: Salon, window: Window, days: int) -> None:
    """A longer period is no heavier page: the budgets of a first visit hold at ninety days as at seven."""
    last = salon.now().astimezone(MOSCOW).date()
    period = last_days(last, days)
    with window.page(salon.lada.owner, salon.lada.url(f"overview?{period.query}"), RU_PHONE) as (page, account):
        assert page.locator("main .plot svg").count()
        check_weight(account)


def check_weight(account: Account) -> None:
    """The budgets of a first visit: nothing was in the cache."""
    own = [weight for weight in account.weights if weight.kind == "script" and "/vendor/" not in weight.url]
    assert account.total("html") <= HTML_BYTES_MAX
    assert account.total("css") <= CSS_BYTES_MAX
    assert sum(weight.bytes for weight in own) <= OWN_SCRIPT_BYTES_MAX
    assert account.total() <= FIRST_VISIT_BYTES_MAX, account.weights
    assert len(account.weights) <= FIRST_VISIT_REQUESTS_MAX, account.weights


def touch_everything(page: Page) -> None:
    """Open every menu, dialog and drawer, hover what can be hovered, follow one swap."""
    for opener in page.locator("button[popovertarget]").all():
        if opener.is_visible():
            opener.click()
            opened = page.locator(f"#{opener.get_attribute('popovertarget')}")
            expect(opened).to_be_visible()
            page.keyboard.press("Escape")
            expect(opened).to_be_hidden()
    for drawer in page.locator("main details:not([open]) > summary").all()[:8]:
        if drawer.is_visible():
            drawer.click()
    for figure in page.locator("main .plot svg").all()[:8]:
        if figure.is_visible():
            figure.hover(position={"x": 20, "y": 5}, force=True)
    if page.locator("#keys").count():
        page.locator("body").press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
    more = page.locator("main [hx-get][href]").first
    if more.count() and more.is_visible():
        with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
            more.click()
        page.wait_for_timeout(100)


def words_of(page: Page) -> list[str]:
    """What a person reads in the main part, without times that go on and without what only scripts can do."""
    text = page.evaluate("""() => {
        for (const gone of document.querySelectorAll("main time, main .js-only, main [data-copy]")) gone.remove();
        return document.querySelector("main").innerText;
    }""")
    return re.sub(r"\d\d:\d\d(:\d\d)?|\d+\s(мин|с|ч)\b", "", text).split()


def test_path_of_marina_is_known(salon: Salon, window: Window) -> None:
    """Her dialogue is found by her session id, and it is the page that the other tests look at."""
    with window.page(salon.lada.owner, salon.lada.url(f"dialogues?q={quote('sess_8f3c21')}")) as (page, _):
        expect(page.locator("main [data-row]")).to_have_count(1)
        page.locator("main [data-row]").click()
        assert salon.marina in page.url
