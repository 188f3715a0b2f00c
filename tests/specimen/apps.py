from django.apps import AppConfig


class SpecimenConfig(AppConfig):
    name = "specimen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.records.outbox import install_reactions
        from gemba.quality.records.screen import install_screens
        from gemba.quality.records.types import install_types
        from specimen.reactions import REACTIONS
        from specimen.screen import SCREEN
        from specimen.types import SPECIMEN

        install_types([SPECIMEN])
        install_screens([SCREEN])
        install_reactions(REACTIONS)
