"""The addresses of visits."""

from django.urls import path

from letopis.appointments import pages

urlpatterns = [path("b/<uuid:business>/visits", pages.visits, name="visits")]
