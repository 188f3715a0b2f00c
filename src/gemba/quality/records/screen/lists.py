"""A list of records for somebody who may read them: narrowed, sorted, a page at a time."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from gemba.quality.records.actor import Actor
from gemba.quality.records.given import Unfit, read_date, read_number, read_text, read_yes_no
from gemba.quality.records.names import printed_names
from gemba.quality.records.reading import visible
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.screen.declare import Column, Screen
from gemba.quality.records.screen.own import OwnSource
from gemba.quality.records.screen.query import Condition, Query, values_of
from gemba.quality.records.screen.sources import Source
from gemba.quality.records.store.words import matching
from gemba.quality.records.types import plain_value


@dataclass(frozen=True)
class Row:
    """One record of a list: what identifies it, and the values of the columns as JSON holds them."""

    id: int
    number: str | None
    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class ListPage:
    """A page of a list; ``after`` is the mark of the next page, ``names`` the printed names in it."""

    rows: tuple[Row, ...]
    after: str | None
    names: Mapping[str, str]


def list_page(screen: Screen, query: Query, *, actor: Actor) -> ListPage:
    """The rows that a query asks for and the actor may read.

    Pages are cut at a value, not at a count: what is added meanwhile neither doubles nor hides a row.

    Raises
    ------
    Refused
        When the mark of the page cannot be read.
    """
    sort = query.sort or screen.order
    rows = _narrowed(_with_own(visible(screen.kind, actor), screen, query, sort), screen, query)
    source, falling = screen.source(sort.lstrip("-")), sort.startswith("-")
    if query.after:
        rows = rows.filter(_behind(source, falling, query.after))
    found = list(_sorted(rows, source, falling)[: query.limit + 1])
    columns = [_reader(screen, column) for column in screen.columns]
    shown = tuple(_row(columns, record) for record in found[: query.limit])
    more = len(found) > query.limit
    return ListPage(
        rows=shown,
        after=_mark(source, found[query.limit - 1]) if more else None,
        names=printed_names(_people(screen, shown)),
    )


def _with_own(rows: QuerySet[Any], screen: Screen, query: Query, sort: str) -> QuerySet[Any]:
    """The rows with the fields of one's own that the query asks for."""
    asked = {condition.name for condition in query.conditions} | {sort.lstrip("-")}
    found = [screen.source(name) for name in sorted(asked)]
    named = {source.path: source.expression for source in found if isinstance(source, OwnSource)}
    return rows.annotate(**named) if named else rows


def _narrowed(rows: QuerySet[Any], screen: Screen, query: Query) -> QuerySet[Any]:
    for condition in query.conditions:
        rows = rows.filter(_asked(screen.source(condition.name), condition))
    if query.words:
        found = matching(query.words)
        rows = rows.none() if found is None else rows.filter(pk__in=found)
    return rows


def _asked(source: Source, condition: Condition) -> Q:
    values = values_of(source, condition)
    path = source.path
    if condition.operator == "is":
        return Q(**{f"{path}__in": values})
    if condition.operator == "empty":
        blank = Q(**{path: ""}) if source.kind in ("text", "person", "choice") else Q()
        empty = (Q(**{f"{path}__isnull": True}) | blank) if blank else Q(**{f"{path}__isnull": True})
        return empty if values[0] else ~empty
    lookup = {"has": "icontains", "from": "gte", "to": "lte"}[condition.operator]
    asked = Q()
    for value in values:
        asked |= Q(**{f"{path}__{lookup}": value})
    return asked


def _sorted(rows: QuerySet[Any], source: Source, falling: bool) -> QuerySet[Any]:
    if source.path == "header_id":
        return rows.order_by("-pk" if falling else "pk")
    column = F(source.path)
    order = column.desc(nulls_last=True) if falling else column.asc(nulls_last=True)
    return rows.order_by(order, "-pk" if falling else "pk")


def _behind(source: Source, falling: bool, mark: str) -> Q:
    value, identity = _read_mark(mark, source)
    side = "lt" if falling else "gt"
    same = Q(**{f"pk__{side}": identity})
    if source.path == "header_id":
        return same
    if value is None:
        return Q(**{f"{source.path}__isnull": True}) & same
    beyond = Q(**{f"{source.path}__{side}": value}) | (Q(**{source.path: value}) & same)
    return beyond | Q(**{f"{source.path}__isnull": True}) if source.nullable else beyond


def _mark(source: Source, record: Model) -> str:
    value: Any = record
    for part in source.path.split("__"):
        value = getattr(value, part)
    text = json.dumps([plain_value(value), record.pk], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_mark(mark: str, source: Source) -> tuple[Any, int]:
    try:
        value, identity = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if type(identity) is not int or abs(identity) >= 2**63:
            raise ValueError(mark)
        reader: Callable[[Any], Any] = _MARKS.get(source.kind, read_text)
        return (None if value is None else reader(value)), identity
    except (ValueError, TypeError, RecursionError, Unfit):
        raise Refused([Reason("records.cursor_invalid")]) from None


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) >= 2**63:
        raise Unfit("records.not_whole")
    return value


def _number(value: Any) -> Any:
    return value if isinstance(value, float) else read_number(value)


_MARKS: Mapping[str, Callable[[Any], Any]] = {
    "whole": _whole,
    "moment": _whole,
    "number": _number,
    "date": read_date,
    "yes_no": read_yes_no,
}


def _reader(screen: Screen, column: Column) -> tuple[str, Callable[[Model], Any]]:
    """The name of a column, and what finds its value in a record."""
    tell = column.value
    if tell is None:
        return column.name, screen.source(column.name).of
    return column.name, lambda record: plain_value(tell(record))


def _row(columns: Sequence[tuple[str, Callable[[Model], Any]]], record: Model) -> Row:
    header = record.header  # type: ignore[attr-defined]
    return Row(header.id, header.number, header.version, {name: read(record) for name, read in columns})


def _people(screen: Screen, rows: tuple[Row, ...]) -> set[str]:
    columns = [column.name for column in screen.columns if column.value is None]
    people = [name for name in columns if screen.source(name).kind == "person"]
    return {str(row.values[name]) for row in rows for name in people}
