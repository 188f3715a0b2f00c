"""Tasks of the child that reads an uploaded table: plain values out, for the page and for the door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gemba.quality.control.collecting.reading import Reading
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.ingest.files import Plan, readings_of
from gemba.stats import readers
from gemba.stats.results import N_, DataError, StatsError

CHUNK = 2000
EXAMPLES = 3
LONGEST_HEADING = 500
GUARD = readers.Limits(values=5_000_000)
Asked = Mapping[str, Any]


def look(asked: Asked, _content: bytes) -> Iterator[dict[str, Any]]:
    """What the file seems to be: its columns with first values, and every question."""
    proposal, reading = _read(asked)
    yield {
        "layout": proposal.layout,
        "sheet": proposal.sheet,
        "columns": [_column(column, reading) for column in proposal.columns],
        "questions": [_question(question) for question in proposal.questions],
        "notes": [note.words() for note in proposal.notes],
        "headline": reading.headline().splitlines()[0] if reading else "",
        "refused": len(reading.refused) if reading else 0,
        "ready": reading is not None,
    }


def refused(asked: Asked, _content: bytes) -> Iterator[list[tuple[str, ...]]]:
    """The cells that state no number: place, column, text and reason, some at a time."""
    _, reading = _read(asked)
    cells = () if reading is None else reading.refused
    for start in range(0, len(cells), CHUNK):
        part = cells[start : start + CHUNK]
        yield [
            tuple(readers.safe_text(text) for text in (item.place, item.column, item.text, item.words()))
            for item in part
        ]


def send(asked: Asked, _content: bytes) -> Iterator[Any]:
    """How many rows state no number, then the readings, some at a time."""
    _, reading = _read(asked)
    yield reading.rows_refused if reading else 0
    if reading is None:
        return
    plan = asked["plan"]
    part: list[Any] = []
    for item in readings_of(reading, Plan(plan["values"], plan["uses"], plan["zone"])):
        part.append(msgspec.to_builtins(item))
        if len(part) == CHUNK:
            yield part
            part = []
    yield part


def received(part: list[Any]) -> list[Reading]:
    """The readings of one part, checked on the server's side."""
    return msgspec.convert(part, list[Reading])


def _read(asked: Asked) -> tuple[readers.Proposal, readers.Reading | None]:
    try:
        proposal = readers.propose(asked["path"], guard=GUARD, **asked["corrections"])
        _check_headings(proposal)
        return proposal, None if proposal.blocking else readers.read(proposal)
    except StatsError as error:
        raise Refused([Reason("apart.unreadable", {"why": _plainly(error)})]) from None


def _check_headings(proposal: readers.Proposal) -> None:
    """A heading of megabytes is no heading, and a page would show it."""
    for column in proposal.columns:
        if len(column.name) > LONGEST_HEADING:
            values = {"letter": column.letter, "limit": LONGEST_HEADING}
            raise Refused([Reason("apart.heading", values)])


def _plainly(error: StatsError) -> str:
    """The reader's sentence without what only somebody at a Python prompt can do."""
    if isinstance(error, DataError):
        error.argument = None
        if "guard=" in error.mend:
            error.mend = N_("Leave out what is not needed, or split it into smaller files")
    return str(error)


def _column(column: readers.ColumnPlan, reading: readers.Reading | None) -> dict[str, Any]:
    names = ("index", "letter", "name", "heading", "role", "unit")
    shown = reading is not None and column.role != "ignore"
    examples = (
        [text[:LONGEST_HEADING] for text in reading.column(column.name).texts[:EXAMPLES]]
        if reading and shown
        else []
    )
    return {**{name: getattr(column, name) for name in names}, "examples": examples}


def _question(question: readers.Question) -> dict[str, Any]:
    name = f"answer-{question.argument}" + (f"-{question.column}" if question.column else "")
    options = [{"answer": option.answer, "words": option.words()} for option in question.options]
    return {"name": name, "words": question.words(), "options": options, "blocking": question.blocking}
