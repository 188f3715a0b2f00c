"""What is changed with an action and can be begun from its page: the control plan, the limits."""

from __future__ import annotations

from typing import Any

from gemba.quality.control.monitoring import queries as charts
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.planning.controlplans import queries as plans
from gemba.quality.planning.products import queries as products
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.links import linked_headers

MINUTE = 60_000_000
WHILE = ("implementation", "monitoring")


def panel(record: Capa) -> dict[str, Any]:
    """The plans in force whose next revision nobody began, and the chart without limits of its new stage."""
    header = record.header
    if header.state not in WHILE:
        return {}
    found = products.by_number(record.characteristic)
    held = [] if found is None else plans.plans_in_force(found.pk)
    open_ones = [
        {"id": plan.pk, "number": plan.header.number, "version": plan.header.version}
        for plan in held
        if (plan.in_force_at or 0) < header.opened_at and not _followed(plan.pk)
    ]
    since = _acted(record)
    offered = {"plans": open_ones, "stream": None if since is None else record.stream_row, "since": since}
    if not open_ones and offered["stream"] is None:
        return {}
    return offered | {"reason": f"{header.number} {header.title}"}


def _acted(record: Capa) -> Any:
    """When the last action was done, while no limits hold or are proposed from then on."""
    done = record.actions.filter(cycle=record.cycle).order_by("-done_at").values_list("done_at", flat=True)
    moments = list(done)
    if record.stream_row is None or not moments or None in moments:
        return None
    newer = [
        item
        for item in charts.limit_sets_of(record.stream_row)
        if item.header.state == "proposed" or (item.valid_from or 0) >= moments[0] - MINUTE
    ]
    return None if newer else from_microseconds(moments[0])


def _followed(plan: int) -> bool:
    return any(item.category not in LOCKED for item in linked_headers(plan).get("superseded_by", ()))
