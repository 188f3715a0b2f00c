"""Control plans as a Django application."""

from django.apps import AppConfig


class ControlPlansConfig(AppConfig):
    """Tables of control plans, prefixed ``controlplans_``."""

    name = "gemba.quality.planning.controlplans"
    label = "controlplans"
    default_auto_field = "django.db.models.BigAutoField"
