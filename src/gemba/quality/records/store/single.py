"""One row of a model at a time, without the price of building a query: lock, insert, update.

The statement of a model is made once. Models of the kernel and of record types only: plain columns, values
that are set, nothing computed by the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Field, Model

from gemba.quality.records.store.elsewhere import connection, current, grown
from gemba.quality.records.store.statements import ROW_LOCK, fetch
from gemba.quality.records.store.together import write_together
from gemba.quality.records.store.wire import Write

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class _Plan:
    """The columns of a model and the statements that read and write one row of it."""

    fields: tuple[Field[Any, Any], ...]
    names: tuple[str, ...]
    select: str
    insert: str
    update: str


_plans: dict[type[Model], _Plan] = {}


def lock_row(model: type[M], identity: int) -> M | None:
    """The row with this id as it is now, locked until the transaction ends; ``None`` when there is none."""
    rows = _read(model, f"{_key(model)} = %s {ROW_LOCK if grown() else ''}", identity)
    return rows[0] if rows else None


def read_rows(model: type[M], column: str, value: Any) -> list[M]:
    """The rows of a model that have a value in a column, by their id."""
    return _read(model, f'"{column}" = %s ORDER BY {_key(model)}', value)


def _read(model: type[M], where: str, value: Any) -> list[M]:
    plan, there, alias = _plan(model), connection(), current()
    converters = [
        (place, item.get_db_converters(there) + there.ops.get_db_converters(item.cached_col), item.cached_col)
        for place, item in enumerate(plan.fields)
    ]
    needed = [(place, calls, column) for place, calls, column in converters if calls]
    found = []
    for row in fetch(f"{plan.select} WHERE {where}", [value]):
        values = list(row)
        for place, calls, column in needed:
            for convert in calls:
                values[place] = convert(values[place], column, there)
        found.append(model.from_db(alias, plan.names, values))
    return found


def _key(model: type[Model]) -> str:
    return f'"{model._meta.pk.column}"'  # noqa: SLF001 (Django's public Meta API)


def insert_row(row: Model) -> None:
    """Insert a row whose id is set."""
    plan = _plan(type(row))
    write_together([Write(plan.insert, _values(row, plan.fields), None, type(row).__name__)])
    row._state.adding = False  # noqa: SLF001 (as Django's own save does)
    row._state.db = current()  # noqa: SLF001


def update_row(row: Model) -> None:
    """Write every column of a row that is there.

    Raises
    ------
    DatabaseError
        When it is not.
    """
    write_together([updating(row)])


def updating(row: Model) -> Write:
    """The write of every column of a row that must be there."""
    plan = _plan(type(row))
    others = tuple(item for item in plan.fields if not item.primary_key)
    return Write(plan.update, [*_values(row, others), row.pk], 1, f"{type(row).__name__} {row.pk}")


def _values(row: Model, fields: tuple[Field[Any, Any], ...]) -> list[Any]:
    there = connection()
    return [item.get_db_prep_save(getattr(row, item.attname), connection=there) for item in fields]


def _plan(model: type[Model]) -> _Plan:
    if model not in _plans:
        meta = model._meta  # noqa: SLF001 (Django's public Meta API)
        fields = tuple(item for item in meta.concrete_fields if item.column)
        names = ", ".join(f'"{item.column}"' for item in fields)
        marks = ", ".join("%s" for _ in fields)
        changes = ", ".join(f'"{item.column}" = %s' for item in fields if not item.primary_key)
        key = f"{_key(model)} = %s"
        _plans[model] = _Plan(
            fields,
            tuple(item.attname for item in fields),
            f'SELECT {names} FROM "{meta.db_table}"',  # noqa: S608 (names of the program)
            f'INSERT INTO "{meta.db_table}" ({names}) VALUES ({marks})',  # noqa: S608
            f'UPDATE "{meta.db_table}" SET {changes} WHERE {key}',  # noqa: S608
        )
    return _plans[model]
