"""Registers the stage with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The `accounts` stage."""

    name = "unseen.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
