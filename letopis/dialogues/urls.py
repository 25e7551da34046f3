"""The addresses of dialogues and working hours."""

from django.urls import path

from letopis.dialogues import hours_page, pages

urlpatterns = [
    path("b/<uuid:business>/dialogues", pages.dialogues, name="dialogues"),
    path("b/<uuid:business>/dialogues/<int:dialogue>", pages.dialogue, name="dialogue"),
    path("b/<uuid:business>/dialogues/<int:dialogue>/unmask", pages.unmask_dialogue, name="dialogue_unmask"),
    path("b/<uuid:business>/dialogues/<int:dialogue>/looks", pages.lookers, name="dialogue_looks"),
    path("b/<uuid:business>/hours", hours_page.hours, name="hours"),
    path("b/<uuid:business>/hours/set", hours_page.set_hours, name="hours_set"),
    path("b/<uuid:business>/hours/date", hours_page.set_date, name="hours_set_date"),
    path("b/<uuid:business>/hours/date/drop", hours_page.drop_date, name="hours_drop_date"),
    path("b/<uuid:business>/hours/common", hours_page.give_up, name="hours_give_up"),
]
