from django.apps import AppConfig


class SpecimenConfig(AppConfig):
    name = "specimen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.records.types import install_types
        from specimen.types import SPECIMEN

        install_types([SPECIMEN])
