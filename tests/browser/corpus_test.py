"""The corpus of tests/security, written into everything that a sender may name, looked at on every page by a browser.

Nothing runs, no dialog opens, nothing is asked of another host, the policy has nothing to refuse, and what was written
stands there as text.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from letopis.access.rules import ruled
from tests.browser.salon import Place, Salon, found
from tests.browser.window import Variant, Window, violations
from tests.security.corpus import CORPUS

BATCH = 400
SAMPLE = CORPUS[::4]
PAGES_MAX = 220
FORMS_A_PAGE_MAX = 4
PARAMETERS = (
    "q", "name", "channel", "branch", "campaign", "service", "master", "scenario", "version", "step", "reason",
    "refused_for", "outcome", "state", "way", "by", "against", "part", "before", "after", "from", "to", "compare",
    "tab", "view", "table", "of", "id", "cause", "next", "saved",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(salon: Salon) -> Place:
    """A business where every word comes from the corpus."""
    made = found(salon.house, f"Салон {CORPUS[0][:60]}")
    began = salon.now() - timedelta(hours=30)
    events = [event for n, text in enumerate(CORPUS) for event in written(n, text, began)]
    for start in range(0, len(events), BATCH):
        assert salon.post(made, events[start : start + BATCH]) == 202
    for text in SAMPLE:
        salon.post(made, f'{{"event": "message_in", "message": {text}'.encode())
    salon.catch_up()
    return made


def written(n: int, text: str, began: Any) -> Iterator[dict[str, Any]]:
    """One client's way, with the text wherever a text may stand."""
    at = (began + timedelta(minutes=10 * n)).isoformat()
    short = text[:120]
    who = {
        "source": "telegram", "client_id": f"tg_{n}{short}", "session_id": f"sess_{n}", "name": short,
        "scenario": short, "version": text[:30], "step": short, "campaign": short, "branch": short, "timestamp": at,
    }  # fmt: skip
    visit = {"id": f"A{n}{text[:60]}", "start": at, "service": short, "resource": short, "price": "100"}
    yield {**who, "event": "message_in", "message": text, "message_id": f"m{n}"}
    yield {**who, "event": "step_entered", "dedup_key": f"s{n}"}
    yield {**who, "event": "intent_detected", "intent": short, "dedup_key": f"i{n}"}
    yield {**who, "event": "model_call", "model": short, "result": "error", "reason": short, "dedup_key": f"l{n}"}
    yield {
        **who, "event": "tool_call", "tool": short, "result": "error", "reason": short, "dedup_key": f"t{n}",
        "attributes": {"request": short, "answer": text, "key": short, short[:40]: short},
    }  # fmt: skip
    yield {**who, "event": "message_out", "role": "assistant", "message": text, "message_id": f"o{n}"}
    yield {**who, "event": "appointment_created", "appointment": visit, "dedup_key": f"a{n}"}
    crm = {"provider": short, "deal_id": f"{n}{short}"}
    yield {**who, "event": "crm_delivery", "crm": crm, "result": "error", "reason": text, "dedup_key": f"c{n}"}
    yield {**who, "event": "escalation", "reason": short, "dedup_key": f"e{n}"}
    yield {**who, "event": "escalation_taken", "person": short, "dedup_key": f"p{n}"}
    yield {**who, "event": "refusal", "reason": short, "dedup_key": f"r{n}"}
    yield {**who, "event": "error", "level": "ERROR", "reason": text, "dedup_key": f"x{n}"}
    yield {**who, "event": f"kind_{n}", "message": text, "dedup_key": f"k{n}", "files": [{"name": short, "size": 1}]}
    if n % 8 == 0:
        yield {**who, "event": "change_mark", "title": short, "reason": text, "dedup_key": f"h{n}"}
        yield {
            **who, "event": "catalogue_version", "dedup_key": f"v{n}",
            "services": [{"name": short, "price_from": "1"}], "masters": [{"name": short, "branch": short}],
        }  # fmt: skip


@contextmanager
def watched(window: Window, salon: Salon, place: Place, *, sends: bool = False) -> Iterator[Page]:
    """A page of the owner's; whatever it did that it should not have is told at the end."""
    with window.context(place.owner, Variant()) as context:
        page = context.new_page()
        deeds: list[str] = []
        page.on("dialog", lambda dialog: (deeds.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: deeds.append(f"script {error}"))
        page.on("popup", lambda popup: deeds.append(f"window {popup.url}"))
        page.on("console", lambda told: deeds.append(told.text) if "Security Policy" in told.text else None)
        page.on("request", lambda asked: None if asked.url.startswith(f"{salon.address}/") else deeds.append(asked.url))
        if not sends:
            page.on("request", lambda asked: deeds.append(asked.url) if asked.method != "GET" else None)
        yield page
        assert deeds == []


def check(page: Page) -> None:
    """What a text that had come alive would have left behind."""
    assert page.evaluate("window.pwned") is None, page.url
    assert violations(page) == [], page.url
    assert not page.locator("main b[style], main script, main style, main iframe, main object, main base").count()


def addresses(place: Place) -> list[str]:
    """Pages of the business that need no object; the others are found by following links."""
    told = (route.path for route in ruled() if route.path.startswith("b/<uuid:business>") and "GET" in route.methods)
    return [f"/{path.replace('<uuid:business>', place.business)}" for path in told if "<" not in path[20:]]


def path_of(url: str) -> str:
    return re.sub(r"[?#].*", "", url)


def test_corpus_is_text_on_every_page(salon: Salon, window: Window, place: Place) -> None:
    """Every page, and every page that a link of them leads to."""
    ahead, seen, kinds = addresses(place), set[str](), set[str]()
    with watched(window, salon, place) as page:
        while ahead and len(seen) < PAGES_MAX:
            path = ahead.pop(0)
            if path_of(path) in seen or "/export" in path:
                continue
            seen.add(path_of(path))
            answer = page.goto(path, wait_until="load")
            assert answer is not None
            assert answer.status == 200, path
            check(page)
            kinds.add(re.sub(r"[0-9a-f-]{36}|\d+", "*", path_of(path)))
            links = page.locator("main a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
            for link in links:
                assert re.match(r"[/?#]|$", link), link
                assert not link.startswith("//"), link
                if link.startswith(f"/b/{place.business}/") and "form=" not in link:
                    ahead.append(link)
        page.goto("/definitions")
        check(page)
    wanted = {"/b/*/dialogues/*", "/b/*/quarantine/*", "/b/*/changes/*", "/b/*/goals/M*", "/b/*/visits"}
    assert wanted <= kinds, wanted - kinds


def test_corpus_is_read_as_it_was_written(salon: Salon, window: Window, place: Place) -> None:
    with watched(window, salon, place) as page:
        for n in range(0, len(CORPUS), 3):
            page.goto(salon.dialogue(place, f"sess_{n}"))
            check(page)
            shown = page.locator(".bubble.client").all_text_contents()
            assert any(squeezed(CORPUS[n]) in squeezed(text) for text in shown), CORPUS[n]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_corpus_in_addresses_is_text(salon: Salon, window: Window, place: Place) -> None:
    """In every parameter that a page may read, another text in each, and in the login's own."""
    with watched(window, salon, place) as page:
        for turn, path in enumerate([*addresses(place), "/network", "/definitions", "/me", "/me/security"]):
            for again in (0, 1):
                asked = "&".join(
                    f"{name}={quote(CORPUS[(turn * 2 + again + 7 * n) % len(CORPUS)][:100])}"
                    for n, name in enumerate(PARAMETERS)
                )
                if "/export" in path:
                    continue
                page.goto(f"{path}?{asked}", wait_until="load")
                check(page)


def test_corpus_in_forms_is_text(salon: Salon, window: Window, place: Place) -> None:
    """Typed into every field of every form that takes words, and sent; the page that answers shows it as text."""
    sent = 0
    with watched(window, salon, place, sends=True) as page:
        for turn, path in enumerate(addresses(place)):
            page.goto(path) if "/export" not in path else None
            forms = page.locator("main form[method=post]").count()
            for number in range(min(forms, FORMS_A_PAGE_MAX)):
                form = page.locator("main form[method=post]").nth(number)
                fields = form.locator("input[type=text], input:not([type]), textarea")
                if not fields.count() or not form.is_visible():
                    continue
                for n, field in enumerate(fields.all()):
                    # Past the bounds of the page itself: a program sends what it likes.
                    field.evaluate("(field, text) => { field.value = text }", CORPUS[(turn + 5 * n) % len(CORPUS)])
                with page.expect_navigation():
                    form.evaluate("form => HTMLFormElement.prototype.submit.call(form)")
                check(page)
                sent += 1
                page.goto(path)
                check(page)
    assert sent >= 5


def test_corpus_in_a_table_that_is_brought_is_text(salon: Salon, window: Window, place: Place) -> None:
    """The preview of an upload, with the corpus in its names, its cells and the name of the file."""
    lines = [
        "Услуга;Цена;Минут;Категория",
        *(f'"{text.replace(chr(34), chr(34) * 2)[:90]}";100;30;x' for text in SAMPLE),
    ]
    data = "\n".join(lines).encode()
    with watched(window, salon, place, sends=True) as page:
        for path in ("catalogue/file", "campaigns/costs"):
            page.goto(place.url(path))
            file = {"name": '"><img src=x onerror=alert(1)>.csv', "mimeType": "text/html", "buffer": data}
            page.locator("main input[type=file]").set_input_files([file])  # type: ignore[list-item]
            page.locator("main form:has(input[type=file]) button").first.click()
            page.wait_for_load_state("load")
            expect(page.locator("h1")).to_be_visible()
            check(page)
