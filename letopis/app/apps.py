from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "letopis.app"
    label = "app"
