"""Products as a Django application."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """Tables of products, prefixed ``products_``."""

    name = "gemba.quality.planning.products"
    label = "products"
    default_auto_field = "django.db.models.BigAutoField"
