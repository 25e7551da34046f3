from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "letopis.demo"
    label = "demo"
