from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "letopis.subjects"
    label = "subjects"
