"""One point of a chart as a page and its twin tell it: its readings, its judgements, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.collecting.queries import Row
from gemba.quality.control.monitoring import queries as monitoring
from gemba.quality.control.monitoring.history import Judgement, PointHistory
from gemba.quality.control.monitoring.together import parts_at
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.names import printed_names


def facts_of(point: PointHistory) -> dict[str, Any]:
    """Who, when, with which gauge, the raw values, every judgement, the signal, and who left it out."""
    rows = collecting.readings_named(point.readings)
    every = [item for row in rows for item in (row, *row.amendments)]
    names = printed_names(part for item in every for part in (item.actor, item.operator))
    return {
        "name": point.name,
        "at": from_microseconds(point.at),
        "subgroup": point.subgroup,
        "size": point.size,
        "holds": _judgement(point.holds),
        "judgements": [_judgement(item) for item in reversed(point.judgements)],
        "readings": [_reading(row, names) for row in rows],
        "parts": [vars(part) for part in parts_at(point.stream, point.key)],
        "signal": None if point.signal is None else _signal(point.signal),
        "left_out": [vars(item) for item in point.excluded],
        "before": point.before,
        "behind": point.behind,
    }


def _judgement(item: Judgement) -> dict[str, Any]:
    return {
        "number": item.number,
        "at": from_microseconds(item.at) if item.at else None,
        "n": item.n,
        "panels": [vars(panel) for panel in item.panels],
        "limit_set": item.limit_set,
        "fired": [list(pair) for pair in item.fired],
        "fault": item.fault,
    }


def _reading(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {**_said(row, names), "void": row.void, "late": row.late,
            "amendments": [_said(item, names) for item in row.amendments]}  # fmt: skip


def _said(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    kept = ("id", "text", "unit", "gauge", "lot", "serial", "source", "kind", "verdict", "note")
    return {name: getattr(row, name) for name in kept} | {
        "who": names.get(row.operator or row.actor, row.operator or row.actor),
        "at": from_microseconds(row.measured_at or row.received_at),
        "received_at": from_microseconds(row.received_at),
    }


def _signal(identity: int) -> dict[str, Any]:
    found = monitoring.signal(identity)
    return {
        "id": identity,
        "number": str(found.header.number),
        "state": found.header.state,
        "category": found.header.category,
        "cause": found.cause,
        "action": found.action,
        "words": list(monitoring.words_of(found)),
    }
