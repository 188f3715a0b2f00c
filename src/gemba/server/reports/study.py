"""What a child process does for a capability report: judge the values, draw the picture, set the pages.

It opens no store: all that it needs is in what it is asked.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from gemba.quality.records.reasons import Reason, Refused
from gemba.server.reports.document import Card, Grid, Part, Tone
from gemba.server.reports.paper import set_in_type
from gemba.stats.capability import Capability, capability
from gemba.stats.figures import Figure
from gemba.stats.results import N_, StatsError, Table, Translate, translator
from gemba.stats.results.words import signed

PICTURE = "study.pdf"


def setting(asked: Mapping[str, Any], content: bytes) -> Iterator[str]:
    """The report of these values on one page, as text; refused in the words of the statistics."""
    del content
    language = str(asked["document"]["language"])
    try:
        study = studied(asked)
    except StatsError as error:
        raise Refused([Reason("print.no_study", {"why": str(error)})]) from error
    document = dict(asked["document"]) | _found(study, language)
    picture = _untitled(study.plot(language=language)).to_pdf("print")
    made = set_in_type(document, {PICTURE: picture}, look="sheet", form=asked.get("form", "pdf"))
    yield base64.b64encode(made).decode()


def studied(asked: Mapping[str, Any]) -> Capability:
    """The capability of the values that were asked about."""
    name = str(asked["document"]["title"])
    frame = {name: asked["values"]}
    told: dict[str, Any] = {"value": name}
    if asked["subgroups"]:
        word = translator(str(asked["document"]["language"]))(N_("Subgroup"))
        column = f"{word} " if word == name else word  # its name stands below the axis
        frame |= {column: asked["subgroups"]}
        told |= {"subgroup": column, "returning": "new"}
    elif asked["size"] > 1:
        told |= {"size": asked["size"]}
    limits = {name: asked[name] for name in ("lsl", "usl", "target") if asked[name] is not None}
    return capability(frame, **told, **limits)


def _found(study: Capability, language: str) -> dict[str, Any]:
    """What the study says, as parts of the document."""
    t = translator(language)
    figure = study.plot(language=language)
    said = study.warnings(language)
    tables = [_grid(table, said) for table in study.tables(language)]
    parts = (
        Part(
            t(N_("Capability")),
            notes=tuple(said),
            picture=PICTURE,
            alt=figure.alt,
        ),
        Part(t(N_("Figures")), tables=tuple(tables)),
        Part(t(N_("How it was computed")), lead=study.explain(language)),
    )
    cards = tuple(asdict(card) for card in _cards(study, t, language))
    return {"cards": cards, "parts": [asdict(part) for part in parts]}


def _untitled(figure: Figure) -> Figure:
    """The picture without its title and verdict: the sheet says both."""
    return replace(figure, spec={name: part for name, part in figure.spec.items() if name != "title"})


def _cards(study: Capability, t: Translate, language: str) -> Iterator[Card]:
    stable: Tone = "plain" if study.stable is None else "good" if study.stable else "bad"
    words = {None: N_("Not judged"), True: N_("In control"), False: N_("Not in control")}[study.stable]
    yield Card(t(N_("Stability")), t(words), "", stable)
    tone: Tone = "plain" if study.capable is None or study.undecided else "good" if study.capable else "bad"
    value = signed(f"Ppk {study.ppk:.2f}" if study.cpk is None else f"Cpk {study.cpk:.2f}")
    if study.stable is False:
        value = t(N_("Not meaningful"))
    yield Card(t(N_("Capability")), value, study.headline(language).splitlines()[0], tone)


def _grid(table: Table, said: Sequence[str]) -> Grid:
    """A table without the notes that are ``said`` already; its last column of words takes the room."""
    words = [place for place, column in enumerate(table.columns) if column.align == "left"]
    return Grid(
        table.title,
        tuple(column.label for column in table.columns),
        tuple(tuple(row) for row in table.shown()),
        tuple(column.align for column in table.columns),
        tuple(1 if place == words[-1] else 0 for place in range(len(table.columns))),
        tuple(note for note in table.notes if note not in said),
    )
