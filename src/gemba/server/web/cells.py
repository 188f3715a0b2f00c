"""Values of records as cells of a table or facts of a page: kind, value, and the word for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.screen import Column, Screen, past_own
from gemba.quality.records.screen.sources import Source
from gemba.quality.records.types import RecordType


class Cell(NamedTuple):
    """One value to show; ``category`` colours a state."""

    name: str
    label: str
    kind: str
    value: Any
    text: str = ""
    category: str = ""

    @property
    def look(self) -> str:
        """How a table shows it: its class, if it has one."""
        if self.value is None or self.value == "":
            return "blank-cell"
        return _LOOKS.get(self.kind, "")


_LOOKS: Mapping[str, str] = {"number": "num", "whole": "num", "site": "tight"}


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


class _Over(NamedTuple):
    """What is the same for all values of a column."""

    name: str
    label: str
    kind: str
    words: Mapping[str, str]
    categories: Mapping[str, str]


def cells(screen: Screen, rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[list[Cell]]:
    """The values of rows, each in the order of the columns."""
    columns = [_over(screen, column) for column in screen.columns]
    return [[_cell(over, values.get(over.name), names) for over in columns] for values in rows]


def _over(screen: Screen, column: Column) -> _Over:
    label = column_label(screen, column)
    if column.value is not None:
        return _Over(column.name, label, "", {}, {})
    source = screen.source(column.name)
    states = screen.kind.lifecycle.states if source.kind == "state" else ()
    categories = {state.name: state.category for state in reversed(states)}
    return _Over(column.name, label, source.kind, dict(choices_of(source)), categories)


def _cell(over: _Over, value: Any, names: Mapping[str, str]) -> Cell:
    if not over.kind:
        return Cell(over.name, over.label, "text", value)
    said = str(value)
    text = over.words.get(said, "")
    if over.kind == "person":
        text = names.get(said, str(value or ""))
    if over.kind == "moment" and isinstance(value, int):  # of a past version, as the store holds it
        value = from_microseconds(value)
    return Cell(over.name, over.label, over.kind, value, text, over.categories.get(said, ""))


def state_category(kind: RecordType, state: str) -> str:
    """The category of a state, which every type shares."""
    found = [item.category for item in kind.lifecycle.states if item.name == state]
    return found[0] if found else ""


def past_values(header: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a past version under the names that a screen uses."""
    about = {name.removesuffix("_id"): value for name, value in header.items()}
    named = {name.removesuffix("_id"): value for name, value in fields.items()}
    return {**about, **named, **fields, **past_own(header)}
