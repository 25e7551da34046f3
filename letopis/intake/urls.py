"""The addresses of the doors' pages."""

from django.urls import path

from letopis.intake import pages

urlpatterns = [
    path("b/<uuid:business>/welcome", pages.welcome, name="welcome"),
    path("b/<uuid:business>/welcome/sample", pages.send_sample, name="welcome_sample"),
    path("b/<uuid:business>/sources", pages.sources_page, name="sources"),
    path("b/<uuid:business>/sources/keys/<int:key>/revoke", pages.revoke_key, name="key_revoke"),
    path("b/<uuid:business>/quarantine", pages.quarantine_page, name="quarantine"),
    path("b/<uuid:business>/quarantine/<uuid:piece>", pages.quarantine_piece, name="quarantine_piece"),
    path("b/<uuid:business>/quarantine/<uuid:piece>/drop", pages.drop_piece, name="quarantine_drop"),
]
