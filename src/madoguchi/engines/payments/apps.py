"""Django app of the payments engine; registers its providers and jobs at start-up."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Application configuration: label ``payments``."""

    name = "madoguchi.engines.payments"
    label = "payments"
    verbose_name = "納付（payments）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the local provider and the jobs."""
        from . import wiring

        wiring.connect()
