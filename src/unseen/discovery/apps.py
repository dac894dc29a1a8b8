"""Registers the stage with Django."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """The `discovery` stage."""

    name = "unseen.discovery"
    label = "discovery"
    default_auto_field = "django.db.models.BigAutoField"
