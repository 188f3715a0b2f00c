"""Tasks of the child that reads an uploaded table: plain values out, for the page and for the door."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

import msgspec

from gemba.quality.control.collecting.reading import Reading
from gemba.quality.records.reasons import Reason, Refused
from gemba.server.ingest.files import Plan, readings_of
from gemba.server.ingest.studying import LIMITS, series_of, study_of
from gemba.stats import readers
from gemba.stats.readers.proposal import LAYOUT_WORDS, ROLE_WORDS
from gemba.stats.results import N_, DataError, StatsError

CHUNK = 2000
EXAMPLES = 3
LONGEST_HEADING = 500
LONGEST_CELL = 60
FIRST_ROWS = 14
FIRST_REFUSED = 5
GUARD = readers.Limits(values=5_000_000)
Asked = Mapping[str, Any]


def look(asked: Asked, _content: bytes) -> Iterator[dict[str, Any]]:
    """What the file seems to be: its first rows, its columns, every question, and what its values show."""
    proposal, reading = _read(asked)
    yield {
        "layout": proposal.layout,
        "layout_words": LAYOUT_WORDS[proposal.layout],
        "layouts": list(LAYOUT_WORDS.items()),
        "roles": list(ROLE_WORDS.items()),
        "sheet": proposal.sheet,
        "sheets": list(proposal.sheets),
        "columns": [_column(column, reading) for column in proposal.columns],
        "first_rows": _first_rows(proposal),
        "questions": [_question(question) for question in proposal.questions],
        "notes": [note.words() for note in proposal.notes],
        "headline": reading.headline().splitlines()[0].partition(": ")[2] if reading else "",
        "refused": len(reading.refused) if reading else 0,
        "ready": reading is not None,
        "total": None if reading is None else _total(reading),
        **_series(asked, proposal, reading),
    }


def _first_rows(proposal: readers.Proposal) -> list[dict[str, Any]]:
    """The first rows as they are, each with what it is taken for; the cells of the columns only."""
    places = [column.index for column in proposal.columns]
    parts = [row[1] for row in proposal.tables("en")[1].rows]  # codes of the page, which says them itself
    shown = zip(proposal.preview_rows, parts, proposal.preview, strict=True)
    return [
        {
            "row": number,
            "part": str(part),
            "cells": [row[place][:LONGEST_CELL] if place < len(row) else "" for place in places],
        }
        for number, part, row in list(shown)[:FIRST_ROWS]
    ]


def _total(reading: readers.Reading) -> dict[str, Any]:
    """The control total: every row has one fate, and every column its count and its sum."""
    heads = ("name", "role", "unit", "count", "missing", "sum", "min", "max")
    columns: list[dict[str, Any]] = [dict(zip(heads, row, strict=True)) for row in reading.totals().rows]
    for column in columns:
        column |= {name: f"{value:.12g}" for name in heads[5:] if (value := column[name]) is not None}
    return {
        "rows_in": reading.rows_in,
        "stored": reading.rows_stored,
        "refused": reading.rows_refused,
        "aside": len(reading.set_aside),
        "columns": [
            column for column, read in zip(columns, reading.columns, strict=True) if read.role == "value"
        ],
        "first_refused": [_refusal(item) for item in reading.refused[:FIRST_REFUSED]],
    }


def _series(asked: Asked, proposal: readers.Proposal, reading: readers.Reading | None) -> dict[str, Any]:
    """What the file can be watched for, and the study of the series that was asked for."""
    if reading is None:
        return {"series": [], "shown": None, "study": None}
    wanted: Mapping[str, Any] = asked.get("study") or {}
    found = series_of(proposal, reading, PurePath(asked.get("name") or "").stem)
    chosen = next((item for item in found if item.name == wanted.get("series")), next(iter(found), None))
    if chosen is None:
        return {"series": [], "shown": None, "study": None}
    limits = wanted["limits"] if "limits" in wanted else {name: getattr(chosen, name) for name in LIMITS}
    return {
        "series": [item.name for item in found],
        "shown": asdict(chosen) | {name: limits.get(name, "") for name in LIMITS},
        "study": study_of(proposal, reading, chosen, limits),
    }


def refused(asked: Asked, _content: bytes) -> Iterator[list[tuple[str, ...]]]:
    """The cells that state no number: row, place, column, text, why and how to mend it, some at a time."""
    _, reading = _read(asked)
    cells = () if reading is None else reading.refused
    for start in range(0, len(cells), CHUNK):
        part = cells[start : start + CHUNK]
        yield [tuple(map(readers.safe_text, _refusal(item).values())) for item in part]


def _refusal(item: readers.Refusal) -> dict[str, str]:
    return {
        "row": str(item.row),
        "place": item.where(),
        "column": item.column,
        "text": item.text[:LONGEST_HEADING],
        "why": item.words(),
        "mend": item.mend(),
    }


def send(asked: Asked, content: bytes) -> Iterator[Any]:
    """How many rows state no number, then the readings, some at a time; of a content, or of a path."""
    _, reading = _read(asked, content)
    yield reading.rows_refused if reading else 0
    if reading is None:
        return
    plan = asked["plan"]
    part: list[Any] = []
    for item in readings_of(reading, Plan(**plan)):
        part.append(msgspec.to_builtins(item))
        if len(part) == CHUNK:
            yield part
            part = []
    yield part


def received(part: list[Any]) -> list[Reading]:
    """The readings of one part, checked on the server's side."""
    return msgspec.convert(part, list[Reading])


def _read(asked: Asked, content: bytes = b"") -> tuple[readers.Proposal, readers.Reading | None]:
    source: Any = asked.get("path")
    if content:
        source = io.BytesIO(content)
        source.name = asked["name"]
    try:
        proposal = readers.propose(source, guard=GUARD, **asked["corrections"])
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
    names = ("index", "letter", "name", "heading", "role", "unit", "decimal")
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
