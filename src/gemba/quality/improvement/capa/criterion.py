"""From what was typed in a plan to the stored criterion: baseline, power and window, computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any

from gemba.quality.control.collecting import queries as readings
from gemba.quality.improvement.capa.inputs import Plan
from gemba.quality.improvement.capa.observing import Look, look
from gemba.quality.improvement.capa.rules import MOST_DAYS
from gemba.quality.planning.products import queries as products
from gemba.quality.records.canonical import canonical_json, to_microseconds
from gemba.quality.records.reasons import Reason
from gemba.stats.inference import EffectivenessPlan, effectiveness_plan
from gemba.stats.results import DataError

DAY = 86_400_000_000
USUAL_DAYS, RESERVE = 30, 1.5


@dataclass(frozen=True)
class Criterion:
    """What was fixed: characteristic and stream, the time of the baseline, what was seen in it, the plan."""

    characteristic: int
    stream: int
    key: str
    span: tuple[int, int]
    plan: EffectivenessPlan
    before: Look

    @property
    def stored(self) -> str:
        """The plan as the record keeps it: figures, not the readings one by one."""
        return canonical_json(replace(self.plan, baseline=self.before.figures).to_dict())


def fix(given: Plan, *, site: str, now: datetime) -> tuple[Criterion | None, list[Reason]]:
    """The criterion that a plan states, or everything that stands against it.

    That is: unknown names, a baseline that cannot be compared with, a target that no window shows, a window
    that is too short for the power.
    """
    found = products.by_number(given.characteristic.strip())
    known = [] if found is None or found.header.site_id != site else readings.streams_of(found.pk)
    wanted = given.stream.strip()
    chosen = [item for item in known if item.key == wanted or (not wanted and len(known) == 1)]
    start, end = _span(given, chosen[0].pk if chosen else 0, now)
    reasons = _time_reasons(given, start, end, now)
    if not chosen or found is None:
        named = ", ".join(item.key or "-" for item in known[:20]) or "-"
        about = {"characteristic": given.characteristic, "given": wanted, "known": named}
        return None, [Reason("capa.stream_unknown", about), *reasons]
    if reasons:
        return None, reasons
    stream = chosen[0]
    before = look(stream.pk, given.metric, start, end)
    try:
        plan = _plan(given, before, f"{found.header.title} {stream.key}".strip())
    except DataError as error:
        return None, [Reason("capa.criterion", {"why": error})]
    short = _window_reasons(plan, before, end - start, given.window_days)
    return Criterion(found.pk, stream.pk, stream.key, (start, end), plan, before), short


def usual_days(known: Mapping[str, Any], site: str, now: datetime) -> int:
    """A window that brings the readings for the power and half as many again; else the usual one."""
    if not known["characteristic"] or known["target"] is None:
        return USUAL_DAYS
    found = fix(Plan(**{**known, "window_days": 1}), site=site, now=now)[0]
    if found is None or not found.before.readings:
        return USUAL_DAYS
    pace = found.before.readings / ((found.span[1] - found.span[0]) / DAY)
    return min(max(ceil(RESERVE * found.plan.n / pace), 1), MOST_DAYS)


def _span(given: Plan, stream: int, now: datetime) -> tuple[int, int]:
    """The time of the baseline: from the first reading until now where nothing else is said."""
    moment = to_microseconds(now)
    end = moment if given.baseline_until is None else to_microseconds(given.baseline_until)
    if given.baseline_from is not None:
        return to_microseconds(given.baseline_from), end
    first = readings.readings_from(stream, limit=1)
    return (first[0].received_at if first else moment - DAY), end


def _time_reasons(given: Plan, start: int, end: int, now: datetime) -> list[Reason]:
    reasons = []
    if start >= end:
        reasons.append(Reason("capa.baseline_order"))
    if end > to_microseconds(now):
        reasons.append(Reason("capa.baseline_ahead"))
    if not 1 <= given.window_days <= MOST_DAYS:
        reasons.append(Reason("capa.days"))
    return reasons


def _plan(given: Plan, before: Look, name: str) -> EffectivenessPlan:
    return effectiveness_plan(
        given.metric,
        before.observed,
        target=float(given.target),
        value=name,
        margin=None if given.margin is None else float(given.margin),
        alpha=float(given.alpha),
        power=float(given.power),
    )


def _window_reasons(plan: EffectivenessPlan, before: Look, span: int, days: int) -> list[Reason]:
    """Why a window is too short, at the pace at which readings came in the baseline."""
    pace = before.readings / (span / DAY)
    expected = pace * days
    if expected >= plan.n:
        return []
    about: dict[str, Any] = {"days": days, "expected": round(expected), "needed": round(plan.n)}
    return [Reason("capa.window_short", about | {"least": ceil(plan.n / pace)})]
