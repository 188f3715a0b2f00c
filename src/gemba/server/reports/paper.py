"""Setting a document in type: in a child process, within bounds. Data reach the template as JSON only."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from gemba.quality.records.apart.asking import Bounds, answer_of
from gemba.quality.records.reasons import Reason, Refused
from gemba.stats.results import N_, require

BOUNDS = Bounds(memory=1536 * 2**20, seconds=20)
PRINT: Mapping[str, str] = {
    "print.too_much": N_("The document could not be set within {seconds} seconds. Try again in a minute."),
}


def paper_of(document: Mapping[str, Any], *, bounds: Bounds = BOUNDS) -> bytes:
    """A document as PDF, made by a child process.

    Raises
    ------
    Refused
        When it takes too long, too much memory, or too many others are being made.
    """
    asked = json.loads(json.dumps(document, default=str))
    try:
        return base64.b64decode(answer_of("gemba.server.reports.paper:setting", asked, bounds=bounds))
    except Refused as refused:
        raise Refused([Reason("print.too_much", {"seconds": bounds.seconds})]) from refused


def setting(asked: Mapping[str, Any], content: bytes) -> Iterator[str]:
    """What the child does: set the document, answer its bytes as text."""
    del content
    yield base64.b64encode(set_in_type(asked)).decode()


def set_in_type(document: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A document as PDF on A4, with page numbers; ``pictures`` are the files that it names."""
    typst = require("typst", extra="reports", purpose="A printed document")
    template = (resources.files(__package__) / "document.typ").read_bytes()
    told = json.dumps(document, ensure_ascii=False).encode()
    files = {"main.typ": template, "document.json": told, **(pictures or {})}
    made: bytes = typst.compile(files, ignore_system_fonts=True)
    return made
