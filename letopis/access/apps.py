from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "letopis.access"
    label = "access"
