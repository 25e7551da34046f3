"""On paper: the page itself, without menu and tools."""

import re

from playwright.sync_api import expect

from tests.browser.salon import Salon
from tests.browser.window import Window

NOT_ON_PAPER = ".side, .bar, .five, .tools, .skip, .search"
PAGES_OF_OVERVIEW = range(1, 4)
PAGES_OF_MARINA = range(2, 9)


def test_printed_pages_have_no_menu(salon: Salon, window: Window) -> None:
    for path, pages in ((salon.lada.url("overview"), PAGES_OF_OVERVIEW), (salon.marina, PAGES_OF_MARINA)):
        with window.page(salon.lada.owner, path) as (page, _):
            printed = page.pdf(format="A4", print_background=True)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) in pages
            page.emulate_media(media="print")
            for part in page.locator(NOT_ON_PAPER).all():
                expect(part).to_be_hidden()
            expect(page.locator(".printfoot")).to_be_visible()
            expect(page.locator("main .lede")).to_be_visible()
