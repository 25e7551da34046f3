"""The addresses of dialogues."""

from django.urls import path

from letopis.dialogues import pages

urlpatterns = [
    path("b/<uuid:business>/dialogues", pages.dialogues, name="dialogues"),
    path("b/<uuid:business>/dialogues/<int:dialogue>", pages.dialogue, name="dialogue"),
]
