"""Values of records as cells of a table or facts of a page: kind, value, and the word for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.screen import Column, Screen, past_own
from gemba.quality.records.screen.sources import Source
from gemba.quality.records.types import RecordType


@dataclass(frozen=True)
class Cell:
    """One value to show; ``category`` colours a state."""

    name: str
    label: str
    kind: str
    value: Any
    text: str = ""
    category: str = ""


def heads(screen: Screen) -> list[dict[str, Any]]:
    """The columns of a list: name, label, whether one can sort by it."""
    return [
        {"name": column.name, "label": column_label(screen, column), "sorts": column.value is None}
        for column in screen.columns
    ]


def column_label(screen: Screen, column: Column) -> str:
    """The word over a column."""
    if column.label:
        return _(column.label)
    return word_over(screen.source(column.name)) if column.value is None else column.name


def word_over(source: Source) -> str:
    """What a value is called, in the reader's language, or in the plant's own words."""
    return source.label if source.verbatim else _(source.label)


def choices_of(source: Source) -> tuple[tuple[str, str], ...]:
    """What can be chosen, with the words for it."""
    return source.choices if source.verbatim else tuple((value, _(word)) for value, word in source.choices)


def cells(screen: Screen, values: Mapping[str, Any], names: Mapping[str, str]) -> list[Cell]:
    """The values of one row, in the order of the columns."""
    return [_cell(screen, column, values.get(column.name), names) for column in screen.columns]


def _cell(screen: Screen, column: Column, value: Any, names: Mapping[str, str]) -> Cell:
    label = column_label(screen, column)
    if column.value is not None:
        return Cell(column.name, label, "text", value)
    source = screen.source(column.name)
    text = dict(choices_of(source)).get(str(value), "")
    if source.kind == "person":
        text = names.get(str(value), str(value or ""))
    if source.kind == "moment" and isinstance(value, int):  # of a past version, as the store holds it
        value = from_microseconds(value)
    category = state_category(screen.kind, str(value)) if source.kind == "state" else ""
    return Cell(column.name, label, source.kind, value, text, category)


def state_category(kind: RecordType, state: str) -> str:
    """The category of a state, which every type shares."""
    found = [item.category for item in kind.lifecycle.states if item.name == state]
    return found[0] if found else ""


def past_values(header: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a past version under the names that a screen uses."""
    about = {name.removesuffix("_id"): value for name, value in header.items()}
    named = {name.removesuffix("_id"): value for name, value in fields.items()}
    return {**about, **named, **fields, **past_own(header)}
