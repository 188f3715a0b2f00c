"""The kernel as a Django application."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Tables of the kernel, prefixed ``records_``."""

    name = "gemba.quality.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
