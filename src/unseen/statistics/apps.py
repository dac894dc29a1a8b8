"""Registers the stage with Django."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """The `statistics` stage."""

    name = "unseen.statistics"
    label = "statistics"
    default_auto_field = "django.db.models.BigAutoField"
