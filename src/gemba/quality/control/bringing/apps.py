"""Bringing as a Django application."""

from django.apps import AppConfig


class BringingConfig(AppConfig):
    """Tables of brought files, prefixed ``bringing_``."""

    name = "gemba.quality.control.bringing"
    label = "bringing"
    default_auto_field = "django.db.models.BigAutoField"
