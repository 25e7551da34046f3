from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "letopis.journal"
    label = "journal"
