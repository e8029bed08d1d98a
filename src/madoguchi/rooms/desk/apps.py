"""Django app of the desk; puts the desk into the staff's menu and registers its indicators."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Application configuration: label ``desk``."""

    name = "madoguchi.rooms.desk"
    label = "desk"
    verbose_name = "事務机（desk）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the entries of the staff's menu, the indicators and the listeners."""
        from . import indicators, menus, money_figures, wiring

        menus.register()
        indicators.register()
        money_figures.register()
        wiring.connect()
