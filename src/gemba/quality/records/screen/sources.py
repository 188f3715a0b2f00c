"""Where a shown value comes from: a column of the type's own table, or of the header every record has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.types import RecordType, plain_value
from gemba.stats.results import N_

Kind: TypeAlias = Literal[
    "text", "number", "whole", "yes_no", "moment", "date", "state", "category", "site", "person", "choice"
]


@dataclass(frozen=True)
class Source:
    """A value of a record: its name, the path to it in a query, its kind, label and choices.

    ``digits`` are those of a decimal in all, and after the point. ``verbatim`` says that label and choices
    are the plant's own words, which no language changes.
    """

    name: str
    path: str
    kind: Kind
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    nullable: bool = False
    digits: tuple[int, int] | None = None
    verbatim: bool = False

    def of(self, record: models.Model) -> Any:
        """The value of one record as JSON holds it."""
        value: Any = record
        for part in self.path.split("__"):
            value = getattr(value, part)
        if self.kind == "moment" and isinstance(value, int):
            value = from_microseconds(value)
        return plain_value(value)


_HEADER: Mapping[str, tuple[str, Kind, str, bool]] = {
    "id": ("header_id", "whole", N_("Id"), False),
    "number": ("header__number", "text", N_("Number"), True),
    "title": ("header__title", "text", N_("Title"), False),
    "site": ("header__site_id", "site", N_("Site"), False),
    "state": ("header__state", "state", N_("State"), False),
    "category": ("header__category", "category", N_("Category"), False),
    "originator": ("header__originator", "person", N_("Opened by"), False),
    "owner": ("header__owner", "person", N_("Owner"), False),
    "opened_at": ("header__opened_at", "moment", N_("Opened"), False),
    "due_at": ("header__due_at", "moment", N_("Due"), True),
    "valid_from": ("header__valid_from", "moment", N_("Valid from"), True),
    "valid_until": ("header__valid_until", "moment", N_("Valid until"), True),
    "external": ("header__external", "text", N_("External reference"), False),
    "version": ("header__version", "whole", N_("Version"), False),
}
MOMENTS = frozenset(
    {"baseline_from", "baseline_until", "window_from", "window_until", "valid_from", "valid_until"}
)
"""Moments in microseconds, beside everything that ends in ``_at``."""
PERSONS = ("person", "authority")
"""Columns that name a person, beside those that end in ``_by``."""
_KINDS: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.BooleanField, "yes_no"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
    (models.DecimalField, "number"),
    (models.FloatField, "number"),
    (models.IntegerField, "whole"),
)


def source_of(kind: RecordType, name: str) -> Source | None:
    """Where a name leads for a record type, or ``None`` when it leads nowhere; the own column comes first."""
    own = column_source(kind.model, name)
    if own is not None:
        return own
    if name not in _HEADER:
        return None
    path, what, label, nullable = _HEADER[name]
    choices: tuple[tuple[str, str], ...] = ()
    if what == "state":
        choices = tuple((state.name, state.label) for state in kind.lifecycle.states)
    return Source(name, path, what, label, choices, nullable)


@cache
def column_source(model: type[models.Model], name: str) -> Source | None:
    """A column of a table as a source."""
    try:
        column = model._meta.get_field(name)  # noqa: SLF001 (Django's public Meta API)
    except FieldDoesNotExist:
        return None
    if not isinstance(column, models.Field) or isinstance(column, models.OneToOneField):
        return None
    choices = tuple((str(value), str(label)) for value, label in column.flatchoices)
    label = str(column.verbose_name)
    digits = None
    if isinstance(column, models.DecimalField):
        digits = (column.max_digits or 0, column.decimal_places or 0)
    words = label[:1].upper() + label[1:]
    return Source(name, column.attname, _kind(column, name), words, choices, column.null, digits)


def _kind(column: models.Field[Any, Any], name: str) -> Kind:
    if column.flatchoices:
        return "choice"
    if isinstance(column, models.BigIntegerField) and (name.endswith("_at") or name in MOMENTS):
        return "moment"
    if isinstance(column, models.CharField) and (name.endswith("_by") or name in PERSONS):
        return "person"
    return next((kind for field, kind in _KINDS if isinstance(column, field)), "text")
