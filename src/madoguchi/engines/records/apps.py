"""Django app of the records engine; registers its menus and jobs."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Application configuration: label ``records``."""

    name = "madoguchi.engines.records"
    label = "records"
    verbose_name = "保存と廃棄（records）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register menus and jobs."""
        from . import jobs, menus  # noqa: F401 - importing the jobs registers them

        menus.register()
