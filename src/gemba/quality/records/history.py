"""What was, and who did it: versions on two clocks, and the trail of a record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from gemba.quality.records import store
from gemba.quality.records.canonical import from_microseconds, to_microseconds
from gemba.quality.records.models import Entry, Version
from gemba.quality.records.types import record_type

Clock = Literal["recorded", "effective"]
_COLUMN: Mapping[str, str] = {"recorded": "recorded_at", "effective": "effective_from"}


@dataclass(frozen=True)
class PastRecord:
    """A record as it was: header and fields in today's schema."""

    id: int
    version: int
    recorded_at: datetime
    effective_from: datetime
    header: Mapping[str, Any]
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One changed value between two versions."""

    name: str
    old: Any
    new: Any


def record_as_of(header: int, at: datetime, *, clock: Clock = "recorded") -> PastRecord | None:
    """The record as it was known (``recorded``) or in force (``effective``) at a moment."""
    column = _COLUMN[clock]
    found = (
        Version.objects.filter(header_id=header, **{f"{column}__lte": to_microseconds(at)})
        .order_by(f"-{column}", "-number")
        .first()
    )
    if found is None:
        return None
    return _past_of(found)


def record_version(header: int, number: int) -> PastRecord | None:
    """The record as it stood after one change."""
    found = Version.objects.filter(header_id=header, number=number).first()
    return None if found is None else _past_of(found)


def list_as_of(
    type_name: str,
    at: datetime,
    *,
    clock: Clock = "recorded",
    sites: tuple[str, ...] | None = None,
    limit: int = 1000,
    after: int = 0,
) -> list[PastRecord]:
    """All records of a type as they were at a moment, by id, a page at a time."""
    column = _COLUMN[clock]
    where, values = "h.type = %s AND h.id > %s", [type_name, after]
    if sites is not None:
        where += f" AND h.site_id IN ({', '.join('%s' for _ in sites)})" if sites else " AND 1 = 0"
        values += list(sites)
    statement = f"""
        SELECT h.id, v.number, v.recorded_at, v.effective_from, v.schema, v.snapshot
        FROM records_header h JOIN records_version v ON v.id = (
            SELECT w.id FROM records_version w WHERE w.header_id = h.id AND w.{column} <= %s
            ORDER BY w.{column} DESC, w.number DESC LIMIT 1)
        WHERE {where} ORDER BY h.id LIMIT %s
    """  # noqa: S608 (names of the program)
    moment = to_microseconds(at)
    return [_past(row) for row in store.fetch(statement, [moment, *values, limit])]


def changes(header: int, number: int) -> tuple[Change, ...]:
    """What one version changed: old and new values, as the difference of two snapshots."""
    found = {
        version.number: _parts(version.snapshot)
        for version in Version.objects.filter(header_id=header, number__in=(number - 1, number))
    }
    old, new = found.get(number - 1, {"header": {}, "fields": {}, "own": {}}), found[number]
    differences: list[Change] = []
    for part in ("header", "fields", "own"):
        for name in sorted(old[part].keys() | new[part].keys()):
            before, after = old[part].get(name), new[part].get(name)
            if before != after:
                differences.append(Change(name, before, after))
    return tuple(differences)


def _parts(text: str) -> dict[str, Any]:
    """A snapshot in its parts: header, fields of the type, fields of one's own."""
    snapshot: dict[str, Any] = json.loads(text)
    own = json.loads(snapshot["header"].pop("own_fields", "{}"))
    return snapshot | {"own": {f"own.{name}": value for name, value in own.items()}}


def trail_of(header: int) -> list[Entry]:
    """The trail of one record, oldest first."""
    return list(Entry.objects.filter(header_id=header).order_by("id"))


def done_by(header: int) -> dict[str, frozenset[str]]:
    """Who took which move on a record; ``create`` counts as a move."""
    found: dict[str, set[str]] = {}
    for action, actor in store.fetch(
        "SELECT action, actor FROM records_entry WHERE header_id = %s", [header]
    ):
        found.setdefault(str(action).removeprefix("move:"), set()).add(str(actor))
    return {name: frozenset(people) for name, people in found.items()}


def _past_of(row: Version) -> PastRecord:
    return _past((row.header_id, row.number, row.recorded_at, row.effective_from, row.schema, row.snapshot))


def _past(row: tuple[Any, ...]) -> PastRecord:
    identity, number, recorded, effective, schema, text = row
    snapshot = json.loads(text)
    kind = record_type(snapshot["header"]["type"])
    fields = kind.read_snapshot(schema, snapshot["fields"])
    return PastRecord(
        identity,
        number,
        from_microseconds(recorded),
        from_microseconds(effective),
        snapshot["header"],
        fields,
    )
