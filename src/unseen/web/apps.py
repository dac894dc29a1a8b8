"""Registers the stage with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The `web` stage."""

    name = "unseen.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
