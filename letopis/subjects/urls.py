"""The addresses of what a person may ask, and of how long anything is kept."""

from django.urls import path

from letopis.subjects.retention import pages as retention

urlpatterns = [
    path("b/<uuid:business>/retention", retention.retention, name="retention"),
]
