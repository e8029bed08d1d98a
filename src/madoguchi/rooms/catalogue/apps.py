"""Django app of the catalogue; registers its sections of the municipality folder, its indicators and its menu."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Application configuration: label ``catalogue``."""

    name = "madoguchi.rooms.catalogue"
    label = "catalogue"
    verbose_name = "手続カタログ（catalogue）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the folder sections, the indicators and the menu entries."""
        from madoguchi.engines.records.api import policy_source
        from madoguchi.rooms.catalogue import indicators, menus, sections, selectors
        from madoguchi.rooms.catalogue.interviews import folder as interviews

        sections.register()
        interviews.register()
        indicators.register()
        menus.register()
        policy_source.register("catalogue", selectors.retention_policies)
