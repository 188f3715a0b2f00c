"""Rows that change but are no records, such as rights: the trail tells each as it is after every change.

``verify`` holds every such row against the last line that tells of it, so that somebody who writes into the
store beside the program, to give himself a right, is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db.models import Model

from gemba.quality.records import store
from gemba.quality.records.canonical import canonical_json
from gemba.quality.records.trail import Finding

KEY = "told"
BATCH = 500
_MARK = f'%"{KEY}":%'


@dataclass(frozen=True)
class ToldTable:
    """A table whose rows the trail tells: what it tells by a digest only, and what it leaves out."""

    model: type[Model]
    secret: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()


_tables: dict[str, ToldTable] = {}


def install_told(model: type[Model], *, secret: Iterable[str] = (), left_out: Iterable[str] = ()) -> None:
    """Say that every change of a model's rows is told in the trail.

    A ``secret`` column, and one that can be erased later such as a name, is told by a digest. ``left_out``
    are columns that say nothing about rights, such as the moment of the last sign-in.
    """
    _tables[model._meta.db_table] = ToldTable(model, frozenset(secret), frozenset(left_out))  # noqa: SLF001


def told(rows: Iterable[Model], gone: Iterable[Model] = ()) -> dict[str, dict[str, Any]]:
    """Some rows as a line of the trail tells them; those that are ``gone`` as nothing."""
    listed: dict[str, dict[str, Any]] = {}
    for row in rows:
        listed.setdefault(_name(row), {})[str(row.pk)] = _facts(row)
    for row in gone:
        listed.setdefault(_name(row), {})[str(row.pk)] = None
    return listed


def _name(row: Model) -> str:
    return row._meta.db_table  # noqa: SLF001 (Django's public Meta API)


def _facts(row: Model) -> dict[str, Any]:
    table = _tables[_name(row)]
    facts = {}
    for field in row._meta.concrete_fields:  # noqa: SLF001 (Django's public Meta API)
        if field.primary_key or field.name in table.left_out:
            continue
        value = field.value_from_object(row)
        facts[field.name] = _mark_of(value, row.pk) if field.name in table.secret and value else value
    return facts


def _mark_of(value: Any, identity: Any) -> str:
    content = value if isinstance(value, str) else canonical_json(value)
    return blake2b(content.encode(), key=str(identity).encode(), digest_size=12).hexdigest()


def untold_rows() -> Iterator[Finding]:
    """Every row that is not as its last line of the trail tells, that no line tells, or that is gone."""
    seen = set(_untold())
    if seen:  # somebody may have changed a row just while it was read: what is wrong still is
        yield from (finding for finding in _untold() if finding in seen)


def _untold() -> Iterator[Finding]:
    last = _last_lines()
    for name, table in sorted(_tables.items()):
        lines = last.get(name, {})
        for row in table.model._default_manager.order_by("pk").iterator(chunk_size=BATCH):  # noqa: SLF001 (public)
            found = _difference(row, lines.pop(row.pk, None))
            if found:
                yield _finding(name, row.pk, *found)
        for identity, facts in sorted(lines.items()):
            if facts is not None:
                yield _finding(name, identity, "row deleted", "was deleted")


def _last_lines() -> dict[str, dict[int, Any]]:
    statement = "SELECT detail FROM records_entry WHERE detail LIKE %s ORDER BY id"
    last: dict[str, dict[int, Any]] = {}
    for (detail,) in store.stream(statement, [_MARK]):
        for name, rows in _told_of(detail).items():
            last.setdefault(name, {}).update((int(identity), facts) for identity, facts in rows.items())
    return last


def _told_of(detail: str) -> dict[str, dict[str, Any]]:
    try:
        listed = json.loads(detail).get(KEY)
    except (ValueError, AttributeError):
        return {}  # the digest of the line tells that somebody altered it
    return listed if isinstance(listed, dict) else {}


def _difference(row: Model, known: Any) -> tuple[str, str] | None:
    present = json.loads(canonical_json(_facts(row)))
    if known is None:
        return "row inserted", "was inserted behind the program's back"
    changed = sorted(name for name in present.keys() | known.keys() if present.get(name) != known.get(name))
    return ("row altered", f"is not as the trail says: {', '.join(changed)}") if changed else None


def _finding(table: str, row: int, kind: str, what: str) -> Finding:
    return Finding(kind, table, row, 0, f"row {row} of {table} {what}")
