"""A frozen input as a form, an API body and a description show it, from the input and the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from gemba.quality.records.given import Shape, shapes
from gemba.quality.records.models import Header
from gemba.quality.records.ownfields import Definition
from gemba.quality.records.screen.declare import child_model
from gemba.quality.records.screen.sources import Kind, source_of
from gemba.quality.records.types import RecordType
from gemba.stats.results import Translate

_KINDS: dict[type, Kind] = {
    str: "text",
    Decimal: "number",
    float: "number",
    int: "whole",
    bool: "yes_no",
    date: "date",
    datetime: "moment",
}


@dataclass(frozen=True)
class FormField:
    """One field to fill in: its kind, its label, whether it must be filled, what it holds at most.

    ``long`` asks for several lines; ``rows`` are the fields of each row where the field is a table. A field
    of one's own may be ``required_at`` some states.
    """

    name: str
    label: str
    kind: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    places: int | None = None
    long: bool = False
    help: str = ""
    required_at: tuple[str, ...] = ()
    rows: tuple[FormField, ...] = ()


def form_of(kind: RecordType, given: type[Any], t: Translate) -> tuple[FormField, ...]:
    """The fields of an input of a record type, their labels in the language of ``t``."""
    return tuple(_field(kind, kind.model, shape, t) for shape in shapes(given))


def own_form(fields: Iterable[Definition]) -> tuple[FormField, ...]:
    """The fields of one's own as a form shows them; their labels are the plant's own words."""
    return tuple(
        FormField(
            field.key,
            field.label,
            field.kind,
            required=False,
            choices=tuple((choice, choice) for choice in field.choices),
            required_at=field.required_at,
        )
        for field in fields
    )


def _field(kind: RecordType, model: type[models.Model], shape: Shape, t: Translate) -> FormField:
    if shape.rows is not None:
        inner = child_model(kind, shape.name)
        rows = tuple(_field(kind, inner, part, t) for part in shapes(shape.rows))
        return FormField(shape.name, t(_words(shape.name)), "rows", shape.required, rows=rows)
    column = _column(model, shape.name) or _column(Header, shape.name)
    source = source_of(kind, shape.name) if model is kind.model else None
    label = (
        source.label
        if source
        else str(getattr(column, "verbose_name", "")) or shape.label or _words(shape.name)
    )
    flat = getattr(column, "flatchoices", None) or _words_of_rows(kind, shape)
    return FormField(
        name=shape.name,
        label=t(label[:1].upper() + label[1:]),
        kind="list" if shape.plain is tuple else "choice" if flat else _KINDS[shape.plain],
        required=shape.required and not shape.optional,
        choices=tuple((str(value), t(str(text))) for value, text in flat),
        length=getattr(column, "max_length", None),
        places=getattr(column, "decimal_places", None),
        long=isinstance(column, models.TextField),
        help=t(str(getattr(column, "help_text", ""))) if getattr(column, "help_text", "") else "",
    )


def _words_of_rows(kind: RecordType, shape: Shape) -> list[tuple[str, str]]:
    """The choices of a field that the record itself has not, in the words of the rows that it fills."""
    wanted = list(shape.choices)
    for relation in kind.children if wanted else ():
        known = dict(getattr(_column(child_model(kind, relation), shape.name), "flatchoices", None) or ())
        if set(wanted) <= set(known):
            return [(choice, str(known[choice])) for choice in wanted]
    return [(choice, choice) for choice in wanted]


def _column(model: type[models.Model], name: str) -> object:
    try:
        return model._meta.get_field(name)  # noqa: SLF001 (Django's public Meta API)
    except FieldDoesNotExist:
        return None


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
