from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "letopis.base"
    label = "base"
