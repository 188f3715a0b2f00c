"""The rows that change, held against what was sealed about them: each must be as its last version says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery

from gemba.quality.records import store
from gemba.quality.records.canonical import canonical_json
from gemba.quality.records.models import Entry, Header, Task, Version
from gemba.quality.records.recorder import whole_snapshot
from gemba.quality.records.tasks import task_facts
from gemba.quality.records.trail import Finding
from gemba.quality.records.types import RecordType, record_types

BATCH = 500
LOOKS = 3
UNREADABLE = (ValueError, TypeError, ArithmeticError)
"""What reading a column raises that holds something it never should."""


def altered_rows() -> Iterator[Finding]:
    """Every header, record, row of a record and task that is not as it was last recorded."""
    last = 0
    while headers := list(Header.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = headers[-1].pk
        yield from _altered(headers, LOOKS)
    yield from _lost_records()
    yield from _altered_tasks()


def _altered(headers: list[Header], looks: int) -> Iterator[Finding]:
    """Look at some records; what seems altered is looked at again: somebody may be writing it just now."""
    versions = _last_versions([header.pk for header in headers])
    kinds = {kind.name: kind for kind in record_types()}
    for name in {header.type for header in headers}:
        kind = kinds.get(name)
        ours = [header for header in headers if header.type == name]
        records = {} if kind is None else _records(kind, ours)
        for header in ours:
            version = versions.get(header.pk)
            found = list(_faults(kind, header, records.get(header.pk), version))
            if found and looks > 1:
                again = list(Header.objects.filter(pk=header.pk))
                found = list(_altered(again, looks - 1))
            yield from found


def _records(kind: RecordType, headers: list[Header]) -> dict[int, Any]:
    """The rows of some records; one that cannot even be read is left out."""
    rows = kind.model._default_manager.filter(pk__in=[header.pk for header in headers])  # noqa: SLF001 (public)
    by_id = {header.pk: header for header in headers}
    try:
        found: dict[int, Any] = {row.pk: row for row in rows.prefetch_related(*kind.children)}
    except UNREADABLE:
        one_by_one = [] if len(headers) == 1 else [_records(kind, [header]) for header in headers]
        return {key: row for single in one_by_one for key, row in single.items()}
    for identity, row in found.items():
        row.header = by_id[identity]
    return found


def _last_versions(headers: list[int]) -> dict[int, Version]:
    last = Version.objects.filter(header_id=OuterRef("header_id")).order_by("-number").values("number")[:1]
    rows = Version.objects.filter(header_id__in=headers, number=Subquery(last))
    return {row.header_id: row for row in rows}


def _faults(
    kind: RecordType | None, header: Header, record: Any, version: Version | None
) -> Iterator[Finding]:
    if version is None:
        yield _finding("row inserted", "records_header", header.pk, "was inserted behind the program's back")
        return
    stored = _read(version)
    if stored is None:
        return  # the digest of the version tells
    if kind is None or header.version != version.number:
        named = "type" if kind is None else "version"
        yield _altered_row("records_header", header.pk, [named])
        return
    if record is None:
        yield _finding("row deleted", kind.model._meta.db_table, header.pk, "is gone or unreadable")  # noqa: SLF001
        return
    present = json.loads(canonical_json(whole_snapshot(kind, record, header)))
    changed = [name for name, value in stored["header"].items() if present["header"].get(name) != value]
    if changed:
        yield _altered_row("records_header", header.pk, changed)
    yield from _faults_of_fields(kind, header.pk, stored["fields"], present["fields"])


def _read(version: Version) -> Any:
    """The snapshot of a version in today's schema, or ``None`` when somebody made it unreadable."""
    try:
        stored = json.loads(version.snapshot)
        kind = {kind.name: kind for kind in record_types()}[stored["header"]["type"]]
        return stored | {"fields": kind.read_snapshot(version.schema, stored["fields"])}
    except (ValueError, TypeError, LookupError):
        return None


def _faults_of_fields(
    kind: RecordType, identity: int, stored: Mapping[str, Any], present: Mapping[str, Any]
) -> Iterator[Finding]:
    changed = [
        name for name in sorted(stored.keys() | present.keys()) if stored.get(name) != present.get(name)
    ]
    own = [name for name in changed if name not in kind.children]
    if own:
        yield _altered_row(kind.model._meta.db_table, identity, own)  # noqa: SLF001 (Django's public Meta API)
    for relation in [name for name in changed if name in kind.children]:
        model: Any = kind.model._meta.get_field(relation).related_model  # noqa: SLF001
        table = model._meta.db_table  # noqa: SLF001
        before = {row["id"]: row for row in stored.get(relation) or ()}
        after = {row["id"]: row for row in present.get(relation) or ()}
        for row in sorted(before.keys() | after.keys()):
            if row not in after:
                yield _finding("row deleted", table, row, "was deleted")
            elif row not in before:
                yield _finding("row inserted", table, row, "was inserted behind the program's back")
            elif before[row] != after[row]:
                names = [name for name in after[row] if after[row][name] != before[row].get(name)]
                yield _altered_row(table, row, names)


def _lost_records() -> Iterator[Finding]:
    rows = store.fetch(
        "SELECT DISTINCT v.header_id FROM records_version v "
        "LEFT JOIN records_header h ON h.id = v.header_id WHERE h.id IS NULL"
    )
    for (identity,) in rows:
        yield _finding("row deleted", "records_header", int(identity), "was deleted")


def _altered_tasks() -> Iterator[Finding]:
    told: dict[int, int] = {}
    for line, detail in store.stream(
        "SELECT id, detail FROM records_entry WHERE action LIKE 'task.%%' ORDER BY id"
    ):
        told[_task_of(detail).get("id", 0)] = line
    told.pop(0, None)
    for task in Task.objects.order_by("pk").iterator(chunk_size=BATCH):
        last = told.pop(task.pk, 0)
        if not _is_told(task, last):
            again = Task.objects.filter(pk=task.pk).first()
            if again is None or not _is_told(again, last):
                yield _finding("row altered", "records_task", task.pk, "is not as the trail says")
    for identity in told:
        yield _finding("row deleted", "records_task", identity, "was deleted")


def _is_told(task: Task, last: int) -> bool:
    """Whether a task is as its line of the trail says, and this is the last line or a newer one."""
    line = Entry.objects.filter(pk=task.entry).first() if task.entry >= last else None
    facts = json.loads(canonical_json(task_facts(task)))
    return line is not None and bool(_task_of(line.detail) == facts)


def _task_of(detail: str) -> dict[str, Any]:
    """The task that a line of the trail tells of; the digest of the line tells when it is unreadable."""
    try:
        task: dict[str, Any] = json.loads(detail)["task"]
        return task
    except (ValueError, TypeError, LookupError):
        return {}


def _altered_row(table: str, row: int, names: Iterable[str]) -> Finding:
    listed = ", ".join(names)
    return _finding("row altered", table, row, f"is not as its last version says: {listed}")


def _finding(kind: str, table: str, row: int, what: str) -> Finding:
    return Finding(kind, table, row, 0, f"row {row} of {table} {what}")
