"""Two people changed one record: both versions side by side, and a form in which nobody's change is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.reasons import Conflict
from gemba.quality.records.screen import FormField
from gemba.server.web.forms import written


@dataclass(frozen=True)
class Both:
    """One field that somebody else changed: as it was, as it is, and as it was typed here.

    ``kept`` says that both changed it, so that a person must choose; otherwise theirs was taken over.
    """

    name: str
    label: str
    began: str
    now: str
    mine: str
    kept: bool
    value: str = ""


def joined(
    conflict: Conflict, form: Sequence[FormField], typed: Mapping[str, Any], zone: str
) -> tuple[tuple[Both, ...], dict[str, Any]]:
    """What the other changed, and what goes back into the form: mine where I changed it, else theirs."""
    began, now = conflict.edited or {}, conflict.stored or {}
    rows, merged = [], dict(typed)
    for field in form:
        if field.kind == "rows" or field.name not in typed:
            continue
        old, new = (_text(field, held.get(field.name), zone) for held in (began, now))
        mine = _text(field, typed[field.name], zone)
        if new in (old, mine):
            continue
        if mine == old:
            merged[field.name] = new
        words = dict(field.choices)
        began_at, stands, typed_here = (words.get(text, text) for text in (old, new, mine))
        rows.append(Both(field.name, field.label, began_at, stands, typed_here, mine != old, new))
    return tuple(rows), merged


def _text(field: FormField, value: Any, zone: str) -> str:
    """A value of a version or of a form as the form holds it."""
    if field.kind == "moment" and isinstance(value, int):
        value = from_microseconds(value)
    if field.kind == "number" and value not in (None, ""):
        try:
            value = Decimal(str(value))
        except InvalidOperation:
            return str(value)
    return str(written(field, value, zone)).replace("\r\n", "\n").strip()
