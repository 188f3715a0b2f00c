"""Corrective actions as a Django application."""

from django.apps import AppConfig


class CapaConfig(AppConfig):
    """Tables of corrective actions, prefixed ``capa_``."""

    name = "gemba.quality.improvement.capa"
    label = "capa"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.improvement.capa.beside import verdicts_beside
        from gemba.quality.records.thread.near import install_beside

        install_beside(verdicts_beside)
