"""The main pages in every theme, language and size: axe finds nobody shut out, and nothing goes wrong meanwhile.

One context a person and combination: who walks from page to page has the cache filled, so the whole matrix is quick.
What menus and dialogs hold is looked at in `every_page_test`.
"""

from itertools import groupby, product

import pytest

from tests.browser.addresses import ADDRESSES
from tests.browser.salon import Salon
from tests.browser.window import PHONE, WIDE, Account, Variant, Window, hurdles, sideways, violations

MAIN = (
    "login",
    "today",
    "today-empty",
    "overview",
    "dialogues",
    "dialogue",
    "visits",
    "sources",
    "quarantine",
    "journal",
    "people",
    "welcome",
)
PAGES = sorted((one for one in ADDRESSES if one.name in MAIN), key=lambda one: one.who.__qualname__)
# Languages last to change: each change goes through the person's profile.
MATRIX = [
    Variant(size, scheme, language)
    for language, scheme, size in product(("ru", "en"), ("light", "dark"), (PHONE, WIDE))
]


def test_every_main_page_has_an_address() -> None:
    assert {one.name for one in PAGES} == set(MAIN)


@pytest.mark.parametrize("variant", MATRIX, ids=str)
def test_nobody_is_shut_out(salon: Salon, window: Window, variant: Variant) -> None:
    wrong: dict[str, list[str]] = {}
    for login, addresses in groupby(PAGES, key=lambda one: one.who(salon)):
        with window.context(login, variant) as context:
            page = context.new_page()
            account = Account(window.address)
            account.listen(page)
            for address in addresses:
                answer = page.goto(address.path(salon), wait_until="load")
                assert answer is not None
                assert answer.status == address.status
                assert page.evaluate("document.documentElement.lang") == variant.language
                found = hurdles(page) + violations(page) + account.troubles
                if sideways(page) > 0:
                    found.append("goes sideways")
                if found:
                    wrong[address.name] = found
                account.troubles.clear()
    assert wrong == {}
