"""Django app of the kernel: audit log, folder history."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Application configuration: label ``kernel``."""

    name = "madoguchi.kernel"
    label = "kernel"
    verbose_name = "土台（kernel）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kernel's own sections of the municipality folder."""
        from madoguchi.kernel import municipality_sections, translations

        municipality_sections.register()
        translations.register()
