"""Gauges as a Django application."""

from django.apps import AppConfig


class GaugesConfig(AppConfig):
    """Tables of gauges, prefixed ``gauges_``."""

    name = "gemba.quality.control.gauges"
    label = "gauges"
    default_auto_field = "django.db.models.BigAutoField"
