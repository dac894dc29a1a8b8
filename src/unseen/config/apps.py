"""Registers the system checks with Django."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "unseen.config"
    label = "config"

    def ready(self) -> None:
        from unseen.config import checks  # noqa: F401 - importing registers the checks
