"""Registers the stage with Django."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """The `keys` stage."""

    name = "unseen.keys"
    label = "keys"
    default_auto_field = "django.db.models.BigAutoField"
