"""Registers the stage with Django."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The `evidence` stage."""

    name = "unseen.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
