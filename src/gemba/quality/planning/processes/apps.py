"""Processes as a Django application."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """Tables of processes, prefixed ``processes_``."""

    name = "gemba.quality.planning.processes"
    label = "processes"
    default_auto_field = "django.db.models.BigAutoField"
