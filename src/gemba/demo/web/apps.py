"""The pages of the demo as a Django application: templates and static files, no tables."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Holds nothing of its own."""

    name = "gemba.demo.web"
    label = "demo"
