"""Registers the stage with Django."""

from django.apps import AppConfig


class TakedownConfig(AppConfig):
    """The `takedown` stage."""

    name = "unseen.takedown"
    label = "takedown"
    default_auto_field = "django.db.models.BigAutoField"
