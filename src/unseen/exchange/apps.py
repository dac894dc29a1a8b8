"""Registers the stage with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The `exchange` stage."""

    name = "unseen.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
