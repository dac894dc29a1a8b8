"""Registers the stage with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The `journal` stage."""

    name = "unseen.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
