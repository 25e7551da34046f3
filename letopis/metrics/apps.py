from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "letopis.metrics"
    label = "metrics"
