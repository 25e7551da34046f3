"""One browser and one demo salon for all tests of this folder; both are gone before other tests go on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import salon as salons
from tests.browser.salon import Salon
from tests.browser.window import CHROMIUM, Window, launch

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}: apt-get install chromium, or name one in CHROMIUM")
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if shutil.which(CHROMIUM) is None:
                item.add_marker(missing)


@pytest.fixture(scope="package")
def salon() -> Iterator[Salon]:
    with salons.opened() as running:
        yield running


# Not for the whole session: while Playwright lives, its event loop stands in the way of other tests in this thread.
@pytest.fixture(scope="package")
def window(salon: Salon) -> Iterator[Window]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield Window(browser, salon.address)
        browser.close()
