"""The addresses of the room: who looked."""

from django.urls import path

from letopis.privacy.looks import pages as looks

urlpatterns = [
    path("b/<uuid:business>/access-log", looks.access_log, name="access_log"),
    path("b/<uuid:business>/access-log/person/<int:person>", looks.looks_of_person, name="access_log_person"),
    path("b/<uuid:business>/access-log/key/<int:key>", looks.looks_of_key, name="access_log_key"),
    path("b/<uuid:business>/access-log/burst/<int:seq>/<slug:sign>", looks.settle_burst, name="access_log_settle"),
]
