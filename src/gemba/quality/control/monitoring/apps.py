"""Monitoring as a Django application."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Tables of charts, prefixed ``monitoring_``."""

    name = "gemba.quality.control.monitoring"
    label = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.control.monitoring import tables  # noqa: F401 (installs the sealed tables)
        from gemba.quality.control.monitoring.beside import charts_beside
        from gemba.quality.records.thread.near import install_beside

        install_beside(charts_beside)
