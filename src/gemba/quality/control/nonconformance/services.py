"""The only writers of nonconformances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime

from gemba.quality.control.nonconformance import checks
from gemba.quality.control.nonconformance.dispositions import (
    answer_corrective,
    close,
    decide_disposition,
    execute_line,
    propose_disposition,
    reopen,
    review,
    review_again,
    verify,
)
from gemba.quality.control.nonconformance.inputs import LocationAnswer, NonconformanceInput
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.control.nonconformance.record import NONCONFORMANCE
from gemba.quality.control.nonconformance.suspects import create_draft, draft_suspect, link_characteristic
from gemba.quality.planning.products import queries as products
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.editing import create_reasons, edit_reasons
from gemba.quality.records.given import column_faults
from gemba.quality.records.models import Header, Site
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.recorder import change_record, lock_header
from gemba.quality.records.work import recording

__all__ = [
    "amend",
    "answer_corrective",
    "answer_location",
    "close",
    "contain",
    "decide_disposition",
    "discard",
    "draft_suspect",
    "execute_line",
    "open_nonconformance",
    "propose_disposition",
    "reopen",
    "report",
    "review",
    "review_again",
    "verify",
    "void",
]


def open_nonconformance(
    *,
    site: Site,
    given: NonconformanceInput,
    raised_from: int | None = None,
    actor: Actor,
    now: datetime,
) -> Nonconformance:
    """Make a draft; ``raised_from`` is the record that it comes from. It counts once a person reports it."""
    record, header = Nonconformance(found_by=actor.id), Header(site=site)
    reasons = [*create_reasons(NONCONFORMANCE, actor, site.code), *_fill_in(record, header, given, now)]
    refuse_if(reasons)
    with recording(actor=actor, now=now) as work:
        return create_draft(work, record, site=site, title=header.title, raised_from=raised_from)


def amend(
    *,
    nonconformance: Nonconformance,
    given: NonconformanceInput,
    reason: str = "",
    expected_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Nonconformance:
    """Change what is said of the finding, until it is decided on; what was said before stays readable."""
    with recording(actor=actor, now=now) as work:
        header = nonconformance.header
        current = lock_header(header.id)
        rights = [*edit_reasons(NONCONFORMANCE, current, actor)]
        if current.state != "draft" and actor.kind != "person":
            rights.append(Reason("records.person_only"))
        refuse_if([*rights, *_fill_in(nonconformance, header, given, now)])
        change_record(work, nonconformance, action="edit", reason=reason, expected_version=expected_version)
        link_characteristic(work, nonconformance)
    return nonconformance


def report(
    *,
    nonconformance: Nonconformance,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """Make a draft count: it takes its number, and containment begins."""
    inputs = {"reason": reason}
    return advance(
        nonconformance, "report", actor=actor, now=now, inputs=inputs, expected_version=expected_version
    )


def answer_location(
    *,
    nonconformance: Nonconformance,
    locations: Sequence[LocationAnswer],
    looked_at_elsewhere: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """Say of some locations whether suspect product is there, and what was done about it."""
    answers = _with_words(locations, looked_at_elsewhere)
    return _contain("answer_location", nonconformance, answers, reason, actor, now, expected_version)


def contain(
    *,
    nonconformance: Nonconformance,
    locations: Sequence[LocationAnswer] = (),
    looked_at_elsewhere: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
    reason: str = "",
) -> Nonconformance:
    """State that nothing suspect can get any further: every location is answered."""
    answers = _with_words(locations, looked_at_elsewhere)
    return _contain("contain", nonconformance, answers, reason, actor, now, expected_version)


def discard(
    *,
    nonconformance: Nonconformance,
    reason: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Nonconformance:
    """Say of a draft that nothing is nonconforming, with a reason; it stays readable."""
    inputs = {"reason": reason}
    return advance(
        nonconformance, "discard", actor=actor, now=now, inputs=inputs, expected_version=expected_version
    )


def void(
    *,
    nonconformance: Nonconformance,
    reason: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Nonconformance:
    """Take a mistaken one out, with a reason; it stays readable under its number."""
    inputs = {"reason": reason}
    return advance(
        nonconformance, "void", actor=actor, now=now, inputs=inputs, expected_version=expected_version
    )


def _fill_in(
    record: Nonconformance, header: Header, given: NonconformanceInput, now: datetime
) -> list[Reason]:
    """Set what was given; every reason why it cannot be kept."""
    reasons = list(checks.finding_reasons(given))
    header.title = given.title.strip()
    for item in fields(given):
        value = getattr(given, item.name)
        if isinstance(value, datetime):
            value = to_microseconds(value)
        if item.name != "title":
            setattr(record, item.name, value.strip() if isinstance(value, str) else value)
    texts = tuple(item.name for item in fields(given) if isinstance(getattr(given, item.name), str))
    reasons += column_faults(header, ("title",))
    reasons += column_faults(record, tuple(name for name in texts if name != "title"))
    return reasons + _fill_in_characteristic(record, header.site_id, now)


def _fill_in_characteristic(record: Nonconformance, site: str, now: datetime) -> list[Reason]:
    """Name the specification in force; the characteristic is a released one of the same site."""
    record.characteristic_version = None
    if not record.characteristic:
        return []
    found = products.by_number(record.characteristic)
    asked = None if found is None else products.specification(found.pk, now)
    if asked is None or asked.site != site:
        return [Reason("nonconformance.characteristic_unknown", {"given": record.characteristic})]
    record.characteristic_version = asked.version
    return []


def _with_words(locations: Sequence[LocationAnswer], words: str) -> list[LocationAnswer]:
    """The answers, those without words of their own with the words that are said of all of them."""
    return [given if given.words.strip() else replace(given, words=words) for given in locations]


def _contain(
    move: str,
    record: Nonconformance,
    locations: Sequence[LocationAnswer],
    reason: str,
    actor: Actor,
    now: datetime,
    expected_version: int | None,
) -> Nonconformance:
    def keep(held: Nonconformance) -> None:
        for given in locations:
            held.locations.filter(location=given.location).update(
                answer=given.answer,
                quantity=given.quantity,
                words=given.words.strip(),
                answered_by=actor.id,
                answered_at=to_microseconds(now),
            )

    inputs = {"locations": [asdict(given) for given in locations], "reason": reason}
    return advance(
        record, move, actor=actor, now=now, inputs=inputs, apply=keep, expected_version=expected_version
    )
