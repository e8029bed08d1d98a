"""Django app of the forms engine; registers its sections of the municipality folder."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Application configuration: label ``forms``."""

    name = "madoguchi.engines.forms"
    label = "forms"
    verbose_name = "様式（forms）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register ``forms/*.yaml``, ``fees.yaml`` and ``sheets/``, the jobs of the files and the doctor's checks."""
        from madoguchi.engines.forms import (
            doctor,
            jobs,  # noqa: F401 - importing the jobs registers them
            retention,
            sections,
        )
        from madoguchi.engines.forms.sheets import section as sheets

        sections.register()
        sheets.register()
        doctor.register()
        retention.register()
