from django.apps import AppConfig


class SpecimenConfig(AppConfig):
    name = "specimen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.records.actions import install_actions
        from gemba.quality.records.outbox import install_reactions
        from gemba.quality.records.types import install_types
        from specimen.inputs import ACTIONS
        from specimen.reactions import REACTIONS
        from specimen.types import SPECIMEN

        install_types([SPECIMEN])
        install_actions("specimen", ACTIONS)
        install_reactions(REACTIONS)
