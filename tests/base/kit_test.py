"""The shell and the small parts: whole with much and with nothing on the request, within the budgets and the policy."""

import ast
import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory, override_settings
from django.utils import translation

from letopis.base import parts
from letopis.base.menu import MenuGroup, MenuLink, tabs
from letopis.base.shell import Seal, Trial, initials

ROOT = Path(__file__).resolve().parents[2]
GETTEXTS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext", "pgettext_lazy"})
STATIC = ROOT / "letopis" / "base" / "static"
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STYLE_BYTES_MAX = 12 * 1024
SCRIPT_BYTES_MAX = 2_560


@pytest.fixture(autouse=True)
def plain_russian() -> Iterator[None]:
    with translation.override("ru"), override_settings(STORAGES=PLAIN):
        yield


def shown(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def page(name: str, **laid: Any) -> str:
    request: HttpRequest = RequestFactory().get("/")
    for key, value in laid.items():
        setattr(request, key, value)
    return get_template(name).render({}, request)


def a_menu() -> list[MenuGroup]:
    keys = ("today", "overview", "waiting", "dialogues", "sources", "quarantine")
    links = [MenuLink(key, key, f"/{key}", icon="home", count=6, current=key == "sources") for key in keys]
    return [MenuGroup("", links[:4]), MenuGroup("Настройка", links[4:])]


def test_page_stands_with_nothing_around_it() -> None:
    markup = page("base/page.html")
    assert 'lang="ru"' in markup
    assert '<main id="main"' in markup
    assert "<nav" not in markup
    assert 'role="search"' not in markup


def test_page_shows_what_lies_on_the_request() -> None:
    person = SimpleNamespace(is_authenticated=True, theme="dark", keys_on=False, __str__=lambda: "")
    markup = page(
        "base/page.html",
        menu=a_menu(),
        user=person,
        business=SimpleNamespace(name="Студия <b>Лада</b>"),
        seal=Seal(48_213, datetime.now(UTC)),
        trial=Trial(6),
        search_url="/find",
        theme_url="/theme",
    )
    assert "Студия &lt;b&gt;Лада" in markup
    assert "48\u00a0213 событий" in markup
    assert "Журнал цел" in markup
    assert "DEBUG ещё 6 дней" in markup
    assert 'data-theme="dark"' in markup
    assert 'data-keys="off"' in markup
    assert 'data-theme-url="/theme"' in markup
    assert markup.count('aria-current="page"') == 2, "in the column and in the sheet of the phone"
    assert 'popovertarget="more" aria-current="true"' in markup, "the phone's last tab holds the current page"


def test_phone_keeps_four_known_sections() -> None:
    assert [link.key for link in tabs(a_menu())] == ["today", "waiting", "overview", "dialogues"]


def test_phone_fills_up_with_what_there_is() -> None:
    assert [link.key for link in tabs([MenuGroup("", [MenuLink("sources", "", "", icon="webhook")])])] == ["sources"]


@pytest.mark.parametrize("name", ["base/403.html", "base/404.html", "base/500.html", "base/public.html"])
def test_pages_outside_a_business_stand_alone(name: str) -> None:
    assert "<h1>" in page(name)
    assert "<h1>" in get_template(name).render({}), "without a request, as when all else has failed"


@pytest.mark.parametrize(
    ("name", "letters"), [("Анна Лада", "АЛ"), ("owner@salon.ru", "O"), ("", ""), ("анна мария лада", "АМ")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_icon_is_hidden_and_points_into_the_sprite() -> None:
    assert shown('{% icon "clock" %}') == (
        '<svg class="i" aria-hidden="true"><use href="/static/vendor/icons.svg#clock"/></svg>'
    )


def test_pill_says_its_state_in_words() -> None:
    assert 'class="pill loss"' in shown('{% pill "lost" %}')
    assert "потерян" in shown('{% pill "lost" %}')
    assert "&lt;i&gt;" in shown("{% pill state %}", state="<i>")


def test_every_state_of_judgement_has_an_icon() -> None:
    assert [name for name, state in parts.STATES.items() if state.tone and not state.icon] == []


def test_time_is_for_people_and_programs() -> None:
    markup = shown('{% when at "time" %}', at=datetime(2026, 11, 18, 16, 42, 8, tzinfo=UTC))
    assert 'datetime="2026-11-18T16:42:08+00:00"' in markup
    assert "19:42:08" in markup
    assert ">19:42<" in markup
    assert shown("{% when at %}", at=None) == "—"


def test_cell_judges_only_when_told() -> None:
    good = shown("{% cell c %}", c=parts.Cell("Имя", "1", change="+1 %", better=True, goal="цель", goal_met=False))
    assert '<b class="ok">+1 %</b>' in good
    assert 'class="loss"' in good
    few = shown("{% cell c %}", c=parts.Cell("Имя", "1", change="+1 %", better=True, few=True))
    assert '<b class="">+1 %</b>' in few


def test_code_is_escaped_and_copied_whole() -> None:
    assert "&lt;script&gt;" in shown("{% code text %}", text="<script>")
    assert 'data-copy="whole&quot;"' in shown('{% copied "short" whole %}', whole='whole"')


def test_query_changes_only_what_it_names() -> None:
    request = RequestFactory().get("/?channel=telegram&after=7")
    assert shown('{% query channel="vk" after=None %}', request=request) == "?channel=vk"


@pytest.mark.parametrize("path", sorted((ROOT / "letopis").rglob("*.html")), ids=lambda path: path.name)
def test_template_obeys_the_policy(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|\bjs:|data:image", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)


def test_style_and_script_keep_their_budgets() -> None:
    assert len(gzip.compress((STATIC / "letopis.css").read_bytes())) <= STYLE_BYTES_MAX
    assert len(gzip.compress((STATIC / "letopis.js").read_bytes())) <= SCRIPT_BYTES_MAX


def test_style_names_no_colour_outside_its_tokens() -> None:
    style = (STATIC / "letopis.css").read_text(encoding="utf-8")
    body = style[style.index("/* Ground */") : style.index("@media print")]
    assert not re.findall(r"#[0-9a-f]{3,8}\b", body)


def test_no_text_hides_in_a_formatted_string() -> None:
    """Whoever gathers the texts does not look there, and the page would say them in English."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "letopis").rglob("*.py"))
        for formatted in ast.walk(ast.parse(path.read_text()))
        if isinstance(formatted, ast.JoinedStr)
        for call in ast.walk(formatted)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXTS
    ]
    assert hidden == []


def test_every_text_is_translated() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "messages", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_length_of_a_list_is_how_many_there_are() -> None:
    """The name is Django's too: pages count rows by it, and tell spans of time by it."""
    assert (
        shown("{{ rows|length }} {{ told|length }} {{ none|length }}", rows=[1, 2, 3], told="слово", none=[]) == "3 5 0"
    )
    assert shown("{{ seconds|length }}", seconds=660).replace("\u00a0", " ") == "11 мин"
