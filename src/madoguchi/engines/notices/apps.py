"""Django app of the notices engine; registers its folder section and its job at start-up."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Application configuration: label ``notices``."""

    name = "madoguchi.engines.notices"
    label = "notices"
    verbose_name = "お知らせ（notices）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the folder section ``letters`` and the delivery job."""
        from . import wiring

        wiring.connect()
