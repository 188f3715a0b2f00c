"""A record type in one frozen object, and the written list of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from gemba.quality.records import store
from gemba.quality.records.lifecycle import Lifecycle
from gemba.quality.records.reasons import install_labels, install_reasons
from gemba.quality.records.retold import Retold
from gemba.quality.records.thread.strand import Strand

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Mention:
    """What a text column names by number or title: records of a type, and the relation that follows.

    ``relation`` is read from the record that mentions, empty where no link follows. ``only_known`` refuses
    what names no record; without it any text may stand there, only a number must exist. ``anywhere`` looks
    beyond the record's own site. ``label`` is a column of those records by which they may be named too.
    """

    type: str
    relation: str = ""
    many: bool = False
    only_known: bool = False
    anywhere: bool = False
    label: str = ""


@dataclass(frozen=True)
class RecordType:
    """One kind of record: its names, its table, its lifecycle, and how it is kept in versions.

    ``children`` names reverse relations whose rows belong to the record and to its snapshot. ``edit_roles``
    says in which state which roles may edit; in any other state nobody may. ``upgrades[n]`` reads a snapshot
    of schema ``n`` as schema ``n + 1``: a record written by any older version stays readable. ``mentions``
    says which columns name other records, ``"lines.gauge"`` in the rows of a relation: they are linked
    whenever the record is made or edited. ``strand`` says where the records stand on the thread. ``retold``
    says which columns hold a sentence of the statistics, ``"judgements.sentence"`` in the rows of a relation.
    ``keeper`` is the role that owns a record which the program makes, until a person takes it.
    """

    name: str
    prefix: str
    label: str
    plural: str
    model: type[models.Model]
    lifecycle: Lifecycle
    schema: int = 1
    children: tuple[str, ...] = ()
    read_roles: tuple[str, ...] = ("reader", "auditor")
    create_roles: tuple[str, ...] = ()
    edit_roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    upgrades: Mapping[int, Callable[[Snapshot], Snapshot]] = field(default_factory=dict)
    mentions: Mapping[str, Mention] = field(default_factory=dict)
    retold: Mapping[str, Retold] = field(default_factory=dict)
    strand: Strand = field(default_factory=Strand)
    keeper: str = ""

    def snapshot(self, record: models.Model) -> Snapshot:
        """The record's own fields and its children as plain values."""
        values = _plain_fields(record)
        for relation in self.children:
            rows = self.rows(record, relation)
            values[relation] = [_plain_fields(row) | {"id": row.pk} for row in rows]
        return values

    def rows(self, record: models.Model, relation: str) -> list[models.Model]:
        """The rows of one relation that belong to a record, by their id."""
        fetched = getattr(record, "_prefetched_objects_cache", {})
        if relation in fetched:
            return sorted(fetched[relation], key=lambda row: row.pk)
        there: Any = self.model._meta.get_field(relation)  # noqa: SLF001 (Django's public Meta API)
        return store.read_rows(there.related_model, there.field.column, record.pk)

    @property
    def working_roles(self) -> tuple[str, ...]:
        """The roles that do something with such records: make, edit or move them."""
        moves = [role for move in self.lifecycle.moves for role in move.roles]
        edits = [role for roles in self.edit_roles.values() for role in roles]
        return tuple(dict.fromkeys([*self.create_roles, *edits, *moves]))

    @property
    def readers(self) -> tuple[str, ...]:
        """The roles that may read such records: who works with them may read them."""
        return tuple(dict.fromkeys([*self.read_roles, *self.working_roles]))

    @property
    def revising(self) -> tuple[str, ...]:
        """The moves that put a new revision in force."""
        if self.strand.revises:
            return self.strand.revises
        first = next((state.name for state in self.lifecycle.states if state.category == "effective"), None)
        return tuple(move.name for move in self.lifecycle.moves if move.target == first)

    def has_gone(self, state: str, category: str) -> bool:
        """Whether nothing may stand on a record in this state any more."""
        return category == "void" or state in self.strand.gone

    def read_snapshot(self, schema: int, snapshot: Snapshot) -> Snapshot:
        """A stored snapshot in today's schema."""
        for older in range(schema, self.schema):
            snapshot = self.upgrades[older](snapshot)
        return snapshot


_types: dict[str, RecordType] = {}


def install_types(types: Iterable[RecordType]) -> None:
    """Make the written list of types known to the kernel; called once at start."""
    for kind in types:
        _types[kind.name] = kind
        install_reasons(kind.reasons)
        install_labels(_labels_of(kind))


def _labels_of(kind: RecordType) -> Iterator[tuple[str, str]]:
    """What the fields of a type and of its rows are called on its pages."""
    meta = kind.model._meta  # noqa: SLF001 (Django's public Meta API)
    rows: list[Any] = [meta.get_field(relation).related_model for relation in kind.children]
    for model in (kind.model, *rows):
        for column in model._meta.concrete_fields:  # noqa: SLF001 (the same)
            label = str(column.verbose_name)
            yield column.name, label[:1].upper() + label[1:]


def record_type(name: str) -> RecordType:
    """The type with this name."""
    return _types[name]


def record_types() -> tuple[RecordType, ...]:
    """All types, in the order of the written list."""
    return tuple(_types.values())


def _plain_fields(row: models.Model) -> Snapshot:
    values: Snapshot = {}
    for item in row._meta.concrete_fields:  # noqa: SLF001 (Django's public Meta API)
        if item.primary_key or isinstance(item, models.OneToOneField):
            continue
        values[item.attname] = plain_value(getattr(row, item.attname))
    return values


def plain_value(value: Any) -> Any:
    """A value as JSON holds it, exact: decimals and moments are text."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
