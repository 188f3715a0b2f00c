"""What the API takes and gives, as schemas: made from the screens, so that its description cannot lag."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from gemba.quality.records.screen import FormField

JSON_TYPES: dict[str, Any] = {
    "text": str,
    "number": str | int | float,
    "whole": int | str,
    "yes_no": bool | str,
    "date": str,
    "moment": str,
    "choice": str,
    "list": list[str],
}


class Closed(Schema):
    """A body that takes nothing but its own fields."""

    model_config = ConfigDict(extra="forbid")


class Reason(Schema):
    """One reason for a refusal: a stable code, its values, its words."""

    code: str
    values: dict[str, Any]
    text: str


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    reasons: list[Reason] | None = None
    given_version: int | None = None
    current_version: int | None = None
    edited: dict[str, Any] | None = None
    stored: dict[str, Any] | None = None
    errors: list[dict[str, Any]] | None = None


class RowOut(Schema):
    """One record of a list."""

    id: int
    number: str | None
    version: int
    values: dict[str, Any]


class ListOut(Schema):
    """A page of a list; ``after`` is the mark of the next one, null on the last."""

    type: str
    rows: list[RowOut]
    after: str | None
    names: dict[str, str]


class PastOut(Schema):
    """A record as it was."""

    id: int
    type: str
    version: int
    recorded_at: datetime
    effective_from: datetime
    header: dict[str, Any]
    fields: dict[str, Any]


class PastListOut(Schema):
    """A list as it was at a moment."""

    type: str
    as_of: datetime
    clock: Literal["recorded", "effective"]
    rows: list[PastOut]
    after: str | None


class ObjectOut(Schema):
    """One record with all that its reader may see."""

    model_config = ConfigDict(extra="allow")
    id: int
    type: str
    label: str
    header: dict[str, Any]
    sections: list[dict[str, Any]]
    children: list[dict[str, Any]]
    panels: list[dict[str, Any]]
    edit: dict[str, Any] | None
    moves: list[dict[str, Any]]
    links: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    signatures: list[dict[str, Any]]
    names: dict[str, str]
    help: str


class SignatureIn(Closed):
    """What the signer gives; ``identifier`` is the user name, at the first signing of a session."""

    secret: str = Field(max_length=200)
    identifier: str = Field("", max_length=60)


class LinkIn(Closed):
    """A typed link to another record, by its id or number."""

    relation: str = Field(max_length=30)
    target: str = Field(max_length=60)
    why: str = Field("", max_length=1000)


class TaskIn(Closed):
    """Something that somebody must do about the record."""

    text: str = Field(min_length=1, max_length=1000)
    assignee: str = Field(max_length=80, pattern=r"^(person:\d{1,18}|role:[a-z_]{1,40})$")
    due_minutes: int | None = Field(None, ge=0, le=525_600)


class RemarkIn(Closed):
    """A remark in words."""

    text: str = Field(min_length=1, max_length=10_000)


class DoneIn(Closed):
    """How one can see that a task was done."""

    evidence: str = Field(min_length=1, max_length=4000)


class Made(Schema):
    """What was made."""

    id: int


def body_of(name: str, form: Sequence[FormField], *, optional: bool) -> type[Schema]:
    """The schema of an input's fields; with ``optional`` a field that is not sent stays as it is."""
    fields: dict[str, Any] = {}
    for field in form:
        kind = _type_of(name, field)
        required = field.required and not optional
        fields[field.name] = (kind, ...) if required else (kind | None, None)
    made: type[Schema] = create_model(name, __base__=Closed, **fields)
    return made


def _type_of(name: str, field: FormField) -> Any:
    if field.kind == "rows":
        row = body_of(f"{name}{field.name.title()}Row", field.rows, optional=True)
        return list[row]  # type: ignore[valid-type]
    if field.choices:
        return Literal[tuple(value for value, _ in field.choices)]
    return JSON_TYPES[field.kind]


def title(text: str) -> str:
    """A name of a type or a move as the name of a schema."""
    return "".join(part.capitalize() for part in text.replace("_", "-").split("-"))
