"""A record as a document: what its page shows, with what proves which version of it this is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gemba import __version__
from gemba.quality.improvement.capa import picture
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.history import trail_of
from gemba.quality.records.models import Header, Version
from gemba.quality.records.names import printed_names
from gemba.quality.records.screen import ObjectPage, object_page
from gemba.quality.records.screen.objects import Group, Piece, Rows, Shown, SignatureShown
from gemba.quality.records.types import RecordType, record_type
from gemba.server.reports import drawn
from gemba.server.reports.document import (
    LONG,
    Document,
    Fact,
    Grid,
    Part,
    Signed,
    Tone,
    grid_of,
    words_of,
)
from gemba.server.reports.paper import DRAWING, paper_of
from gemba.server.web.language import within
from gemba.server.web.numbers import shown_number
from gemba.stats.results import N_, Translate, speaking, spoken, translator

TONES: Mapping[str, Tone] = {
    "draft": "plain",
    "open": "warn",
    "approved": "good",
    "effective": "good",
    "closed": "plain",
    "void": "bad",
}
STEP = re.compile(r"[A-Z](\d+)\b")
PRINTED = 680.0
"""Room of a picture on paper, in pixels."""
IN_STRIP = ("site", "originator", "owner", "opened_at", "due_at", "external")


class Teller:
    """Says values as text: moments at the site, people by name, nothing as nothing."""

    def __init__(self, zone: str, names: Mapping[str, str], t: Translate) -> None:
        self.zone, self.names, self.t = ZoneInfo(zone or "UTC"), names, t

    def moment(self, value: datetime) -> str:
        """A moment at the site, with its distance from UTC."""
        return f"{value.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"

    def said(self, item: Shown) -> str:
        """A value as text."""
        value = item.value
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return self.t(N_("yes")) if value else self.t(N_("no"))
        if item.text:
            return item.text
        if item.kind == "moment":
            when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            return self.moment(when)
        if item.kind == "person":
            return self.names.get(str(value), str(value))
        if item.name.endswith("_role"):
            return within(self.word(str(value)))
        return shown_number(value) if item.kind == "number" else str(value)

    def word(self, code: str) -> str:
        """The code of an action, a relation or a role as people call it."""
        parts = [part.replace("_", " ") for part in code.replace(".", ":").split(":")]
        first, *more = (self.t(part[:1].upper() + part[1:]) for part in parts)
        return ": ".join([first, *map(within, more)])

    def fact(self, item: Shown) -> Fact:
        """A value with its label."""
        text = self.said(item)
        return item.label, text, len(text) > LONG

    def part(self, group: Group) -> Part:
        """Values under one title; the empty ones only by name."""
        facts = tuple(self.fact(item) for item in group.fields)
        empty = ", ".join(label for label, text, _ in facts if not text)
        blank = f"{self.t(N_('Not filled in'))}: {empty}" if empty else ""
        return Part(group.title, facts=tuple(fact for fact in facts if fact[1]), blank=blank)

    def grid(self, table: Rows, *, body: bool) -> Grid:
        """Rows that belong to the record; ``body`` where they are what it is about."""
        numbers = [column.kind in ("number", "whole") for column in table.columns]
        rows = [[self.said(cell) for cell in line] for line in table.cells]
        return grid_of("", [column.label for column in table.columns], rows, numbers, body=body)


def print_record(
    header: int | str, *, actor: Actor, now: datetime, language: str | None = None
) -> tuple[str, bytes]:
    """A record as PDF, for somebody who may read it: a name for the file, and its bytes.

    Raises
    ------
    Refused
        When there is no such record that the actor may read, or it cannot be set in time.
    """
    document = document_of(header, actor=actor, now=now, language=language)
    name, told = f"{document.number.replace(' ', '-')}.pdf", asdict(document)
    if not document.figures:
        return name, paper_of(told)
    asked = {"document": told, "figures": told.pop("figures")}
    return name, paper_of(asked, task=drawn.TASK, bounds=DRAWING)


def document_of(header: int | str, *, actor: Actor, now: datetime, language: str | None = None) -> Document:
    """A record as a document, whatever its type: from its screen."""
    with speaking(language or spoken()):
        return _document_of(header, actor, now)


def _document_of(header: int | str, actor: Actor, now: datetime) -> Document:
    page, t = object_page(header, actor=actor, now=now), translator()
    head = Header.objects.select_related("site").get(pk=page.id)
    figures = figures_of(head)
    tell = Teller(head.site.zone, page.names, t)
    version = Version.objects.get(header_id=head.id, number=head.version)
    number = head.number or t(N_("Draft"))
    printed = f"{t(N_('Printed by'))} {actor.name}, {tell.moment(now)}"
    parts = _parts(page, head, tell, figures)
    state = t(record_type(page.type).lifecycle.state(head.state).label)
    digest = hashlib.sha256(version.snapshot.encode()).hexdigest()
    return Document(
        plant=head.site.name,
        kind=page.label,
        number=number,
        title=head.title,
        state=state,
        tone=TONES[head.category],
        strip=_strip(page, head, tell, now),
        parts=parts,
        foot=f"{number} · {t(N_('version'))} {head.version} · {digest[:16]} · {printed}",
        proof=_proof(head, version, digest, tell, printed, now),
        language=spoken(),
        wide=any(grid.is_wide for part in parts for grid in part.tables),
        signatures=tuple(_signed(item, head.version, tell) for item in page.signatures),
        words=words_of(t),
        figures=figures,
    )


def figures_of(head: Header) -> dict[str, Any]:
    """What the panels of a record draw, by their names: so far the verdict of a corrective action."""
    if head.type != "capa":
        return {}
    figure = picture.figure(Capa.objects.get(header=head), room=PRINTED)
    if figure is None:
        return {}
    return {"verdict": {"spec": figure.spec, "alt": figure.alt, "title": figure.title}}


def _strip(page: ObjectPage, head: Header, tell: Teller, now: datetime) -> tuple[Fact, ...]:
    t = tell.t
    shown = {item.name: item for item in page.header.fields}
    facts = [
        (t(N_("Version")), str(head.version), False),
        (t(N_("As of")), tell.moment(now), False),
        *((shown[name].label, tell.said(shown[name]), False) for name in IN_STRIP if name in shown),
    ]
    return tuple(fact for fact in facts if fact[1])


def _parts(page: ObjectPage, head: Header, tell: Teller, figures: Mapping[str, Any]) -> tuple[Part, ...]:
    t = tell.t
    groups = [*page.sections, *([page.own] if page.own.fields else [])]
    parts = [_panel(panel, figures.get(panel.name)) for panel in page.panels]
    parts += [tell.part(group) for group in groups if group.fields]
    for table in page.children:
        if table.rows:
            parts.append(Part(table.title, tables=(tell.grid(table, body=len(page.children) == 1),)))
        else:
            parts.append(Part(table.title, blank=t(N_("None."))))
    parts = [*_in_steps(parts), _links(page, tell), _remarks(page, tell), _changes(head, tell)]
    return tuple(part for part in parts if part.facts or part.tables or part.blank or part.lead)


def _panel(panel: Piece, figure: Mapping[str, Any] | None) -> Part:
    """The words of a panel, how they were found, and its picture where there is one."""
    words, method = panel.data.get("words") or "", panel.data.get("method") or ""
    lead = words if isinstance(words, str) else "\n".join(words)
    if figure is None:
        return Part(panel.title, lead=lead, blank=str(method))
    return Part(panel.title, lead=lead, blank=str(method), picture=panel.name, alt=figure["alt"])


def _in_steps(parts: Sequence[Part]) -> list[Part]:
    """Parts whose titles are numbered steps (D1, D2 ...) in the order of their numbers, after the others."""
    steps = [(STEP.match(part.title), part) for part in parts]
    plain = [part for step, part in steps if step is None]
    numbered = [(int(step[1]), part) for step, part in steps if step is not None]
    return [*plain, *(part for _, part in sorted(numbered, key=lambda pair: pair[0]))]


def _links(page: ObjectPage, tell: Teller) -> Part:
    t = tell.t
    rows = [
        (
            within(tell.word(item.relation)),
            t(record_type(item.type).label),
            item.number or t(N_("Draft")),
            "" if item.version is None else str(item.version),
            t(record_type(item.type).lifecycle.state(item.state).label),
        )
        for item in page.links
    ]
    heads = [t(N_("Relation")), t(N_("Kind")), t(N_("Number")), t(N_("Version")), t(N_("State"))]
    return _tabled(t(N_("Linked records")), heads, rows)


def _remarks(page: ObjectPage, tell: Teller) -> Part:
    t = tell.t
    file = t(N_("File"))
    said = [(item.at, item.actor, item.text) for item in page.remarks]
    said += [(item.at, item.actor, f"{file}: {item.name}") for item in page.files]
    rows = [(tell.moment(at), tell.names.get(actor, actor), text) for at, actor, text in said]
    return _tabled(t(N_("Remarks and files")), [t(N_("When")), t(N_("Who")), t(N_("What"))], rows)


def _changes(head: Header, tell: Teller) -> Part:
    """What was done since the first entry: each version, by whom, why."""
    t = tell.t
    entries = [entry for entry in trail_of(head.id) if entry.version is not None]
    names = printed_names({entry.actor for entry in entries})
    rows = [
        (
            str(entry.version),
            tell.moment(from_microseconds(entry.at)),
            names.get(entry.actor, entry.actor),
            _done(record_type(head.type), entry.action, tell),
            entry.reason,
        )
        for entry in entries
    ]
    heads = [t(N_("Version")), t(N_("When")), t(N_("Who")), t(N_("What")), t(N_("Why"))]
    return _tabled(t(N_("Since the first entry")), heads, rows)


def _done(kind: RecordType, action: str, tell: Teller) -> str:
    """What was done, in the words of the button that does it."""
    move = kind.lifecycle.move(action.removeprefix("move:"))
    if move is not None:
        return tell.t(move.label)
    return tell.word(action)


def _tabled(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Part:
    if not rows:
        return Part(title)
    return Part(title, tables=(grid_of("", heads, rows, [False] * len(heads)),))


def _signed(item: SignatureShown, newest: int, tell: Teller) -> Signed:
    t = tell.t
    of = t(N_("signed version {version}")).format(version=item.version)
    note = of if item.version == newest else f"{of}; {t(N_('the record has changed since'))}"
    if not item.valid:
        note = t(N_("This signature does not hold."))
    return Signed(item.name, within(tell.word(item.meaning)), tell.moment(item.at), note, item.valid)


def _proof(
    head: Header, version: Version, digest: str, tell: Teller, printed: str, now: datetime
) -> tuple[Fact, ...]:
    t = tell.t
    seal: Any = store.fetch("SELECT number, hash FROM records_seal ORDER BY number DESC LIMIT 1")
    recorded = tell.moment(from_microseconds(version.recorded_at))
    found = [
        (t(N_("Record")), f"{head.number or t(N_('Draft'))} ({head.id})", False),
        (t(N_("Version")), f"{version.number}, {t(N_('recorded'))} {recorded}", False),
        (t(N_("As of")), f"{now.isoformat(timespec='seconds')}", False),
        (t(N_("Digest of the version (SHA-256)")), digest, True),
        *((t(N_("Newest seal of the trail")), f"{row[0]} {bytes(row[1]).hex()}", True) for row in seal),
        (t(N_("Print")), printed, False),
        (t(N_("Program")), f"gemba {__version__}", False),
    ]
    return tuple(found)
