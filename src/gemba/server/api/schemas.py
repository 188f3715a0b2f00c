"""What the API takes and gives, as schemas: made from the screens, so that its description cannot lag."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, create_model, field_validator

from gemba.quality.records.screen import FormField

NUMBER = r"^\s*([+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?)?\s*$"
"""A number as a text, as the kernel reads it, with spaces around it; nothing means that there is none."""
JSON_TYPES: dict[str, Any] = {
    "text": str,
    "number": Annotated[str, Field(json_schema_extra={"pattern": NUMBER})] | int | float,
    "whole": int | Annotated[str, Field(json_schema_extra={"pattern": NUMBER})],
    "yes_no": bool | str,
    "date": str,
    "moment": str,
    "choice": str,
    "list": list[str],
}


class Closed(Schema):
    """A body that takes nothing but its own fields, and no text that not every database can keep."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _no_zero(cls, value: object) -> object:
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and "\x00" in text for text in texts):
            raise ValueError("no text may hold the character with the code 0")
        return value


Own: Any = dict[str, str | int | float | bool | None] | None
"""Fields of one's own by their short names."""


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


class LinkEndIn(Closed):
    """Why a link no longer holds."""

    why: str = Field(min_length=1, max_length=1000)


class ThreadOut(Schema):
    """The thread of a record: its cards by column, the ties between them, and what is missing."""

    start: str
    whole: bool
    cards: list[dict[str, Any]]
    ties: list[dict[str, Any]]
    gaps: list[dict[str, Any]]


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
    """What was made or changed."""

    id: int


class RemarkOut(Schema):
    """A remark on a record."""

    id: int
    at: datetime
    actor: str
    text: str


class FileOut(Schema):
    """A file of a record; its bytes are handed out apart."""

    id: int
    at: datetime
    actor: str
    name: str
    size: int
    sha256: str
    note: str


class Belongings(Schema):
    """What people added to a record."""

    remarks: list[RemarkOut]
    attachments: list[FileOut]


class RecordOut(Schema):
    """What identifies a record."""

    id: int
    type: str
    number: str | None
    title: str


class TaskOut(Schema):
    """Something to be done; ``assignee`` is ``person:<id>`` or ``role:<name>``, ``holder`` the word."""

    id: int
    text: str
    record: RecordOut | None
    site: str | None
    assignee: str
    opened_at: datetime
    due_at: datetime | None
    late: bool
    escalated_to: str
    holder: str
    escalated: str
    opened_by: str


class Tasks(Schema):
    """A list of tasks."""

    tasks: list[TaskOut]


class HitOut(RecordOut):
    """A record that a search found."""

    label: str
    state: str
    category: str
    site: str


class Found(Schema):
    """What a search found, best first."""

    words: str
    found: list[HitOut]


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
    if field.kind == "text" and field.length:
        # Only described here: the service refuses what is too long, together with every other reason.
        return Annotated[str, Field(json_schema_extra={"maxLength": field.length})]
    return JSON_TYPES[field.kind]


def title(text: str) -> str:
    """A name of a type or a move as the name of a schema."""
    return "".join(part.capitalize() for part in text.replace("_", "-").split("-"))
