"""All rows of a store, table by table, in a form that both databases share: to move and to compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, ForeignKey, JSONField, Model

from gemba.quality.records.canonical import canonical_json, digest_row
from gemba.quality.records.store.elsewhere import at, connection, current, grown, run
from gemba.quality.records.store.statements import fetch, insert_many
from gemba.quality.records.store.wire import drawn_ahead
from gemba.quality.records.store.words import forget_words, put_words

SEQUENCES = "records_sequence"
"""Moved as numbers, not as rows: a grown store keeps them in sequences of its own."""
WORDS = "records_words"
"""The index of words has no model; its rows are the same on both databases, their form is not."""
_SUM = 2**128
_PLAIN = (int, float, str, bytes, type(None))


Tables = Sequence[type[Model]]


@dataclass(frozen=True)
class Digest:
    """How many rows a table holds, and the sum of their digests: the order does not matter."""

    rows: int
    sum: str


def tables(program: Apps = apps) -> Tables:
    """Every table of the program, so that a table comes after those that it refers to.

    ``program`` are the models of another version, as its migrations tell them.
    """
    found = {model._meta.db_table: model for model in _models(program)}  # noqa: SLF001 (Django's public Meta API)
    ordered: dict[str, type[Model]] = {}

    def place(name: str, above: frozenset[str]) -> None:
        if name in ordered or name in above or name not in found:
            return
        for needed in sorted(_referred(found[name])):
            place(needed, above | {name})
        ordered[name] = found[name]

    for name in sorted(found):
        place(name, frozenset())
    return tuple(ordered.values())


def digest_table(model: type[Model], alias: str) -> Digest:
    """The number of rows of a table and the digest over all of them, the same on both databases."""
    rows = total = 0
    json = [isinstance(item, JSONField) for item in _fields(model)]
    for row in _read(model, alias):
        rows += 1
        values = [_plain(value, is_json) for value, is_json in zip(row, json, strict=True)]
        total += int.from_bytes(digest_row(values), "big")
    return Digest(rows, f"{total % _SUM:032x}")


def read_table(model: type[Model]) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The columns of a table of the current store, and its rows one after the other."""
    return [_column(item) for item in _fields(model)], _read(model, current())


def count_rows() -> dict[str, int]:
    """How many rows each table of the current store holds."""
    names = [model._meta.db_table for model in tables()]  # noqa: SLF001
    return {name: int(fetch(f'SELECT COUNT(*) FROM "{name}"')[0][0]) for name in sorted(names)}  # noqa: S608


def copy_table(model: type[Model], source: str) -> int:
    """Copy all rows of a table from the store ``source`` into the current one; returns how many."""
    copied = 0
    fields = _fields(model)
    taken_as_is = [not isinstance(item, JSONField) for item in fields]
    target = connection()

    def adapted() -> Iterator[tuple[Any, ...]]:
        nonlocal copied
        for row in _read(model, source):
            copied += 1
            yield tuple(
                value
                if plain and isinstance(value, _PLAIN)
                else item.get_db_prep_save(value, connection=target)
                for item, value, plain in zip(fields, row, taken_as_is, strict=True)
            )

    insert_many(model._meta.db_table, [_column(item) for item in fields], adapted())  # noqa: SLF001
    return copied


def copy_words(source: str) -> None:
    """Copy the words by which records are found; an old store has none."""
    for record, *words in _read_words(source):
        put_words(record, *words)


def digest_words(alias: str) -> Digest:
    """The number of records that are found by words, and the digest over their words."""
    rows = total = 0
    for row in _read_words(alias):
        rows += 1
        total += int.from_bytes(digest_row(row), "big")
    return Digest(rows, f"{total % _SUM:032x}")


def empty_tables(models: Tables) -> None:
    """Take all rows out of the current store, as a part of the transaction; only for a store to be filled."""
    names = [model._meta.db_table for model in models] + [SEQUENCES]  # noqa: SLF001
    if WORDS in connection().introspection.table_names():
        forget_words()
    if grown():
        joined = ", ".join(f'"{name}"' for name in names)
        run(f"TRUNCATE {joined} RESTART IDENTITY")
        return
    for name in reversed(names):
        run(f'DELETE FROM "{name}"')  # noqa: S608 (names of the program)


def read_counters(models: Tables) -> dict[str, int]:
    """The last number that each sequence gave: the program's own, and those of automatic ids."""
    if grown():
        own = fetch(
            "SELECT substr(sequencename, 7), last_value FROM pg_sequences WHERE last_value IS NOT NULL "
            "AND schemaname = current_schema() AND sequencename LIKE 'gemba\\_%%'"
        )
        automatic = [(f"{table}.id", _last_identity(table)) for table in _automatic(models)]
    else:
        own = fetch(f"SELECT name, value FROM {SEQUENCES}")  # noqa: S608 (names of the program)
        held = dict(fetch("SELECT name, seq FROM sqlite_sequence"))
        automatic = [(f"{table}.id", held.get(table, 0)) for table in _automatic(models)]
    return {str(name): int(value) for name, value in sorted([*own, *automatic]) if value}


def write_counters(counters: dict[str, int]) -> None:
    """Set every sequence, so that no number is given twice."""
    own = [(name, value) for name, value in counters.items() if "." not in name]
    automatic = [(name.removesuffix(".id"), value) for name, value in counters.items() if "." in name]
    if grown():
        drawn_ahead().clear()
        for name, value in own:
            fetch("SELECT setval(%s, %s)", [f"gemba_{name}", value])
        for table, value in automatic:
            fetch("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [f'"{table}"', value])
        return
    if own:
        run(f"INSERT INTO {SEQUENCES} (name, value) VALUES (%s, %s)", *own)  # noqa: S608 (own names)
    for table, value in automatic:
        run("DELETE FROM sqlite_sequence WHERE name = %s", (table,))
        run("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", (table, value))


def _models(program: Apps) -> list[type[Model]]:
    installed = [model for model in program.get_models(include_auto_created=True) if model._meta.managed]  # noqa: SLF001
    kept = [model for model in installed if model._meta.db_table != SEQUENCES and not model._meta.proxy]  # noqa: SLF001
    return [*kept, MigrationRecorder.Migration]


def _referred(model: type[Model]) -> set[str]:
    return {
        item.remote_field.model._meta.db_table  # noqa: SLF001
        for item in _fields(model)
        if isinstance(item, ForeignKey)
    }


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [item for item in model._meta.concrete_fields if item.column]  # noqa: SLF001


def _column(item: Field[Any, Any]) -> str:
    return str(item.column)


def _read(model: type[Model], alias: str) -> Iterator[tuple[Any, ...]]:
    names = [item.attname for item in _fields(model)]
    rows = model._base_manager.using(alias).values_list(*names)  # noqa: SLF001 (Django's plain manager)
    return rows.iterator(chunk_size=5000)


def _read_words(alias: str) -> list[tuple[Any, ...]]:
    with at(alias):
        if WORDS not in connection().introspection.table_names():
            return []
        key = "header_id" if grown() else "rowid"
        return fetch(f"SELECT {key}, number, title, body, extra FROM {WORDS}")  # noqa: S608 (own names)


def _automatic(models: Tables) -> list[str]:
    """The tables whose ids the database gives."""
    auto = ("AutoField", "BigAutoField", "SmallAutoField")
    return sorted(
        model._meta.db_table  # noqa: SLF001
        for model in models
        if model._meta.pk.get_internal_type() in auto and model._meta.pk.column == "id"  # noqa: SLF001
    )


def _last_identity(table: str) -> int:
    name = fetch("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table}"'])[0][0]
    last, called = fetch(f"SELECT last_value, is_called FROM {name}")[0]  # noqa: S608 (the database's own name)
    return int(last) if called else 0


def _plain(value: Any, is_json: bool) -> Any:
    """A value as both databases mean it."""
    if is_json:
        return canonical_json({"json": value})
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    return str(value)  # a day, a time of day, a UUID
