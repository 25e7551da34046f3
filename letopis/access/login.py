"""How people sign in: what we ask of django-allauth and django-axes beyond their settings."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from qrcode import QRCode  # type: ignore[import-untyped]

from letopis.access.models import Person

TOTP_LABEL = b"letopis/second-factor/v1"
QUIET_MODULES = 4


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by an owner or by the command line; nobody signs himself up, and no mail is sent."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Says nothing: the page that follows shows what was done (ui.md: no toasts)."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Sends nothing: Letopis has no mail of its own."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors lie encrypted: a copy of the database alone opens nothing."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Person) -> str:
        return user.email

    def build_totp_svg(self, url: str) -> str:
        """The code as an element of the page: the policy of the pages admits no `data:` picture."""
        code = QRCode(border=QUIET_MODULES)
        code.add_data(url)
        rows = code.get_matrix()
        dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
        # Black on white in both themes: cameras read nothing else reliably.
        return format_html(
            '<svg viewBox="0 0 {0} {0}" width="200" height="200" shape-rendering="crispEdges"'
            ' role="img" aria-label="{1}"><path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{2}"/></svg>',
            len(rows),
            _("QR code for the authenticator app"),
            dark,
        )


def login_of(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Whose attempts django-axes counts: the e-mail, folded, so that capitals do not open new attempts."""
    given = (credentials or {}).get("email") or (request.POST.get("login", "") if request else "")
    return str(given).strip().casefold()


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """The page after too many failures; it does not tell whether the e-mail is known."""
    wait_s = int(settings.AXES_COOLOFF_TIME.total_seconds())
    response = render(request, "account/locked_out.html", {"minutes": wait_s // 60}, status=429)
    response["Retry-After"] = str(wait_s)
    return response


def _cipher() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=TOTP_LABEL).derive(settings.LETOPIS_SECRET)
    return Fernet(base64.urlsafe_b64encode(key))
