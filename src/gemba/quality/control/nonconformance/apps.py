"""Nonconformances as a Django application."""

from django.apps import AppConfig


class NonconformanceConfig(AppConfig):
    """Tables of nonconformances, prefixed ``nonconformance_``."""

    name = "gemba.quality.control.nonconformance"
    label = "nonconformance"
    default_auto_field = "django.db.models.BigAutoField"
