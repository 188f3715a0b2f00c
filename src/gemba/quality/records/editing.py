"""Making and editing a record by its declared fields: what a plain type needs no service of its own for."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import models

from gemba.quality.records.actions import Action
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds, to_microseconds
from gemba.quality.records.given import choice_faults, column_faults, shapes
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.mentions import mention_faults, row_faults
from gemba.quality.records.models import Header, Site
from gemba.quality.records.names import printed_names
from gemba.quality.records.reasons import Reason, refuse_if
from gemba.quality.records.recorder import change_record, create_record, lock_header, whole_snapshot
from gemba.quality.records.types import RecordType, record_type
from gemba.quality.records.work import recording

HEADER_FIELDS = ("title", "owner", "due_at", "external")
"""What of a header a person may set; the rest the program sets."""


def create_plain(
    kind: RecordType, *, site: Site, given: Any, own_fields: str = "{}", actor: Actor, now: datetime
) -> models.Model:
    """Make a record in its first state from a frozen input."""
    record, header = kind.model(), Header(title="")
    own = _set_fields(kind, record, header, given)
    reasons = [*create_reasons(kind, actor, site.code), *choice_faults(given)]
    reasons += column_faults(header, ("title", "owner", "external")) + column_faults(record, own)
    if not header.title:
        reasons.append(Reason("records.field_missing", {"field": "title"}))
    refuse_if([*reasons, *mention_faults(kind, record, site.code), *owner_faults(header.owner, "")])
    with recording(actor=actor, now=now) as work:
        return create_record(
            work,
            kind,
            record,
            site=site,
            title=header.title,
            owner=header.owner,
            external=header.external,
            own_fields=own_fields,
            due_at=None if header.due_at is None else from_microseconds(header.due_at),
            children=lambda made: _set_children(kind, made, given),
        )


def edit_plain(
    *, record: models.Model, given: Any, reason: str, actor: Actor, now: datetime, expected_version: int
) -> models.Model:
    """Change declared fields of a record; what changes nothing writes nothing."""
    header: Header = record.header  # type: ignore[attr-defined]
    kind = record_type(header.type)
    with recording(actor=actor, now=now) as work:
        current = lock_header(header.id)
        reasons = [*edit_reasons(kind, current, actor), *choice_faults(given)]
        before = whole_snapshot(kind, record, header)
        own = _set_fields(kind, record, header, given)
        reasons += column_faults(header, ("title", "owner", "external")) + column_faults(record, own)
        reasons += owner_faults(header.owner, current.owner)
        refuse_if([*reasons, *mention_faults(kind, record, header.site_id)])
        _set_children(kind, record, given)
        same = header.own_fields == current.own_fields and whole_snapshot(kind, record, header) == before
        if same and current.version == expected_version:
            return record
        return change_record(work, record, action="edit", reason=reason, expected_version=expected_version)


def create_reasons(kind: RecordType, actor: Actor, site: str) -> tuple[Reason, ...]:
    """Why this actor may not make such a record at the site."""
    return () if actor.has_any(kind.create_roles, site) else (Reason("records.no_right", {"site": site}),)


def edit_reasons(kind: RecordType, header: Header, actor: Actor) -> tuple[Reason, ...]:
    """Why this actor may not edit this record now."""
    state = kind.lifecycle.state(header.state)
    if state.category in LOCKED:
        return (Reason("records.locked"),)
    roles = kind.edit_roles.get(state.name)
    if not roles:
        return (Reason("records.not_editable", {"state": state.label}),)
    if not actor.has_any(roles, header.site_id):
        return (Reason("records.role_missing", {"roles": ", ".join(roles)}),)
    return ()


def owner_faults(owner: str, before: str) -> tuple[Reason, ...]:
    """Why a record cannot be handed to this owner: only somebody who has a name here owns one."""
    if not owner or owner == before:
        return ()
    if re.fullmatch(r"person:\d{1,18}", owner, re.ASCII) and printed_names([owner])[owner] != owner:
        return ()
    return (Reason("records.owner_unknown", {"given": owner}),)


def begins_with(record: models.Model, action: Action) -> dict[str, Any]:
    """The values that the form of an action begins with, and that hold where nothing is typed."""
    if action.present is not None:
        return dict(action.present(record))
    return known_values(record, action.given)


def known_values(record: models.Model, given: type[Any]) -> dict[str, Any]:
    """The present values of an input's fields: what an edit leaves as it is."""
    header: Header = record.header  # type: ignore[attr-defined]
    values: dict[str, Any] = {}
    for shape in shapes(given):
        held = record if hasattr(record, shape.name) else header
        if shape.rows is not None:
            lines = record_type(header.type).rows(record, shape.name)
            values[shape.name] = tuple(shape.rows(**known_row(line, shape.rows)) for line in lines)
        elif hasattr(held, shape.name):
            value = getattr(held, shape.name)
            in_microseconds = shape.plain is datetime and isinstance(value, int)
            values[shape.name] = from_microseconds(value) if in_microseconds else value
    return values


def known_row(row: models.Model, given: type[Any]) -> dict[str, Any]:
    """The present values of one row that belongs to a record."""
    return {shape.name: getattr(row, shape.name) for shape in shapes(given)}


def _set_fields(kind: RecordType, record: models.Model, header: Header, given: Any) -> tuple[str, ...]:
    own = []
    for shape in shapes(type(given)):
        value = getattr(given, shape.name)
        if shape.plain is tuple:
            continue
        if shape.plain is datetime and value is not None:
            value = to_microseconds(value)
        if shape.name in HEADER_FIELDS:
            setattr(header, shape.name, value)
        if shape.name in {column.name for column in kind.model._meta.concrete_fields}:  # noqa: SLF001 (public)
            setattr(record, shape.name, value)
            own.append(shape.name)
    return tuple(own)


def _set_children(kind: RecordType, record: models.Model, given: Any) -> None:
    """Make the rows of a record those that were given: a row is known by its id, one left out is removed."""
    reasons: list[Reason] = []
    site: str = record.header.site_id  # type: ignore[attr-defined]
    for shape in shapes(type(given)):
        if shape.rows is None or shape.name not in kind.children:
            continue
        manager = getattr(record, shape.name)
        held = {row.pk: row for row in kind.rows(record, shape.name)}
        for line in getattr(given, shape.name):
            row = held.pop(getattr(line, "id", None), None) or manager.model(**{manager.field.name: record})
            names = tuple(part.name for part in shapes(shape.rows) if part.name != "id")
            for name in names:
                setattr(row, name, getattr(line, name))
            faults = [*column_faults(row, names), *row_faults(kind, shape.name, row, site)]
            reasons += faults
            if not faults:
                row.save()
        for row in held.values():
            row.delete()
    refuse_if(reasons)
