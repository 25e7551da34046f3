"""Every number that is a door leads to as many rows as it says."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.salon import Salon
from tests.browser.window import Window

LISTS = "main :is(.strip, .call, .lede, .causes, .todo, .lost, table) a:is([href*='/dialogues'], [href*='/visits'])"
NUMBER = re.compile(r"\d+(?:\u00a0\d{3})*(?:[,.:]\d+)?(?:\u00a0(?:%|с|мин|ч|₽|п))?")
AT_LEAST = {"": 3, "overview": 12}


def number(words: str) -> int | None:
    """The first number in some words when it is a count; shares, lengths and money are none."""
    found = NUMBER.search(words)
    digits = found[0].replace("\u00a0", "") if found else ""
    return int(digits) if digits.isdecimal() else None


def doors(page: Page) -> list[tuple[str, str, int]]:
    """Words, address and number of each link of the page that stands on a count."""
    found = []
    for link in page.locator(LISTS).all():
        words = (link.text_content() or "").strip()
        count = number(words)
        if count is not None:
            found.append((words, link.get_attribute("href") or "", count))
    return found


@pytest.mark.parametrize("path", AT_LEAST, ids=lambda path: path or "today")
def test_number_opens_as_many_rows(salon: Salon, window: Window, path: str) -> None:
    with window.page(salon.lada.owner, salon.lada.url(path)) as (page, _):
        found = doors(page)
        assert len(found) >= AT_LEAST[path], found
        wrong = []
        for words, address, count in found:
            page.goto(address)
            behind = number(page.locator("main .lede").inner_text()) or 0
            if behind != count:
                wrong.append(f"{words!r} leads to {behind}: {address}")
        assert wrong == []
