"""The only way a record is made or changed: row, version and trail line in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import canonical_json, from_microseconds, to_microseconds
from gemba.quality.records.history import record_version
from gemba.quality.records.mentions import link_mentioned
from gemba.quality.records.models import Header, Site
from gemba.quality.records.numbering import take_number
from gemba.quality.records.ownfields import faults_of_own
from gemba.quality.records.reasons import Conflict, Reason, Refused, refuse_if
from gemba.quality.records.search import index_record
from gemba.quality.records.store.wire import Write
from gemba.quality.records.trail import ENTRY, VERSION
from gemba.quality.records.types import RecordType, Snapshot, record_type
from gemba.quality.records.work import Work

R = TypeVar("R", bound=models.Model)

HEADER_FIELDS = (
    "type", "number", "title", "site_id", "state", "category", "originator", "owner",
    "opened_at", "due_at", "valid_from", "valid_until", "own_fields", "external",
)  # fmt: skip


def create_record(
    work: Work,
    kind: RecordType,
    record: R,
    *,
    site: Site,
    title: str,
    owner: str = "",
    due_at: datetime | None = None,
    reason: str = "",
    external: str = "",
    own_fields: str = "{}",
    children: Callable[[R], None] | None = None,
) -> R:
    """Make a record in its first state; a draft has no number yet.

    ``record`` is the unsaved row of the type's model; its header is made here. ``children`` stores rows that
    belong to the record, so that its first version holds them.
    """
    state = kind.lifecycle.state(kind.lifecycle.initial)
    header = Header(
        id=store.next_values("header", 1)[0],
        type=kind.name,
        title=title,
        site=site,
        state=state.name,
        category=state.category,
        originator=work.actor.id,
        owner=owner or _keeper(kind, work.actor),
        opened_at=work.at,
        due_at=None if due_at is None else to_microseconds(due_at),
        version=1,
        external=external,
        own_fields=own_fields,
    )
    refuse_if(faults_of_own(header, "{}"))
    if state.category != "draft":
        header.number = take_number(kind, header, work)
    store.insert_row(header)
    record.header = header  # type: ignore[attr-defined]
    store.insert_row(record)
    if children is not None:
        children(record)
    _write(work, kind, record, header, "create", reason, None, None)
    return record


def _keeper(kind: RecordType, actor: Actor) -> str:
    """Who owns a new record where nobody is named: its maker, but the program answers for nothing."""
    return f"role:{kind.keeper}" if actor.kind == "system" and kind.keeper else actor.id


def change_record(
    work: Work,
    record: R,
    *,
    action: str,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
    effective_from: datetime | None = None,
) -> R:
    """Store a record that a service changed: its row, its header, its next version, its trail line.

    Raises
    ------
    Conflict
        When the record is no longer at the version that was edited.
    Refused
        When a field of one's own was set that does not fit its definition.
    """
    header: Header = record.header  # type: ignore[attr-defined]
    current = lock_header(header.id)
    refuse_conflict(current, header.version if expected_version is None else expected_version)
    refuse_if(faults_of_own(header, current.own_fields))
    kind = record_type(header.type)
    header.version = current.version + 1
    if header.number is None and header.category != "draft":
        header.number = take_number(kind, header, work)
    changed = [store.updating(header), store.updating(record)]
    _write(work, kind, record, header, action, reason, detail, effective_from, changed)
    return record


def lock_header(identity: int) -> Header:
    """The header as it is now, locked until the transaction ends."""
    found = store.lock_row(Header, identity)
    if found is None:
        raise Refused([Reason("records.unknown", {"record": identity})])
    return found


def refuse_conflict(current: Header, given: int) -> None:
    """Refuse to build on a version that is not the last one any more."""
    if current.version == given:
        return
    edited, stored = record_version(current.id, given), record_version(current.id, current.version)
    raise Conflict(
        current.id,
        given,
        current.version,
        None if edited is None else edited.fields,
        None if stored is None else stored.fields,
    )


def whole_snapshot(kind: RecordType, record: models.Model, header: Header) -> Snapshot:
    """Header and own fields as a version keeps them."""
    about = {name: getattr(header, name) for name in HEADER_FIELDS}
    return {"header": about, "fields": kind.snapshot(record)}


def _write(
    work: Work,
    kind: RecordType,
    record: models.Model,
    header: Header,
    action: str,
    reason: str,
    detail: Mapping[str, Any] | None,
    effective_from: datetime | None,
    changed: Sequence[Write] = (),
) -> None:
    effective = work.at if effective_from is None else to_microseconds(effective_from)
    whole = whole_snapshot(kind, record, header)
    text = canonical_json(whole)
    identity, entry = work.ledger.draw("version", "entry")
    row = (identity, work.ledger.tx, header.id, header.version, work.at, effective, kind.schema, text)
    line = (entry, *work.line(action, header.id, header.version, reason, detail))
    store.write_together(
        [
            *changed,
            store.inserting(VERSION.name, VERSION.columns, row),
            store.inserting(ENTRY.name, ENTRY.columns, line),
        ]
    )
    work.ledger.note(VERSION, [row])
    work.ledger.note(ENTRY, [line])
    index_record(kind, header, whole["fields"])
    if action in ("create", "edit"):
        link_mentioned(work, kind, record)


def opened(header: Header) -> datetime:
    """When the record was opened."""
    return from_microseconds(header.opened_at)
