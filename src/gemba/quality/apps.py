"""The platform's floors put together: what the kernel must know of them, said once at start."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """No tables of its own; comes last, when every slice has its models."""

    name = "gemba.quality"
    label = "quality"

    def ready(self) -> None:
        from gemba.quality.assurance.coverage.reasons import COVERAGE
        from gemba.quality.consequences import CONSEQUENCES
        from gemba.quality.control.bringing import tables as brought  # noqa: F401 (installs its sealed tables)
        from gemba.quality.control.bringing.reasons import BRINGING
        from gemba.quality.control.collecting import tables  # noqa: F401 (installs its sealed tables)
        from gemba.quality.control.collecting.reasons import COLLECTING
        from gemba.quality.reactions import REACTIONS
        from gemba.quality.records.outbox import install_reactions
        from gemba.quality.records.reasons import install_reasons
        from gemba.quality.records.screen import install_screens
        from gemba.quality.records.types import install_types
        from gemba.quality.screens import SCREENS
        from gemba.quality.types import RECORD_TYPES

        install_types(RECORD_TYPES)
        install_reasons(BRINGING)
        install_reasons(COLLECTING)
        install_reasons(COVERAGE)
        install_reasons(CONSEQUENCES)
        install_reactions(REACTIONS)
        install_screens(SCREENS)
