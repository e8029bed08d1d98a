"""Django app of the indicators room."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Application configuration: label ``indicators``."""

    name = "madoguchi.rooms.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"
