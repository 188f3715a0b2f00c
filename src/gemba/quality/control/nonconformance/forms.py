"""What the forms of a nonconformance begin with, so that nobody types what the plant knows already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.quality.control.monitoring import queries as charts
from gemba.quality.control.nonconformance.inputs import LineInput
from gemba.quality.control.nonconformance.models import Line, Nonconformance
from gemba.quality.records.editing import known_row
from gemba.quality.records.given import Full
from gemba.quality.records.links import linked_headers
from gemba.stats.results import N_, translator

RECURRENCE_DAYS = 60
DAY = 86_400_000_000
RECURRENCE = N_("Again within {days} days: {numbers}")
SIGNIFICANT = N_("{severity}, on {characteristic}")
GRAVE = ("critical", "major")


def proposed(record: Nonconformance) -> Mapping[str, Any]:
    """The lines that are only proposed, never what was carried out; else the whole quantity in one line."""
    rows = record.lines.filter(state="pending").order_by("number")
    lines: tuple[Any, ...] = tuple(LineInput(**known_row(row, LineInput)) for row in rows)
    if not lines and not record.lines.exists():
        lines = ({"quantity": record.quantity_nonconforming},)
    return {"lines": lines}


def open_locations(record: Nonconformance) -> Mapping[str, Any]:
    """The places that nobody has answered for; what was found in the process is secured there."""
    rows, secured = [], _secured_at_signal(record)
    for row in record.locations.filter(answer="").order_by("pk"):
        here = row.location == "wip" and record.detection_point == "process"
        amount = record.quantity_suspect or record.quantity_nonconforming
        asked = {"answer": "secured", "quantity": amount, "words": secured} if here else {"answer": "none"}
        rows.append({"location": row.location, **asked})
    return {"locations": Full(rows)}


def every_location(record: Nonconformance) -> Mapping[str, Any]:
    """The same, to end the containment with: each row is an answer as it stands."""
    rows = Full({**row, "kept": True} for row in open_locations(record)["locations"])
    return {"locations": rows}


def _secured_at_signal(record: Nonconformance) -> str:
    """The steps of the reaction plan that were ticked off as done at the signal it was raised from."""
    raised = [item.id for item in linked_headers(record.pk).get("raised_from", ()) if item.type == "signal"]
    return charts.done_in_words(charts.signal(raised[0])) if raised else ""


def next_line(record: Nonconformance) -> Mapping[str, Any]:
    """The next line that is to be carried out, whole; the currency is that of the last posting."""
    return _line(record, 0)


def line_after(record: Nonconformance) -> Mapping[str, Any]:
    """The line that comes after the next one; nothing where that is the last."""
    found = _line(record, 1)
    return found if "line" in found else {}


def _line(record: Nonconformance, place: int) -> Mapping[str, Any]:
    row = record.lines.filter(state="pending").order_by("number")[place : place + 1].first()
    last = (
        Line.objects.filter(nonconformance__header__site=record.header.site_id)
        .exclude(currency="")
        .order_by("-done_at")
        .first()
    )
    known = {} if row is None else {"line": row.number, "quantity": row.quantity}
    return known | ({} if last is None else {"currency": last.currency})


def triage(record: Nonconformance) -> Mapping[str, Any]:
    """Whether the plant sees a reason for a corrective action: it recurs, or it is grave."""
    t = translator(None)
    numbers = _earlier(record)
    if numbers:
        why = t(RECURRENCE).format(days=RECURRENCE_DAYS, numbers=", ".join(numbers))
        return {"needed": True, "ground": "recurrence", "why": why}
    if record.severity in GRAVE:
        severity = t(str(record.get_severity_display()))
        why = t(SIGNIFICANT).format(severity=severity, characteristic=record.characteristic or record.item)
        return {"needed": True, "ground": "risk", "why": why}
    return {}


def _earlier(record: Nonconformance) -> list[str]:
    """The nonconformances of the same characteristic shortly before this one."""
    if not record.characteristic or record.found_at is None:
        return []
    span = (record.found_at - RECURRENCE_DAYS * DAY, record.found_at)
    rows = Nonconformance.objects.filter(characteristic=record.characteristic, found_at__range=span)
    rows = rows.exclude(pk=record.pk).exclude(header__category="void").exclude(header__number=None)
    return [str(number) for number in rows.order_by("found_at").values_list("header__number", flat=True)]
