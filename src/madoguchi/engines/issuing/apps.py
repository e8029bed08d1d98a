"""Django app of the issuing engine; registers its sections, jobs and listeners at start-up."""

from django.apps import AppConfig


class IssuingConfig(AppConfig):
    """Application configuration: label ``issuing``."""

    name = "madoguchi.engines.issuing"
    label = "issuing"
    verbose_name = "交付（issuing）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the engine."""
        from . import wiring

        wiring.connect()
