"""What a Screen says, and what it is held against at start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import models

from gemba.quality.records.actions import Action, Actions, install_actions
from gemba.quality.records.editing import HEADER_FIELDS
from gemba.quality.records.given import faults_of, shapes
from gemba.quality.records.screen.sources import Source, column_source, source_of
from gemba.quality.records.search import install_searched
from gemba.quality.records.types import RecordType

MOST_SLOTS = 12
MOST_FUNCTIONS = 2


@dataclass(frozen=True)
class Column:
    """One column of a list: the name of a value, or a function of the record that gives it."""

    name: str
    label: str = ""
    value: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Filter:
    """One value that a list can be narrowed by."""

    name: str
    label: str = ""


@dataclass(frozen=True)
class Section:
    """Values that stand together on the object page and in the form."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """A piece of the object page that is no field: a chart, a summary; ``data`` gives what is drawn.

    ``name`` is the name of the piece that the server draws it with; ``timed`` data are told the moment too.
    """

    name: str
    title: str
    data: Callable[..., Mapping[str, Any]]
    timed: bool = False


@dataclass(frozen=True)
class ChildTable:
    """Rows that belong to the record: the relation, a title, the columns."""

    relation: str
    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Screen:
    """How one record type is listed, filtered, shown, searched, made, edited and moved: data, not code.

    ``search`` names the texts that a search finds the record by (all its texts where it is empty). ``help``
    is the page of the manual. ``moves`` names the input and the service of the moves that have their own.
    """

    kind: RecordType
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    sections: tuple[Section, ...] = ()
    panels: tuple[Panel, ...] = ()
    children: tuple[ChildTable, ...] = ()
    search: tuple[str, ...] = ()
    order: str = "-id"
    help: str = ""
    create: Action | None = None
    edit: Action | None = None
    moves: Mapping[str, Action] = field(default_factory=dict)

    def source(self, name: str) -> Source:
        """Where a declared name leads."""
        found = source_of(self.kind, name)
        if found is None:
            raise KeyError(name)
        return found

    def sortable(self) -> tuple[str, ...]:
        """The names a list can be sorted by."""
        return ("id", *(column.name for column in self.columns if column.value is None))


_screens: dict[str, Screen] = {}


def install_screens(table: Iterable[Screen]) -> None:
    """Make the screens known, each held against its model, its lifecycle and its inputs; once at start.

    Raises
    ------
    TypeError
        With every fault of every screen.
    """
    known = tuple(table)
    faults = [f"{screen.kind.name}: {fault}" for screen in known for fault in faults_of_screen(screen)]
    if faults:
        raise TypeError("\n".join(faults))
    for screen in known:
        _screens[screen.kind.name] = screen
        install_searched(screen.kind.name, screen.search)
        install_actions(screen.kind.name, Actions(screen.create, screen.edit, screen.moves))


def screen_of(type_name: str) -> Screen | None:
    """The screen of a record type, if it has one."""
    return _screens.get(type_name)


def screens() -> tuple[Screen, ...]:
    """All screens, in the order of the written list."""
    return tuple(_screens.values())


def faults_of_screen(screen: Screen) -> list[str]:
    """Everything that a screen names and that is not there, or does not fit."""
    found = _faults_of_names(screen)
    found += _faults_of_children(screen)
    found += _faults_of_actions(screen)
    functions = sum(1 for column in screen.columns if column.value is not None)
    if functions > MOST_FUNCTIONS:
        found.append(f"{functions} functions of its own: write an ordinary view")
    if len(fields(screen)) > MOST_SLOTS:
        found.append("a screen has more than twelve slots")
    return found


def _faults_of_names(screen: Screen) -> list[str]:
    shown = [name for section in screen.sections for name in section.fields]
    named = [column.name for column in screen.columns if column.value is None]
    named += [item.name for item in screen.filters] + [screen.order.lstrip("-"), *shown]
    found = [f"there is no value {name}" for name in named if source_of(screen.kind, name) is None]
    found += [f"{name} stands in two sections" for name in sorted(set(shown)) if shown.count(name) > 1]
    columns = {column.name for column in screen.kind.model._meta.get_fields()}  # noqa: SLF001 (public Meta API)
    found += [f"nothing to search in {name}" for name in screen.search if name not in columns]
    if screen.order.lstrip("-") not in screen.sortable():
        found.append(f"a list cannot begin in the order of {screen.order}, which is no column")
    return found


def _faults_of_children(screen: Screen) -> list[str]:
    found = []
    for table in screen.children:
        if table.relation not in screen.kind.children:
            found.append(f"{table.relation} does not belong to the record")
            continue
        model = child_model(screen.kind, table.relation)
        found += [
            f"{table.relation} has no column {name}"
            for name in table.columns
            if column_source(model, name) is None
        ]
    return found


def _faults_of_actions(screen: Screen) -> list[str]:
    kind = screen.kind
    found = [f"there is no move {name}" for name in screen.moves if kind.lifecycle.move(name) is None]
    for action in (screen.create, screen.edit, *screen.moves.values()):
        if action is not None:
            found += _faults_of_input(kind, action)
    if screen.create is not None and screen.create.service is None:
        if "title" not in {shape.name for shape in shapes(screen.create.given)}:
            found.append("what is made the plain way needs a title in its input")
        if not kind.create_roles:
            found.append("nobody may make it: the type names no create_roles")
    if screen.edit is not None:
        shown = {name for section in screen.sections for name in section.fields}
        shown |= {table.relation for table in screen.children}
        found += [
            f"{shape.name} can be edited and stands in no section"
            for shape in shapes(screen.edit.given)
            if shape.name not in shown and hasattr(kind.model, shape.name)
        ]
    return found


def _faults_of_input(kind: RecordType, action: Action) -> list[str]:
    names = {shape.name for shape in shapes(action.given)}
    columns = {column.name for column in kind.model._meta.get_fields()}  # noqa: SLF001 (public Meta API)
    beside = HEADER_FIELDS if action.service is None else (*HEADER_FIELDS, *(names - columns))
    found = faults_of(action.given, kind.model, beside=beside)
    for shape in shapes(action.given):
        if shape.rows is not None and shape.name in kind.children:
            found += faults_of(shape.rows, child_model(kind, shape.name), beside=("id",))
    return found


def child_model(kind: RecordType, relation: str) -> type[models.Model]:
    """The table of rows that belong to a record."""
    found: Any = kind.model._meta.get_field(relation).related_model  # noqa: SLF001 (Django's public Meta API)
    model: type[models.Model] = found
    return model
