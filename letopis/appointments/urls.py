"""The addresses of visits, and of services and masters."""

from django.urls import path

from letopis.appointments import pages
from letopis.appointments.catalogue import file_pages
from letopis.appointments.catalogue import pages as catalogue

urlpatterns = [
    path("b/<uuid:business>/visits", pages.visits, name="visits"),
    path("b/<uuid:business>/catalogue", catalogue.catalogue, name="catalogue"),
    path("b/<uuid:business>/catalogue/service", catalogue.service, name="catalogue_service"),
    path("b/<uuid:business>/catalogue/master", catalogue.master, name="catalogue_master"),
    path("b/<uuid:business>/catalogue/file", file_pages.file, name="catalogue_file"),
    path("b/<uuid:business>/catalogue/export", catalogue.export, name="catalogue_export"),
]
