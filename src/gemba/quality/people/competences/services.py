"""The only writers of competences and qualifications."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import cast

from gemba.quality.people.competences import events
from gemba.quality.people.competences.inputs import CompetenceInput, QualificationInput, Renewal
from gemba.quality.people.competences.models import Competence, Qualification
from gemba.quality.people.competences.record import COMPETENCE, QUALIFICATION
from gemba.quality.people.competences.rules import valid_until
from gemba.quality.people.competences.words import NOTICE_DAYS
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.editing import create_plain, create_reasons, owner_faults
from gemba.quality.records.given import column_faults
from gemba.quality.records.mentions import mention_faults, named
from gemba.quality.records.models import Header, Site
from gemba.quality.records.outbox import emit
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.recorder import change_record, create_record
from gemba.quality.records.work import recording

WATCH = system("competences")


def draft_competence(*, site: Site, given: CompetenceInput, actor: Actor, now: datetime) -> Competence:
    """Make a draft; ``advance(competence, "release", ...)`` puts it in force."""
    return cast(Competence, create_plain(COMPETENCE, site=site, given=given, actor=actor, now=now))


def enter_qualification(
    *, site: Site, given: QualificationInput, actor: Actor, now: datetime
) -> Qualification:
    """Enter that somebody has shown a competence; it counts once somebody else confirms it."""
    target = named(given.competence.strip(), QUALIFICATION.mentions["competence"], site=site.code)
    record = Qualification(
        competence=given.competence.strip(), proved_on=given.proved_on, evidence=given.evidence.strip()
    )
    with recording(actor=actor, now=now) as work:
        reasons = [*create_reasons(QUALIFICATION, actor, site.code), *owner_faults(given.owner, "")]
        reasons += mention_faults(QUALIFICATION, record, site.code)
        reasons += column_faults(record, ("competence",))
        for name in ("owner", "competence", "evidence"):
            if not getattr(given, name).strip():
                reasons.append(Reason("records.field_missing", {"field": name}))
        refuse_if(reasons)
        title = given.competence if target is None else target.title
        return create_record(work, QUALIFICATION, record, site=site, title=title, owner=given.owner)


def take_step(
    *,
    qualification: Qualification,
    step: str,
    given: Renewal | None = None,
    reason: str = "",
    expected_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Qualification:
    """Take one step of a qualification; ``given`` says what shows it anew where it is renewed.

    Raises
    ------
    Refused
        With every unmet condition.
    """
    if step in ("confirm", "renew"):
        qualification.valid_months = _months(qualification)
    apply = {"confirm": lambda held: _settle(held, held.proved_on, now), "renew": _renewing(given, now)}
    return advance(
        qualification,
        step,
        actor=actor,
        now=now,
        inputs={**({} if given is None else asdict(given)), "reason": reason},
        apply=apply.get(step),
        expected_version=expected_version,
    )


def watch_running_out(now: datetime, *, limit: int = 200) -> int:
    """Tell holders of what runs out soon, and let lapse what ran out; how many. A job."""
    at = to_microseconds(now)
    rows = Qualification.objects.select_related("header", "header__site").filter(header__state="valid")
    late = list(rows.filter(valid_until__lte=at).order_by("valid_until")[:limit])
    for row in late:
        take_step(qualification=row, step="lapse", actor=WATCH, now=now)
    soon = list(rows.filter(notice_at__lte=at, valid_until__gt=at).order_by("notice_at")[:limit])
    for row in soon:
        with recording(actor=WATCH, now=now) as work:
            row.notice_at = None
            change_record(work, row, action="notice")
            emit(work, events.DUE_SOON, row.header, {"until": row.valid_until})
    return len(late) + len(soon)


def _months(qualification: Qualification) -> int:
    found: Header | None = named(
        qualification.competence, QUALIFICATION.mentions["competence"], site=qualification.header.site_id
    )
    held = None if found is None else Competence.objects.filter(pk=found.pk).first()
    return qualification.valid_months if held is None else held.valid_months


def _renewing(given: Renewal | None, now: datetime) -> Callable[[Qualification], None]:
    def renew(held: Qualification) -> None:
        if given is not None:
            held.proved_on, held.evidence = given.proved_on, given.evidence.strip()
            _settle(held, given.proved_on, now)

    return renew


def _settle(held: Qualification, shown: date, now: datetime) -> None:
    held.valid_until = valid_until(shown, held.valid_months, now)
    notice = timedelta(days=NOTICE_DAYS) // timedelta(microseconds=1)
    held.notice_at = None if held.valid_until is None else held.valid_until - notice
