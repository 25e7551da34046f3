"""The answers of a closed door: sign in, not for your role, not here.

To a part of a page (htmx) the answer is short and tells the page to load itself again: the whole page then gives the
full answer, and what stood on it is gone from the screen.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from letopis.access.log import note_look
from letopis.access.models import Role
from letopis.access.rules import Audience, Rule, Verdict


def sign_in(request: Any) -> HttpResponseBase:
    request.verdict = Verdict.SIGN_IN
    if _is_part(request):
        return _part(401)
    # A form that was sent cannot be sent again after the login: come back to the start instead.
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")


def forbidden(request: Any, rule: Rule) -> HttpResponseBase:
    """Says who can open the page."""
    request.verdict = Verdict.FORBIDDEN
    if rule.audience is Audience.BUSINESS:
        # Inside the transaction and the wall of the page that was refused.
        note_look(request, "page", request.resolver_match.view_name, refused=True)
    if _is_part(request):
        return _part(403)
    who = ", ".join(str(role.label) for role in Role if role in rule.roles).lower()
    if rule.audience is Audience.OPERATOR:
        who = _("who runs Letopis")
    return render(request, "base/403.html", {"who": who}, status=403)


def second_factor(request: Any) -> HttpResponseBase:
    """Signed in by a password alone, where the owner wants a code from an app too: to where it is set up."""
    request.verdict = Verdict.SIGN_IN
    if _is_part(request):
        return _part(401)
    messages.warning(request, _("This business wants a code from an app besides the password. Set it up once, here."))
    return redirect("mfa_index")


def not_found(request: Any) -> HttpResponseBase:
    request.verdict = Verdict.NOT_FOUND
    if _is_part(request):
        return _part(404)
    return render(request, "base/404.html", status=404)


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _part(status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"HX-Refresh": "true", "Cache-Control": "no-store"})
