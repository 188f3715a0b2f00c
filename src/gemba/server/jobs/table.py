"""The timed jobs, one line each."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session

from gemba.quality.control.monitoring.services import run_due
from gemba.quality.records.anchors import write_anchor
from gemba.quality.records.attachments import sweep_files
from gemba.quality.records.tasks import escalate_due
from gemba.server.api.idempotency import forget_old_answers
from gemba.server.jobs.workers import Job


def timed_jobs() -> tuple[Job, ...]:
    """Every job of the server, in the order in which they are looked at."""
    return (
        Job("judge what is due", 2, run_due),
        Job("escalate late tasks", 30, escalate_due),
        Job("anchor the trail", 600, lambda now: write_anchor(settings.DATA, now=now)),
        Job("sweep files that no record names", 86_400, lambda now: sweep_files(settings.DATA, now=now)),
        Job("forget ended sessions", 3600, lambda now: Session.objects.filter(expire_date__lt=now).delete()),
        Job("forget old answers", 3600, forget_old_answers),
    )
