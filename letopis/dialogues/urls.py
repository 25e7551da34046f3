"""The addresses of dialogues and working hours."""

from django.urls import path

from letopis.dialogues import hours_page, pages

urlpatterns = [
    path("b/<uuid:business>/dialogues", pages.dialogues, name="dialogues"),
    path("b/<uuid:business>/dialogues/<int:dialogue>", pages.dialogue, name="dialogue"),
    path("b/<uuid:business>/hours", hours_page.hours, name="hours"),
    path("b/<uuid:business>/hours/set", hours_page.set_hours, name="hours_set"),
]
