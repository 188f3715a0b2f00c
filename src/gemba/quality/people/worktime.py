"""The only writers of working time: the weekly shifts of a site, its holidays and downtimes.

Every due time is counted in these. What is replaced stands in the trail, old and new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from gemba.quality.people.models import Closure, WorkingTime
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Site
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.work import recording

KEEPERS = ("system_administrator", "quality_manager")
DAY = 24 * 60


@dataclass(frozen=True)
class Shift:
    """Working time of one weekday (0 is Monday), from and until in minutes of the local day."""

    day: int
    start: int
    end: int

    def __str__(self) -> str:
        return f"{clock_time(self.start)}-{clock_time(self.end)}"


def clock_time(minutes: int) -> str:
    """Minutes of a day as a clock shows them; the end of the day is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_shifts(day: int, text: str) -> tuple[list[Shift], list[Reason]]:
    """The shifts of one day from what a person types, such as ``06:00-14:00, 14:00-22:00``."""
    found, reasons = [], []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, _, last = part.partition("-")
        start, end = _minutes(first), _minutes(last)
        if start is None or end is None or start >= end:
            reasons.append(Reason("people.shift_invalid", {"given": part}))
        else:
            found.append(Shift(day, start, end))
    return found, reasons


def _minutes(text: str) -> int | None:
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and len(hours) <= 2 and len(minutes) == 2):
        return None
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and found <= DAY else None


def shifts_of(site: Site) -> list[Shift]:
    """The weekly shifts of a site, none where it works always."""
    rows = WorkingTime.objects.filter(site=site).order_by("day", "start")
    return [Shift(row.day, row.start, row.end) for row in rows]


def set_shifts(
    *, site: Site, shifts: Sequence[Shift], reason: str = "", actor: Actor, now: datetime
) -> list[Shift]:
    """Say in which weekly shifts a site works; without any, always. Open tasks keep their due time."""
    wanted = sorted(shifts, key=lambda shift: (shift.day, shift.start))
    refuse_if([*_rights(actor, site), *_faults(wanted)])
    with recording(actor=actor, now=now) as work:
        held = shifts_of(site)
        if held == wanted:
            return wanted
        gone = list(WorkingTime.objects.filter(site=site))
        WorkingTime.objects.filter(site=site).delete()
        made = [
            WorkingTime.objects.create(site=site, day=shift.day, start=shift.start, end=shift.end)
            for shift in wanted
        ]
        detail = {"site": site.code, "old": _listed(held), "new": _listed(wanted)}
        work.enter("calendar.shifts", reason=reason, detail=detail, rows=made, gone=gone)
    return wanted


def add_closure(
    *, site: Site, name: str, start: datetime, end: datetime, actor: Actor, now: datetime
) -> Closure:
    """Say that a site does not work for a time: a holiday, a downtime."""
    reasons = _rights(actor, site)
    if not name.strip() or len(name.strip()) > 120:
        reasons.append(Reason("records.field_missing", {"field": "name"}))
    if start >= end:
        reasons.append(Reason("people.closure_order"))
    refuse_if(reasons)
    with recording(actor=actor, now=now) as work:
        made = Closure.objects.create(
            site=site, name=name.strip(), start=to_microseconds(start), end=to_microseconds(end)
        )
        work.enter("calendar.close", detail={"site": site.code, **_told(made)}, rows=[made])
    return made


def drop_closure(*, site: Site, closure: int, reason: str, actor: Actor, now: datetime) -> None:
    """Say that a site works after all; the trail keeps what was planned."""
    with recording(actor=actor, now=now) as work:
        held = Closure.objects.filter(pk=closure, site=site).first()
        reasons = _rights(actor, site)
        if held is None:
            reasons.append(Reason("people.closure_unknown"))
        if not reason.strip():
            reasons.append(Reason("records.reason_missing"))
        refuse_if(reasons)
        if held is not None:
            detail = {"site": site.code, **_told(held)}
            work.enter("calendar.open", reason=reason, detail=detail, gone=[held])
            held.delete()


def _told(closure: Closure) -> dict[str, object]:
    return {"closure": closure.pk, "name": closure.name, "from": closure.start, "until": closure.end}


def _listed(shifts: Iterable[Shift]) -> list[list[int]]:
    return [[shift.day, shift.start, shift.end] for shift in shifts]


def _faults(shifts: Sequence[Shift]) -> list[Reason]:
    reasons = [
        Reason("people.shift_invalid", {"given": str(shift)})
        for shift in shifts
        if not (0 <= shift.day <= 6 and 0 <= shift.start < shift.end <= DAY)
    ]
    for one, two in pairwise(shifts):
        if one.day == two.day and two.start < one.end:
            reasons.append(Reason("people.shift_overlap", {"one": str(one), "two": str(two)}))
    return reasons


def _rights(actor: Actor, site: Site) -> list[Reason]:
    may = actor.kind == "system" or any(actor.has_role(role, site.code) for role in KEEPERS)
    return [] if may else [Reason("records.no_right", {"site": site.code})]
