"""Django app of the user interface: only templates, static files and a tag library, no models."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Application configuration: label ``ui``."""

    name = "madoguchi.kernel.ui"
    label = "ui"
    verbose_name = "画面（ui）"
