"""What strangers write is text, and however much they write, the page stays light."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.every_page_test import HTML_BYTES_MAX
from tests.browser.salon import Salon
from tests.browser.window import Window, hurdles, sideways, violations

HOSTILE = (
    "<script>document.title = 'broken in'</script>",
    "<img src=x onerror=\"document.title='broken in'\">",
    '"><svg onload="document.title=\'broken in\'">',
    "</textarea></div><style>body{display:none}</style>",
    "javascript:document.title='broken in'",
    '<a href="javascript:alert(1)" hx-get="/me" hx-trigger="load">нажмите</a>',
    '<div hx-on:load="document.title=\'broken in\'" hx-get="/me/theme" hx-trigger="load"></div>',
    "{{ request.user }} {% debug %} ${7*7} #{7*7}",
    "' OR 1=1; DROP TABLE dialogues_dialogue; --",
    "&lt;b&gt; &amp; &#x3C;script&#x3E;",
    "‮слово наоборот‬ и ​невидимый пробел",
    "Ж" * 600,
)
LONG_MESSAGES = 5000
BATCH = 500


@pytest.fixture(scope="module")
def hostile(salon: Salon) -> list[str]:
    """The dialogue pages of clients whose names and words are the corpus."""
    began = salon.now() - timedelta(minutes=30)
    salon.post(salon.strangers, [event for n, words in enumerate(HOSTILE) for event in _told(n, words, began)])
    salon.catch_up()
    return [salon.dialogue(salon.strangers, f"sess_h{n}") for n in range(len(HOSTILE))]


def _told(n: int, words: str, began: datetime) -> list[dict[str, object]]:
    who = {"source": "telegram", "client_id": f"tg_{n}", "session_id": f"sess_h{n}", "name": words[:120]}
    at = began + timedelta(seconds=n)
    return [
        {"event": "message_in", "timestamp": at.isoformat(), "message_id": f"h{n}", "message": words, **who},
        {"event": "crm_delivery", "timestamp": at.isoformat(), "result": "error", "reason": words[:400], **who},
    ]


def test_hostile_words_are_text_in_the_list(salon: Salon, window: Window, hostile: list[str]) -> None:
    with window.page(salon.strangers.owner, salon.strangers.url("dialogues")) as (page, _):
        shown = page.locator("main .said").all_inner_texts()
        assert len(shown) >= len(hostile)
        assert any(HOSTILE[0] in text for text in shown)
        assert "broken in" not in page.title()
        assert violations(page) == []
        assert sideways(page) <= 0
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            assert sideways(page) <= 0


def test_hostile_words_are_text_in_the_dialogue(salon: Salon, window: Window, hostile: list[str]) -> None:
    for path, words in zip(hostile, HOSTILE, strict=True):
        with window.page(salon.strangers.owner, path) as (page, account):
            expect(page.locator(".bubble.client").first).to_contain_text(words)
            page.wait_for_timeout(50)
            assert "broken in" not in page.title()
            assert violations(page) == []
            assert sideways(page) <= 0
            assert not [weight for weight in account.weights if "/me" in weight.url]


def test_dialogue_of_five_thousand_messages_is_light(salon: Salon, window: Window) -> None:
    began = salon.now() - timedelta(days=2)
    who = {"source": "telegram", "client_id": "tg_long", "session_id": "sess_long"}
    for start in range(0, LONG_MESSAGES, BATCH):
        salon.post(
            salon.strangers,
            [
                {
                    "event": "message_in" if n % 2 else "message_out",
                    "timestamp": (began + timedelta(seconds=n * 20)).isoformat(),
                    "message_id": f"long{n}",
                    "message": f"Сообщение {n}: а можно на {n % 12 + 8}:00, или в другой день?",
                    **who,
                }
                for n in range(start, start + BATCH)
            ],
        )
    salon.catch_up()
    path = salon.dialogue(salon.strangers, "sess_long")
    with window.page(salon.strangers.owner, path) as (page, account):
        assert account.total("html") <= HTML_BYTES_MAX
        parts = page.locator("nav.chips a")
        assert parts.count() > 1
        account.weights.clear()
        parts.last.click()
        page.wait_for_url("**part=*")
        expect(page.locator(".bubble").last).to_contain_text("Сообщение")
        assert account.total("html") <= HTML_BYTES_MAX
        assert hurdles(page) == []
