"""Corrective actions as a Django application."""

from django.apps import AppConfig


class CapaConfig(AppConfig):
    """Tables of corrective actions, prefixed ``capa_``."""

    name = "gemba.quality.improvement.capa"
    label = "capa"
    default_auto_field = "django.db.models.BigAutoField"
