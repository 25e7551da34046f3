"""A browser that keeps account: what a page said, asked for, weighed and was refused while somebody looked at it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response

from tests.browser.salon import Login

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
)
PHONE, WIDE = (390, 844), (1440, 900)
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")
COLLECT_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", refused =>
    window.violations.push(`${refused.violatedDirective} ${refused.blockedURI}`));
"""
BROUGHT = {"Document": "html", "Stylesheet": "css", "Script": "script", "Font": "font", "Image": "image"}


@dataclass(frozen=True, slots=True)
class Variant:
    """How a person looks at the pages."""

    size: tuple[int, int] = WIDE
    scheme: str = "light"
    language: str = "ru"
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.size[0]}-{self.scheme}-{self.language}"


@dataclass(frozen=True, slots=True)
class Weight:
    """One answer that came over the line."""

    url: str
    kind: str
    bytes: int


@dataclass(slots=True)
class Account:
    """What one page did, gathered while it lives."""

    address: str
    refused_as: int = 200
    troubles: list[str] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    _asked: dict[str, tuple[str, str]] = field(default_factory=dict)

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self._said(message))
        page.on("pageerror", lambda error: self.troubles.append(f"error in a script: {error}"))
        page.on("requestfailed", lambda request: self._failed(request))
        page.on("request", lambda request: self._went(request))
        page.on("response", lambda response: self._answered(response))
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", lambda told: self._received(told))
        wire.on("Network.loadingFinished", lambda told: self._finished(told))

    def total(self, kind: str = "") -> int:
        return sum(weight.bytes for weight in self.weights if kind in ("", weight.kind))

    def _said(self, message: ConsoleMessage) -> None:
        # A page that is refused on purpose is told by the browser as an error; its status is looked at anyway.
        if message.type in ("error", "warning") and f"status of {self.refused_as}" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # A poll that is under way when the person leaves the page is broken off by the browser.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request failed: {request.url} {request.failure}")

    def _went(self, request: Request) -> None:
        if not request.url.startswith(f"{self.address}/"):
            self.troubles.append(f"went to another host: {request.url}")

    def _answered(self, response: Response) -> None:
        allowed = self.refused_as if response.request.is_navigation_request() else 200
        if response.status >= 400 and response.status != allowed:
            self.troubles.append(f"{response.status} for {response.url}")

    def _received(self, told: dict[str, Any]) -> None:
        self._asked[told["requestId"]] = (told["response"]["url"], BROUGHT.get(told["type"], told["type"]))

    def _finished(self, told: dict[str, Any]) -> None:
        url, kind = self._asked.get(told["requestId"], ("", ""))
        if told["encodedDataLength"]:
            self.weights.append(Weight(urlsplit(url).path, kind, int(told["encodedDataLength"])))


@dataclass(slots=True)
class Window:
    """One browser for all; whoever signed in once stays signed in."""

    browser: Browser
    address: str
    _sessions: dict[str, Any] = field(default_factory=dict)
    _languages: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def context(self, login: Login | None, variant: Variant) -> Iterator[BrowserContext]:
        """A fresh context with an empty cache, signed in."""
        state = self._signed_in(login, variant.language) if login else None
        context = self._context(variant, state)
        try:
            yield context
        finally:
            context.close()

    @contextmanager
    def page(
        self, login: Login | None, path: str, variant: Variant | None = None, status: int = 200
    ) -> Iterator[tuple[Page, Account]]:
        """The page at `path`, loaded, and the account of it; at the end nothing may be wrong with it."""
        with self.context(login, variant or Variant()) as context:
            page = context.new_page()
            account = Account(self.address, refused_as=status)
            account.listen(page)
            answer = page.goto(path, wait_until="load")
            assert answer is not None
            assert answer.status == status
            yield page, account
            assert account.troubles == []

    def _context(self, variant: Variant, state: Any = None) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": variant.size[0], "height": variant.size[1]},
            color_scheme="dark" if variant.scheme == "dark" else "light",
            locale="ru-RU" if variant.language == "ru" else "en-GB",
            timezone_id="Europe/Moscow",
            has_touch=variant.size == PHONE,
            java_script_enabled=variant.scripts,
            reduced_motion="reduce",
            storage_state=state,
        )
        context.set_default_timeout(10_000)
        context.add_init_script(COLLECT_VIOLATIONS)
        return context

    def _signed_in(self, login: Login, language: str) -> Any:
        """The cookies of a person who signed in by the form and has the language in the profile."""
        if login.email not in self._sessions:
            context = self._context(Variant())
            page = context.new_page()
            sign_in(page, login)
            self._sessions[login.email] = context.storage_state()
            context.close()
        if self._languages.get(login.email) != language:
            context = self._context(Variant(), self._sessions[login.email])
            page = context.new_page()
            choose_language(page, language)
            self._languages[login.email] = language
            context.close()
        return self._sessions[login.email]


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium; without its sandbox only for root, whom it does not start for otherwise."""
    switches = [*SWITCHES, "--no-sandbox"] if os.geteuid() == 0 else list(SWITCHES)
    return playwright.chromium.launch(executable_path=CHROMIUM, args=switches)


def sign_in(page: Page, login: Login) -> None:
    page.goto("/login")
    page.locator("input[name=login]").fill(login.email)
    page.locator("input[name=password]").fill(login.password)
    page.locator("main button.primary").click()
    page.wait_for_url(lambda url: "/login" not in url)


def choose_language(page: Page, language: str) -> None:
    page.goto("/me")
    page.locator("select[name=language]").select_option(language)
    with page.expect_navigation():
        page.locator("main button.primary").click()


def violations(page: Page) -> list[str]:
    """What the policy refused since the page was opened."""
    found: list[str] = page.evaluate("window.violations")
    return found


def hurdles(page: Page) -> list[str]:
    """What axe finds wrong, as sentences: rule, and the first places."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", list(AXE_TAGS)
    )
    return [
        f"{one['id']}: {one['help']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:4])
        for one in found["violations"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider
