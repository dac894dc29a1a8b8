"""Registers the stage with Django."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The `casework` stage."""

    name = "unseen.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
