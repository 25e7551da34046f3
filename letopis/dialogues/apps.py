from django.apps import AppConfig


class DialoguesConfig(AppConfig):
    name = "letopis.dialogues"
    label = "dialogues"
