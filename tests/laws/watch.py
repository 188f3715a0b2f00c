"""What kind of thing each table holds, and how the trail must tell of a change in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from gemba.quality.records.store import fetch
from gemba.quality.records.trail import sealed_tables
from gemba.quality.records.types import record_types

WORKING: Mapping[str, str] = {
    "records_sequence": "the next number of a name",
    "records_counter": "the last record number of a year; the numbers stand in the versions",
    "records_seal": "the seal itself",
    "records_delivery": "how far an event has come; the event is sealed, a retry stands in the trail",
    "collecting_stream": "a name for a combination of keys that a sealed reading brought",
    "collecting_intake": "the keys of sealed readings",
    "collecting_progress": "sums of sealed readings",
    "collecting_waiting": "the quarantined readings without a sealed decision",
    "monitoring_streamstate": "what a judge remembers; can be judged anew from the readings",
    "monitoring_signalrule": "by which a signal is found; the signal has its versions",
    "api_givenanswer": "answers that are given again for two days",
    "django_session": "who is signed in; signing in and out stands in the trail",
    "django_content_type": "names of models",
    "auth_permission": "not used: rights are grants",
    "auth_group": "not used: rights are grants",
    "account_emailaddress": "not used: nobody signs up by mail",
    "account_emailconfirmation": "not used: nobody signs up by mail",
    "mfa_authenticator": "the second factor belongs to its person; its changes stand in the trail",
}
"""Tables that tell nobody's doing, each with the reason why."""
ABOUT_A_PERSON = (
    "people_person", "people_personname", "people_grant", "people_onetimelink",
    "people_signingsession", "people_failedsigning",
)  # fmt: skip
ENTERED = (
    *ABOUT_A_PERSON,
    "people_token",
    "people_policychange",
    "people_workingtime",
    "people_closure",
    "records_task",
    "records_site",
)
"""Tables whose every change has a line of the trail that names the row."""


def versioned() -> dict[str, str]:
    """The tables of records, each with the column that names the header."""
    found = {"records_header": "id"}
    for kind in record_types():
        found[kind.model._meta.db_table] = "header_id"
        for relation in kind.children:
            there: Any = kind.model._meta.get_field(relation)
            found[there.related_model._meta.db_table] = there.field.column
    return found


def sealed() -> set[str]:
    """The tables whose rows are written once."""
    return {table.name for table in sealed_tables()}


def unknown_tables() -> set[str]:
    """Tables of the program that are of no kind yet: somebody must say how their changes are told."""
    known = sealed() | set(versioned()) | set(ENTERED) | set(WORKING)
    return {model._meta.db_table for model in apps.get_models()} - known


Row = dict[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]


def rows_of(model: type[models.Model]) -> dict[tuple[Any, ...], Row]:
    """Every row of a table by its key."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    keys = [str(field.column) for field in model._meta.pk_fields]
    names = ", ".join(f'"{column}"' for column in columns)
    rows = [
        dict(zip(columns, row, strict=True))
        for row in fetch(f'SELECT {names} FROM "{model._meta.db_table}"', [])  # noqa: S608 (own names)
    ]
    return {tuple(row[key] for key in keys): row for row in rows}


def every_row() -> Rows:
    """Every row of every table that is no working memory."""
    return {
        model._meta.db_table: rows_of(model)
        for model in apps.get_models()
        if model._meta.db_table not in WORKING or model._meta.db_table == "records_seal"
    }


@dataclass(frozen=True)
class Change:
    """One row that is new, gone or other than before."""

    table: str
    old: Row | None
    new: Row | None

    @property
    def row(self) -> Row:
        """The row as it is now, or was."""
        return self.new or self.old or {}


def changes(before: Rows, after: Rows) -> Iterator[Change]:
    """Every row that differs."""
    for table, rows in after.items():
        for key in {*rows, *before[table]}:
            old, new = before[table].get(key), rows.get(key)
            if old != new:
                yield Change(table, old, new)


def untold(found: list[Change]) -> list[Change]:
    """The changes that the trail does not tell."""
    fresh = {name: [c.row for c in found if c.table == name] for name in ("records_entry", "records_version")}
    seals = {change.row["tx"] for change in found if change.table == "records_seal"}
    versions = {row["header_id"] for row in fresh["records_version"]}
    entries = [row | {"detail": json.loads(row["detail"])} for row in fresh["records_entry"]]
    headers = versioned()
    return [change for change in found if not _told(change, headers, seals, versions, entries)]


def _told(
    change: Change, headers: dict[str, str], seals: set[int], versions: set[int], entries: list[Row]
) -> bool:
    table, row = change.table, change.row
    if table == "records_seal":
        return change.old is None
    if table in sealed():
        return change.old is None and row["tx"] in seals
    if table in headers:
        return row[headers[table]] in versions
    return any(_names(entry, table, row) for entry in entries)


def _names(entry: Row, table: str, row: Row) -> bool:
    detail = entry["detail"]
    if table in ABOUT_A_PERSON:
        person = row["id"] if table == "people_person" else row["person_id"]
        return bool(detail.get("person") == person or entry["actor"] == f"person:{person}")
    if table == "people_token":
        return bool(detail.get("token") == row["id"] or row["id"] in detail.get("tested", ()))
    if table == "people_policychange":
        return bool(detail.get("rule") == row["id"])
    if table == "records_task":
        return bool(entry["id"] == row["entry"])
    return bool(detail.get("site") == row.get("site_id", row.get("code")))
