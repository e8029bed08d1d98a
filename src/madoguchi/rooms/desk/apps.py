"""Django app of the desk room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Application configuration: label ``desk``."""

    name = "madoguchi.rooms.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
