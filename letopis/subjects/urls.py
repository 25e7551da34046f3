"""The addresses of what a person may ask, and of how long anything is kept."""

from django.urls import path

from letopis.subjects.requests import pages as requests
from letopis.subjects.retention import pages as retention

urlpatterns = [
    path("b/<uuid:business>/retention", retention.retention, name="retention"),
    path("b/<uuid:business>/retention/terms", retention.set_terms, name="retention_set"),
    path("b/<uuid:business>/requests", requests.requests, name="requests"),
    path("b/<uuid:business>/requests/find", requests.find_person, name="request_find"),
    path("b/<uuid:business>/requests/new", requests.open_request, name="request_new"),
    path("b/<uuid:business>/requests/<uuid:request_id>", requests.one_request, name="request"),
    path("b/<uuid:business>/requests/<uuid:request_id>/answer", requests.answer, name="request_answer"),
    path("b/<uuid:business>/requests/<uuid:request_id>/extend", requests.extend, name="request_extend"),
    path("b/<uuid:business>/requests/<uuid:request_id>/export", requests.give_out, name="request_export"),
    path("b/<uuid:business>/requests/<uuid:request_id>/correct", requests.correct_person, name="request_correct"),
    path("b/<uuid:business>/requests/<uuid:request_id>/freeze", requests.freeze, name="request_freeze"),
    path("b/<uuid:business>/requests/<uuid:request_id>/free", requests.free, name="request_free"),
    path("b/<uuid:business>/requests/<uuid:request_id>/erase", requests.erase, name="request_erase"),
    path("b/<uuid:business>/acts/<uuid:act_id>.pdf", requests.act_document, name="act_document"),
    path("b/<uuid:business>/acts/<uuid:act_id>.json", requests.act_extract, name="act_extract"),
]
