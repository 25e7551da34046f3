"""The addresses of the journal's pages."""

from django.urls import path

from letopis.journal import pages

urlpatterns = [
    path("b/<uuid:business>/journal", pages.journal, name="journal"),
    path("b/<uuid:business>/journal/check", pages.check_again, name="journal_check"),
]
