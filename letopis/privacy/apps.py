from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "letopis.privacy"
    label = "privacy"
