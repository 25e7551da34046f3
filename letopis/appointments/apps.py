from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "letopis.appointments"
    label = "appointments"
