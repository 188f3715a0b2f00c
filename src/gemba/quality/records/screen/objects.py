"""One record as a page and its JSON twin show it: values, rows, panels, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models

from gemba.quality.records.actions import Nothing, actions_of
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import answers
from gemba.quality.records.attachments import attachments_of
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.editing import edit_reasons
from gemba.quality.records.lifecycle import Move
from gemba.quality.records.links import INVERSE, STORED, links_of
from gemba.quality.records.models import Header, Signature, Task
from gemba.quality.records.names import name_at_signing, printed_names
from gemba.quality.records.ownfields import Definition, definitions, own_values
from gemba.quality.records.reading import may_read, readable
from gemba.quality.records.reasons import Reason, in_words
from gemba.quality.records.remarks import remarks_of
from gemba.quality.records.retold import of_record, of_row
from gemba.quality.records.screen.declare import ChildTable, Panel, Screen, child_model, screen_of
from gemba.quality.records.screen.forms import FormField, form_of, own_form
from gemba.quality.records.screen.sources import Source, column_source, source_of
from gemba.quality.records.signatures import is_valid
from gemba.quality.records.tasks import holds, task_in_words
from gemba.quality.records.types import RecordType, record_type
from gemba.stats.results import N_, Translate, translator

HEADER = (
    "number", "title", "site", "state", "category", "originator", "owner", "opened_at", "due_at",
    "valid_from", "valid_until", "external", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One value with its label and kind; ``text`` is the word of a choice or a state."""

    name: str
    label: str
    kind: str
    value: Any
    text: str = ""


@dataclass(frozen=True)
class Group:
    """Values under one title."""

    title: str
    fields: tuple[Shown, ...]


@dataclass(frozen=True)
class Rows:
    """Rows that belong to the record; ``words`` are those of the choices of each column."""

    relation: str
    title: str
    columns: tuple[Shown, ...]
    rows: tuple[Mapping[str, Any], ...]
    words: Mapping[str, Mapping[str, str]]

    @property
    def cells(self) -> tuple[tuple[Shown, ...], ...]:
        """The values of each row as facts: with their kind and their word."""
        return tuple(
            tuple(self._cell(column, row[column.name]) for column in self.columns) for row in self.rows
        )

    def _cell(self, column: Shown, value: Any) -> Shown:
        return replace(column, value=value, text=self.words.get(column.name, {}).get(str(value), ""))


@dataclass(frozen=True)
class Piece:
    """A panel with what it draws."""

    name: str
    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Worded:
    """A reason with its words."""

    code: str
    values: Mapping[str, Any]
    text: str


@dataclass(frozen=True)
class Choice:
    """Something that can be done: a move or the edit, every reason against it, the form it asks for."""

    name: str
    label: str
    reasons: tuple[Worded, ...]
    form: tuple[FormField, ...]
    signature: str | None = None
    needs_reason: bool = False

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons


@dataclass(frozen=True)
class Neighbour:
    """A linked record; of one that the reader may not see only number and state are told, its id is 0.

    ``link`` is the link itself, by which it can be ended; ``version`` the revision that it names, if any.
    """

    relation: str
    id: int
    type: str
    number: str | None
    state: str
    category: str
    link: int = 0
    version: int | None = None
    why: str = ""


@dataclass(frozen=True)
class TaskShown:
    """A task of the record."""

    id: int
    text: str
    assignee: str
    due_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class SignatureShown:
    """A signature as every copy shows it: printed name, moment, meaning; and whether it still holds."""

    name: str
    meaning: str
    at: datetime
    version: int
    valid: bool


@dataclass(frozen=True)
class FileShown:
    """A file of the record; its bytes are handed out apart."""

    id: int
    name: str
    media: str
    size: int
    note: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class RemarkShown:
    """A remark; one added after the closing is an addendum."""

    id: int
    text: str
    actor: str
    at: datetime
    addendum: bool
    about: int | None
    files: tuple[FileShown, ...]


@dataclass(frozen=True, kw_only=True)
class ObjectPage:
    """Everything about one record that its reader may see, as JSON holds it."""

    id: int
    type: str
    label: str
    header: Group
    sections: tuple[Group, ...]
    own: Group
    own_form: tuple[FormField, ...]
    children: tuple[Rows, ...]
    panels: tuple[Piece, ...]
    edit: Choice | None
    moves: tuple[Choice, ...]
    links: tuple[Neighbour, ...]
    tasks: tuple[TaskShown, ...]
    signatures: tuple[SignatureShown, ...]
    files: tuple[FileShown, ...]
    remarks: tuple[RemarkShown, ...]
    names: Mapping[str, str]
    help: str


def object_page(header: int | str, *, actor: Actor, now: datetime, language: str | None = None) -> ObjectPage:
    """One record by its id or number.

    Raises
    ------
    Refused
        When there is none that the actor may read.
    """
    kind, record = readable(header, actor)
    screen, t = screen_of(kind.name), translator(language)
    head: Header = record.header  # type: ignore[attr-defined]
    about = _group(kind, record, "", HEADER, language)
    sections = () if screen is None else screen.sections
    groups = tuple(_group(kind, record, t(part.title), part.fields, language) for part in sections)
    fields = definitions(kind.name, head.site_id)
    own = _own(head, fields, t)
    tables = () if screen is None else screen.children
    children = tuple(_rows(kind, record, part, language) for part in tables)
    tasks = _tasks(head.id, actor, language)
    files, remarks = _belongings(head.id)
    people = [item.value for group in (about, *groups) for item in group.fields if item.kind == "person"]
    people += [
        cell.value for table in children for line in table.cells for cell in line if cell.kind == "person"
    ]
    people += [task.assignee for task in tasks if task.assignee.startswith("person:")]
    people += [*(item.actor for item in files), *(item.actor for item in remarks)]
    return ObjectPage(
        id=head.id,
        type=kind.name,
        label=t(kind.label),
        header=about,
        sections=groups,
        own=own,
        own_form=own_form(fields),
        children=children,
        panels=() if screen is None else tuple(_piece(part, record, now, t) for part in screen.panels),
        edit=_edit(screen, head, actor, language),
        moves=_moves(kind, record, actor, now, language),
        links=_links(head.id, actor),
        tasks=tasks,
        signatures=_signatures(head.id),
        files=files,
        remarks=remarks,
        names=printed_names(people),
        help="" if screen is None else screen.help,
    )


def _group(
    kind: RecordType, record: models.Model, title: str, names: tuple[str, ...], language: str | None
) -> Group:
    sources = [source_of(kind, name) for name in names]
    return Group(title, tuple(_shown(kind, source, record, language) for source in sources if source))


def _shown(kind: RecordType, source: Source, record: models.Model, language: str | None) -> Shown:
    t, value = translator(language), of_record(kind, record, source.name, source.of(record), language)
    words = dict(source.choices).get(str(value), "")
    return Shown(source.name, t(source.label), source.kind, value, t(words) if words else "")


def _own(header: Header, fields: tuple[Definition, ...], t: Translate) -> Group:
    """The fields of one's own; of a retired one only its value is left."""
    values = own_values(header)
    known = {field.key for field in fields}
    shown = [Shown(field.key, field.label, field.kind, values.get(field.key)) for field in fields]
    shown += [Shown(key, key, "text", value) for key, value in values.items() if key not in known]
    return Group(t(N_("Own fields")), tuple(shown))


def _rows(kind: RecordType, record: models.Model, table: ChildTable, language: str | None) -> Rows:
    t, model = translator(language), child_model(kind, table.relation)
    sources = [source for source in (column_source(model, name) for name in table.columns) if source]
    rows = kind.rows(record, table.relation)
    found = [(row, {source.name: source.of(row) for source in sources}) for row in rows]
    return Rows(
        table.relation,
        t(table.title),
        tuple(Shown(source.name, t(source.label), source.kind, None) for source in sources),
        tuple({"id": row.pk} | of_row(kind, row, table.relation, values, language) for row, values in found),
        {
            source.name: {code: t(word) for code, word in source.choices}
            for source in sources
            if source.choices
        },
    )


def _piece(panel: Panel, record: models.Model, now: datetime, t: Translate) -> Piece:
    data = panel.data(record, now) if panel.timed else panel.data(record)
    return Piece(panel.name, t(panel.title), data)


def _moves(
    kind: RecordType, record: models.Model, actor: Actor, now: datetime, language: str | None
) -> tuple[Choice, ...]:
    found = []
    for answer in answers(record, actor=actor, now=now):
        if not answer.move.roles:
            continue  # the program alone takes it
        choice = choice_of(kind, answer.move, language)
        typed_then = {field.name for field in choice.form}
        reasons = [reason for reason in answer.reasons if reason.values.get("field") not in typed_then]
        found.append(replace(choice, reasons=_worded(reasons, language)))
    return tuple(found)


def choice_of(kind: RecordType, move: Move, language: str | None = None) -> Choice:
    """A move with the form that it asks for, whatever stands against it."""
    t, actions = translator(language), actions_of(kind.name)
    given = actions.moves[move.name].given if move.name in actions.moves else Nothing
    return Choice(move.name, t(move.label), (), form_of(kind, given, t), move.signature, move.needs_reason)


def _edit(screen: Screen | None, header: Header, actor: Actor, language: str | None) -> Choice | None:
    if screen is None or screen.edit is None:
        return None
    t = translator(language)
    reasons = edit_reasons(screen.kind, header, actor) if screen.kind.edit_roles else ()
    form = form_of(screen.kind, screen.edit.given, t)
    return Choice("edit", t(N_("Edit")), _worded(list(reasons), language), form)


def _worded(reasons: list[Reason], language: str | None) -> tuple[Worded, ...]:
    return tuple(Worded(reason.code, dict(reason.values), in_words(reason, language)) for reason in reasons)


def _links(header: int, actor: Actor) -> tuple[Neighbour, ...]:
    found = []
    for link in links_of(header):
        other, kind = link.other, record_type(link.other.type)
        seen = may_read(kind, actor, link.site)
        found.append(
            Neighbour(
                link.relation,
                other.id if seen else 0,
                other.type,
                other.number,
                other.state,
                other.category,
                link.id,
                link.target_version if seen else None,
                link.why if seen else "",
            )
        )
    order = {name: place for place, name in enumerate((*INVERSE, *STORED))}
    return tuple(sorted(found, key=lambda item: (order[item.relation], item.link)))


def _tasks(header: int, actor: Actor, language: str | None) -> tuple[TaskShown, ...]:
    rows = Task.objects.filter(header_id=header, state="open").select_related("header", "site").order_by("pk")
    return tuple(
        TaskShown(
            row.pk,
            task_in_words(row, language),
            row.assignee,
            None if row.due_at is None else from_microseconds(row.due_at),
            holds(row, actor),
        )
        for row in rows
    )


def _belongings(header: int) -> tuple[tuple[FileShown, ...], tuple[RemarkShown, ...]]:
    files: dict[int | None, list[FileShown]] = {}
    for row in attachments_of(header):
        moment = from_microseconds(row.at)
        shown = FileShown(row.pk, row.name, row.media, row.size, row.note, row.actor, moment)
        files.setdefault(row.remark_id, []).append(shown)
    remarks = tuple(
        RemarkShown(
            row.pk,
            row.text,
            row.actor,
            from_microseconds(row.at),
            bool(row.addendum),
            row.about_id,
            tuple(files.get(row.pk, ())),
        )
        for row in remarks_of(header)
    )
    return tuple(files.get(None, ())), remarks


def _signatures(header: int) -> tuple[SignatureShown, ...]:
    rows = Signature.objects.filter(header_id=header).order_by("id")
    return tuple(
        SignatureShown(
            name_at_signing(row.name_id), row.meaning, from_microseconds(row.at), row.version, is_valid(row)
        )
        for row in rows
    )
