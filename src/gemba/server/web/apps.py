"""The pages as a Django application: templates and static files, no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Holds nothing of its own."""

    name = "gemba.server.web"
    label = "web"

    def ready(self) -> None:
        from gemba.quality.records.reasons import install_reasons
        from gemba.server.identity.factors import watch_factors
        from gemba.server.reports.paper import PRINT

        install_reasons(PRINT)
        watch_factors()
