"""The timed jobs, one line each."""

from __future__ import annotations

import time
from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session

from gemba.quality.control.gauges.services import watch_due
from gemba.quality.control.monitoring.services import run_due
from gemba.quality.improvement.capa.services import judge_due
from gemba.quality.people.competences.services import watch_running_out
from gemba.quality.people.watching import ask_for_review, check_tokens
from gemba.quality.planning.controlplans.services import review_due
from gemba.quality.records import store
from gemba.quality.records.anchors import write_anchor
from gemba.quality.records.attachments import sweep_files
from gemba.quality.records.keeping.apart import check_copy_apart
from gemba.quality.records.keeping.hourly import back_up_when_due
from gemba.quality.records.tasks import escalate_due
from gemba.server.api.idempotency import forget_old_answers
from gemba.server.clock import wall
from gemba.server.ingest.brought import take_brought
from gemba.server.jobs.clock import ClockKeeper
from gemba.server.jobs.workers import Job
from gemba.server.web.parked import sweep_parked

FIRST_BACKUP_AFTER = 60.0
"""Seconds: a plant that has just been opened has more urgent things to do."""


def timed_jobs(clock: ClockKeeper) -> tuple[Job, ...]:
    """Every job of the server, in the order in which they are looked at."""
    return (
        Job("look at the clock", 1, clock.look),
        Job("judge what is due", 2, run_due),
        Job("have the database look at new tables", 5, lambda _now: store.look_over_young()),
        Job("take the files that were brought", 5, take_brought, apart=True),
        Job("escalate late tasks", 30, escalate_due),
        Job("lock gauges that ran out", 600, watch_due),
        Job("let qualifications lapse that ran out", 600, watch_running_out),
        Job("judge what actions did", 60, judge_due),
        Job("ask for reviews of control plans", 600, review_due),
        Job("anchor the trail", 600, lambda now: write_anchor(settings.DATA, now=now)),
        Job("sweep files that no record names", 86_400, lambda now: sweep_files(settings.DATA, now=now)),
        Job("forget files that nobody went on with", 3600, sweep_parked),
        Job("test the tokens", 86_400, check_tokens),
        Job("ask for the review of access", 3600, ask_for_review),
        Job("back up the plant", 600, _back_up, next_at=time.monotonic() + FIRST_BACKUP_AFTER, apart=True),
        Job("forget ended sessions", 3600, _forget_sessions),
        Job("forget old answers", 3600, forget_old_answers),
    )


def _forget_sessions(_now: datetime) -> object:
    """They end by the clock of the machine, whatever time it is in the plant."""
    return Session.objects.filter(expire_date__lt=wall()).delete()


def _back_up(now: datetime) -> object:
    return back_up_when_due(settings.DATA, now=now, check=check_copy_apart)
