"""Collecting as a Django application."""

from django.apps import AppConfig


class CollectingConfig(AppConfig):
    """Tables of readings, prefixed ``collecting_``."""

    name = "gemba.quality.control.collecting"
    label = "collecting"
    default_auto_field = "django.db.models.BigAutoField"
