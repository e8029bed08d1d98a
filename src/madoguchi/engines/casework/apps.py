"""Django app of the casework engine."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Register the engine under the label ``casework``."""

    name = "madoguchi.engines.casework"
    label = "casework"
    verbose_name = "案件管理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register ``workflows/*.yaml`` and ``messages.yaml`` with the municipality folder."""
        from . import conversation, folder, retention

        folder.register()
        retention.register()
        conversation.register()
