"""The kernel as a Django application."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Tables of the kernel, prefixed ``records_``."""

    name = "gemba.quality.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gemba.quality.records import attachments  # noqa: F401 (installs its sealed table)
        from gemba.quality.records.apart.asking import APART
        from gemba.quality.records.clockwork import CLOCK
        from gemba.quality.records.current import altered_rows
        from gemba.quality.records.hostile import HOSTILE
        from gemba.quality.records.keeping.hourly import KEEPING
        from gemba.quality.records.outbox import install_alarm
        from gemba.quality.records.ownfields import OWN
        from gemba.quality.records.reasons import install_reasons
        from gemba.quality.records.remarks import REMARKS
        from gemba.quality.records.signatures import void_signatures
        from gemba.quality.records.tasks import TASKS, settle_delivery, task_for_failed_delivery
        from gemba.quality.records.thread.faults import THREAD
        from gemba.quality.records.told import untold_rows
        from gemba.quality.records.trail import install_check

        for catalogue in (APART, TASKS, HOSTILE, REMARKS, OWN, KEEPING, CLOCK, THREAD):
            install_reasons(catalogue)
        install_check(altered_rows)
        install_check(void_signatures)
        install_check(untold_rows)
        install_alarm(task_for_failed_delivery, settle_delivery)
