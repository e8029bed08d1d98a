"""Django app of the portal room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Application configuration: label ``portal``."""

    name = "madoguchi.rooms.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
