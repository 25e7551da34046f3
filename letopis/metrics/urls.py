"""The addresses of the first pages."""

from django.urls import path

from letopis.metrics import pages

urlpatterns = [
    path("b/<uuid:business>/", pages.today, name="today"),
    path("b/<uuid:business>/overview", pages.overview, name="overview"),
    path("b/<uuid:business>/funnel", pages.funnel_by, name="funnel"),
]
