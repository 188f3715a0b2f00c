"""Setting a document in type: in a child process, within bounds. Data reach the template as JSON only."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, Literal

from gemba.quality.records.apart.asking import Bounds, answer_of
from gemba.quality.records.reasons import Reason, Refused
from gemba.stats.results import N_, require

BOUNDS = Bounds(memory=1536 * 2**20, seconds=20)
DRAWING = Bounds(memory=2**42, seconds=30)
"""What draws a picture reserves far more address space than it uses; time and readings bound it."""
PRINT: Mapping[str, str] = {
    "print.too_much": N_("The document could not be set within {seconds} seconds. Try again in a minute."),
    "print.no_study": N_("There is no capability to report: {why}"),
}


def paper_of(document: Mapping[str, Any], *, task: str = "", bounds: Bounds = BOUNDS) -> bytes:
    """A document as PDF, made by a child process; ``task`` is another one than the plain setting.

    Raises
    ------
    Refused
        When it takes too long, too much memory, or too many others are being made.
    """
    asked = json.loads(json.dumps(document, default=str))
    try:
        answer = answer_of(task or "gemba.server.reports.paper:setting", asked, bounds=bounds)
    except Refused as refused:
        if any(reason.code in PRINT for reason in refused.reasons):
            raise
        raise Refused([Reason("print.too_much", {"seconds": bounds.seconds})]) from refused
    return base64.b64decode(answer)


def setting(asked: Mapping[str, Any], content: bytes) -> Iterator[str]:
    """What the child does: set the document, answer its bytes as text."""
    del content
    yield base64.b64encode(set_in_type(asked)).decode()


def set_in_type(
    document: Mapping[str, Any],
    pictures: Mapping[str, bytes] | None = None,
    *,
    look: Literal["document", "sheet"] = "document",
    form: Literal["pdf", "svg"] = "pdf",
) -> bytes:
    """A document on A4, with page numbers; ``pictures`` are the PDFs that it names.

    ``look`` is the template: a document of as many pages as it needs, or a sheet, which is one page. Only a
    sheet has the ``form`` of an SVG.
    """
    typst = require("typst", extra="reports", purpose=N_("A printed document"))
    files = {"main.typ": template(look), "document.json": told(document, pictures)}
    made: bytes = typst.compile(files, ignore_system_fonts=True, format=form)
    return made


def template(look: str = "document") -> bytes:
    """How a document looks."""
    return (resources.files(__package__) / f"{look}.typ").read_bytes()


def told(document: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A document as the template reads it; a picture is a list of its bytes."""
    drawn = {name: list(content) for name, content in (pictures or {}).items()}
    return json.dumps({**document, "pictures": drawn}, ensure_ascii=False, default=str).encode()
