from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "letopis.audit"
    label = "audit"
