"""The addresses of the audit."""

from django.urls import path

from letopis.audit import pages

urlpatterns = [path("b/<uuid:business>/scenario", pages.scenario, name="scenario")]
