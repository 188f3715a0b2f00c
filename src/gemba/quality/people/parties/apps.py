"""Parties as a Django application."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Tables of parties, prefixed ``parties_``."""

    name = "gemba.quality.people.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
