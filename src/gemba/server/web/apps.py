"""The pages as a Django application: templates and static files, no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Holds nothing of its own."""

    name = "gemba.server.web"
    label = "web"

    def ready(self) -> None:
        from gemba.server.identity.factors import watch_factors

        watch_factors()
