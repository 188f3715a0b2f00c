"""Collecting as a Django application."""

from django.apps import AppConfig


class CollectingConfig(AppConfig):
    """Tables of readings, prefixed ``collecting_``."""

    name = "gemba.quality.control.collecting"
    label = "collecting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.control.collecting.holding import altered_keys, missing_streams
        from gemba.quality.records.trail import install_check

        install_check(altered_keys)
        install_check(missing_streams)
