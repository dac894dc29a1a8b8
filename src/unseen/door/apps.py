"""Registers the door's templates, texts and translations with Django."""

from django.apps import AppConfig


class DoorConfig(AppConfig):
    """The public pages. They keep no tables of their own."""

    name = "unseen.door"
    label = "door"
