from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "letopis.intake"
    label = "intake"
