"""The API as a Django application: it remembers answers that were given under a key."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tables of the API, prefixed ``api_``."""

    name = "gemba.server.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
