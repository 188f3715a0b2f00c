"""Reads of brought files: those that may be taken now, and how far one has come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gemba.quality.control.bringing.models import BroughtFile, TakenFile
from gemba.quality.planning.controlplans.queries import line_numbers
from gemba.quality.planning.products.lifecycle import IN_FORCE
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Header


@dataclass(frozen=True)
class Progress:
    """How far a brought file has come; ``taken`` is what became of it, when it has been taken."""

    id: int
    header: Header
    file: str
    readings: int
    points: int
    actor: str
    released: bool
    taken: TakenFile | None


@dataclass(frozen=True)
class Made:
    """A record that was made with a characteristic; ``lines`` are those of a plan that control it."""

    id: int
    type: str
    number: str
    title: str
    state: str
    version: int
    lines: Sequence[int] = ()


def made_with(characteristic: int) -> Sequence[Made]:
    """The product of a characteristic, itself, and the newest plan that has a line for it."""
    linked = linked_headers(characteristic)
    products = [item.id for item in linked.get("contained_in", ()) if item.type == "product"]
    plans = [item.id for item in linked.get("controlled_by", ()) if item.type == "control-plan"]
    wanted = (*products[-1:], characteristic, *plans[-1:])
    rows = Header.objects.in_bulk(wanted)
    lines = {identity: line_numbers(identity, characteristic) for identity in plans[-1:]}
    return [
        Made(row.pk, row.type, row.number or "", row.title, row.state, row.version, lines.get(row.pk, ()))
        for row in (rows[identity] for identity in wanted)
    ]


def due_files(*, limit: int = 10) -> Sequence[BroughtFile]:
    """The files whose characteristic is released and that were not taken yet, oldest first."""
    rows = BroughtFile.objects.filter(taken=None, header__state__in=IN_FORCE)
    return list(rows.select_related("header", "attachment").order_by("pk")[:limit])


def reading_of(brought: BroughtFile) -> dict[str, Any]:
    """How a brought file is read."""
    found: dict[str, Any] = json.loads(brought.reading)
    return found


def progress_of(identity: int) -> Progress | None:
    """How far a brought file has come."""
    rows = BroughtFile.objects.select_related("header", "header__site", "attachment", "taken")
    row = rows.filter(pk=identity).first()
    if row is None:
        return None
    return Progress(
        row.pk,
        row.header,
        row.attachment.name,
        row.readings,
        row.points,
        row.actor,
        row.header.state in IN_FORCE,
        getattr(row, "taken", None),
    )
