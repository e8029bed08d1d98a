"""Django app of the portal: menus, and the letters of what happens to a case."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Application configuration: label ``portal``."""

    name = "madoguchi.rooms.portal"
    label = "portal"
    verbose_name = "区民ポータル（portal）"

    def ready(self) -> None:
        """Register the menus and the listener that sends letters."""
        from madoguchi.rooms.portal import accessibility, wiring

        wiring.connect()
        accessibility.register()
