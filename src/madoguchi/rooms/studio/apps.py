"""Django app of the studio; puts it into the staff's menu."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """Application configuration: label ``studio``."""

    name = "madoguchi.rooms.studio"
    label = "studio"
    verbose_name = "様式スタジオ（studio）"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the entry of the staff's menu."""
        from madoguchi.kernel.ui.navigation import NavItem, register_nav

        register_nav(
            NavItem(
                "studio.home",
                "staff",
                "様式スタジオ",
                "studio:home",
                permission="studio.edit",
                kinds=frozenset({"staff"}),
                icon="edit",
                order=26,
            )
        )
