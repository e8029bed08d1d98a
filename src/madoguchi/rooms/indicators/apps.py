"""Django app of the indicators room; puts it into the menus."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Application configuration: label ``indicators``."""

    name = "madoguchi.rooms.indicators"
    label = "indicators"
    verbose_name = "指標（indicators）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the menu entries."""
        from madoguchi.rooms.indicators import menus

        menus.register()
