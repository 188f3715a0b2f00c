"""Competences as a Django application."""

from django.apps import AppConfig


class CompetencesConfig(AppConfig):
    """Tables of competences, prefixed ``competences_``; says who is fit to take a step."""

    name = "gemba.quality.people.competences"
    label = "competences"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.people.competences.queries import lacking
        from gemba.quality.records.fitness import install_fitness

        install_fitness(lacking)
