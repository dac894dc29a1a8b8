"""Registers the stage with Django."""

from django.apps import AppConfig


class HashbankConfig(AppConfig):
    """The `hashbank` stage."""

    name = "unseen.hashbank"
    label = "hashbank"
    default_auto_field = "django.db.models.BigAutoField"
