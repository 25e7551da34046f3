"""All addresses of the pages: each room brings its own, found by looking."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from letopis.app.api import api
from letopis.app.rooms import ROOMS

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(f"letopis.{room}.urls")) for room in ROOMS if find_spec(f"letopis.{room}.urls")),
    path("api/v1/", api.urls),
]

handler400 = "letopis.app.refusals.not_understood"
handler403 = "letopis.access.pages.forbidden"
handler404 = "letopis.app.refusals.not_found"
handler500 = "letopis.app.refusals.broken"
