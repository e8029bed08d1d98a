"""Django app of the identity engine; wires it into the kernel's registries at start-up."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Application configuration: label ``identity``, the home of ``AUTH_USER_MODEL``."""

    name = "madoguchi.engines.identity"
    label = "identity"
    verbose_name = "本人と職員（identity）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the actor provider, the folder sections and the signal receivers."""
        from . import wiring

        wiring.connect()
