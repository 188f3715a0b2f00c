"""Forms from the fields of a frozen input: what is shown, and what was typed back into plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from gemba.quality.records.given import Full, TwoWays
from gemba.quality.records.screen import FormField
from gemba.server.web.moments import write_local
from gemba.server.web.numbers import shown_number, typed_number
from gemba.server.web.whole import whole

SPARE_ROWS = 3
KEPT = "kept"
"""A row that is sent although nothing is typed in it: what it begins with is an answer."""


def fields_with_values(
    form: Sequence[FormField], values: Mapping[str, Any], *, zone: str, prefix: str = ""
) -> list[dict[str, Any]]:
    """Each field with what it holds now, as a template draws it."""
    return [_field(field, values.get(field.name), zone, prefix) for field in form]


def _field(field: FormField, value: Any, zone: str, prefix: str) -> dict[str, Any]:
    name = f"{prefix}{field.name}"
    shown: dict[str, Any] = {"field": field, "name": name, "value": written(field, value, zone)}
    if field.kind == "rows":
        rows = [row if isinstance(row, Mapping) else vars(row) for row in value or ()]
        spare = [replace(part, required=False) for part in field.rows]
        asked: list[tuple[Sequence[FormField], Mapping[str, Any]]] = [(field.rows, row) for row in rows] + [
            (spare, {})
        ] * (0 if isinstance(value, Full) else SPARE_ROWS)
        shown["rows"] = [
            fields_with_values(parts, row, zone=zone, prefix=f"{name}-{number}-")
            for number, (parts, row) in enumerate(asked)
        ]
        for number, (_parts, row) in enumerate(asked):
            if row.get(KEPT):
                shown["rows"][number][0][KEPT] = f"{name}-{number}-{KEPT}"
    return shown


def written(field: FormField, value: Any, zone: str) -> Any:
    """A value as its input holds it."""
    if isinstance(value, datetime):
        return write_local(value, zone)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple) and field.kind == "list":
        return "\n".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return shown_number(f"{value.normalize():f}")
    if field.kind == "number" and not isinstance(value, TwoWays | None):
        return shown_number(value)
    return "" if value is None else value


def typed_values(
    form: Sequence[FormField], typed: Mapping[str, str], *, zone: str, prefix: str = ""
) -> dict[str, Any]:
    """What a person typed, as the edge of the kernel reads it; fields that were not sent are left out."""
    found: dict[str, Any] = {}
    for field in form:
        name = f"{prefix}{field.name}"
        if field.kind == "rows":
            found[field.name] = _typed_rows(field, typed, zone, name)
        elif field.kind == "list" and name in typed:
            found[field.name] = [line for line in typed[name].splitlines() if line.strip()]
        elif field.kind == "yes_no":
            found[field.name] = typed.get(name, "no")
        elif field.kind == "moment" and name in typed:
            found[field.name] = _with_zone(typed[name], zone)
        elif name in typed:
            found[field.name] = typed_number(typed[name]) if field.kind == "number" else typed[name]
    return found


def _typed_rows(field: FormField, typed: Mapping[str, str], zone: str, name: str) -> list[dict[str, Any]]:
    """The rows in which something was typed; a choice alone says nothing, it always has a value."""
    chosen = {part.name for part in field.rows if part.kind in ("choice", "yes_no")}
    numbers = {key[len(name) + 1 :].partition("-")[0] for key in typed if key.startswith(f"{name}-")}
    found = []
    for number in sorted(n for text in numbers if (n := whole(text, digits=4)) is not None):
        prefix = f"{name}-{number}-"
        texts = {key.removeprefix(prefix): typed[key] for key in typed if key.startswith(prefix)}
        if any(text.strip() for part, text in texts.items() if part not in chosen):
            row = typed_values(field.rows, typed, zone=zone, prefix=prefix)
            found.append({key: value for key, value in row.items() if key != "id" or value})
    return found


def _with_zone(text: str, zone: str) -> str:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return found.isoformat() if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone)).isoformat()
