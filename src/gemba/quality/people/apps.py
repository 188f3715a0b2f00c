"""People as a Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Tables of people, prefixed ``people_``; says who checks signatures."""

    name = "gemba.quality.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.people import models
        from gemba.quality.people.calendars import due_after
        from gemba.quality.people.queries import name_in_force, name_of_row, printed_names
        from gemba.quality.people.reasons import PEOPLE
        from gemba.quality.people.signing import note_failure, verify_proof
        from gemba.quality.people.sites import altered_sites
        from gemba.quality.people.watching import WATCHED
        from gemba.quality.records.calendar import install_calendar
        from gemba.quality.records.names import install_names
        from gemba.quality.records.reasons import install_reasons
        from gemba.quality.records.signatures import install_verifier
        from gemba.quality.records.told import install_told
        from gemba.quality.records.trail import install_check

        install_check(altered_sites)
        install_reasons(PEOPLE)
        install_reasons(WATCHED)
        install_verifier(verify_proof, name_in_force, note_failure)
        install_calendar(due_after)
        install_names(printed_names, name_of_row)
        install_told(models.Person, secret=("email", "password", "signing_secret"), left_out=("last_login",))
        install_told(models.PersonName, secret=("name",))
        install_told(models.Grant)
        install_told(models.Token, left_out=("tested_at",))
        install_told(models.OneTimeLink)
        install_told(models.PolicyChange)
        install_told(models.WorkingTime)
        install_told(models.Closure)
