"""Reads of corrective actions for screens, jobs and neighbours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F

from gemba.quality.improvement.capa.models import ActionItem, Capa, Change
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.lifecycle import LOCKED, Linked
from gemba.quality.records.links import linked_headers
from gemba.stats.inference import EffectivenessPlan


def capa(identity: int) -> Capa:
    """The corrective action of a header."""
    return Capa.objects.select_related("header", "header__site").get(pk=identity)


def correcting(identity: int) -> list[Linked]:
    """The corrective actions that correct a record, the newest last."""
    return [item for item in linked_headers(identity).get("corrected_by", ()) if item.type == "capa"]


def open_correction(identity: int) -> Linked | None:
    """The corrective action of a record that is still worked on."""
    return next((item for item in correcting(identity) if item.category not in LOCKED), None)


def open_actions(identity: int) -> int:
    """How many actions of the running cycle are still to be done."""
    return ActionItem.objects.filter(capa=identity, done_at=None, cycle=F("capa__cycle")).count()


def open_changes(identity: int) -> int:
    """How many kinds of documents nobody has answered for yet."""
    return Change.objects.filter(capa=identity, answer="").count()


def elapsed(now: datetime, *, limit: int) -> Iterator[Capa]:
    """Those whose window has elapsed and that are not judged yet, the longest ago first."""
    rows = Capa.objects.select_related("header", "header__site").filter(header__state="monitoring")
    yield from rows.filter(window_until__lte=to_microseconds(now)).order_by("window_until", "pk")[:limit]


def plan_of(record: Capa) -> EffectivenessPlan:
    """The criterion that was fixed."""
    return EffectivenessPlan.from_dict(json.loads(record.plan))


def earlier(characteristic: str, *, than: int) -> list[Capa]:
    """Corrective actions that were closed as effective on a characteristic before this one."""
    rows = Capa.objects.filter(characteristic=characteristic, header__state="closed", pk__lt=than)
    return list(rows.order_by("pk"))


def took_effect(stream: int) -> list[tuple[str, int]]:
    """The corrective actions measured on a stream: number, and the moment from which their effect counts."""
    rows = Capa.objects.filter(stream_row=stream, window_from__isnull=False).order_by("window_from")
    return [(str(number), at) for number, at in rows.values_list("header__number", "window_from")]


def next_number(rows: Any) -> int:
    """The number of the next line of a relation."""
    last: int | None = rows.order_by("number").values_list("number", flat=True).last()
    return (last or 0) + 1
