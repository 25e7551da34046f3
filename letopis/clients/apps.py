from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "letopis.clients"
    label = "clients"
