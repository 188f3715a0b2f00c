"""Requirements as a Django application."""

from django.apps import AppConfig


class RequirementsConfig(AppConfig):
    """Tables of requirements, prefixed ``requirements_``."""

    name = "gemba.quality.planning.requirements"
    label = "requirements"
    default_auto_field = "django.db.models.BigAutoField"
