"""What must hold before somebody counts as able. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from gemba.quality.records.canonical import months_after, to_microseconds
from gemba.quality.records.lifecycle import Situation
from gemba.quality.records.reasons import Reason

RECORDS = (
    "requirement",
    "product",
    "process",
    "characteristic",
    "control-plan",
    "gauge",
    "limit-set",
    "signal",
    "nonconformance",
    "capa",
    "party",
)
"""For which a competence may be asked; never for competences, or nobody could confirm the first."""
MOST_MONTHS = 240


def record_type_known(situation: Situation) -> Iterable[Reason]:
    """A guard: the kind of record is one, and a proof holds for a sensible time."""
    given = str(situation.record["needed_for"])
    if given and given not in RECORDS:
        yield Reason("competences.no_type", {"given": given, "known": ", ".join(RECORDS)})
    if not 0 <= int(situation.record["valid_months"]) <= MOST_MONTHS:
        yield Reason("competences.months", {"most": MOST_MONTHS})


def not_ones_own(situation: Situation) -> Iterable[Reason]:
    """A guard: nobody confirms what he himself can do."""
    if situation.record["owner"] == situation.actor.id:
        yield Reason("competences.own")


def in_force(situation: Situation) -> Iterable[Reason]:
    """A guard: the competence is in force."""
    if not any(item.category == "effective" for item in situation.linked.get("trained_on", ())):
        yield Reason("competences.not_in_force")


def shown_by_now(situation: Situation) -> Iterable[Reason]:
    """A guard: it was shown, not promised."""
    shown = _shown_on(situation)
    if shown is not None and shown > situation.now.date():
        yield Reason("competences.future", {"date": shown.isoformat()})


def holds_still(situation: Situation) -> Iterable[Reason]:
    """A guard: what was shown so long ago holds no more."""
    shown, months = _shown_on(situation), int(situation.record["valid_months"])
    until = None if shown is None else valid_until(shown, months, situation.now)
    if until is not None and until <= to_microseconds(situation.now):
        yield Reason("competences.too_old", {"months": months})


def ran_out(situation: Situation) -> Iterable[Reason]:
    """A guard: its time is over."""
    until = situation.record["valid_until"]
    if until is None or until > to_microseconds(situation.now):
        yield Reason("competences.still_valid")


def valid_until(shown: date, months: int, now: datetime) -> int | None:
    """Until when a proof holds, in microseconds; ``None`` for good."""
    day = datetime(shown.year, shown.month, shown.day, tzinfo=now.tzinfo)
    return months_after(to_microseconds(day), months) if months else None


def _shown_on(situation: Situation) -> date | None:
    given = situation.inputs.get("proved_on", situation.record["proved_on"])
    return date.fromisoformat(given) if isinstance(given, str) else given
