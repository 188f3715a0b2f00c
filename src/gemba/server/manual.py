"""The manual as a plant shows it: the pages of the documentation, with the tables that are obeyed."""

from __future__ import annotations

import importlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

import gemba
from gemba.quality.records.diagram import diagram
from gemba.quality.records.lifecycle import Lifecycle

ROOMS = ("start", "records", "how-to", "explain")
SLICES = {
    "requirement": ("planning.requirements", "LIFECYCLE", "REQUIREMENTS"),
    "product": ("planning.products", "PRODUCT_LIFECYCLE", "PRODUCTS"),
    "process": ("planning.processes", "LIFECYCLE", "PROCESSES"),
    "party": ("people.parties", "LIFECYCLE", ""),  # refused in words of the kernel only
    "competence": ("people.competences", "COMPETENCE_LIFECYCLE", "COMPETENCES"),
    "qualification": ("people.competences", "QUALIFICATION_LIFECYCLE", "COMPETENCES"),
    "characteristic": ("planning.products", "LIFECYCLE", "PRODUCTS"),
    "control-plan": ("planning.controlplans", "LIFECYCLE", "CONTROL_PLANS"),
    "gauge": ("control.gauges", "LIFECYCLE", "GAUGES"),
    "signal": ("control.monitoring", "SIGNAL_LIFECYCLE", "MONITORING"),
    "limit-set": ("control.monitoring", "LIMIT_SET_LIFECYCLE", "MONITORING"),
    "nonconformance": ("control.nonconformance", "LIFECYCLE", "NONCONFORMANCE"),
    "capa": ("improvement.capa", "LIFECYCLE", "CAPA"),
}
"""Record type -> its slice, the name of its table of steps, the name of its catalogue of refusals."""
REACTIONS = "<!-- reactions -->"
MARK = re.compile(r"^<!-- (diagram|moves|refusals): ([a-z-]+)(?: ([a-z_.]+))? -->$", re.MULTILINE)
COMMENT = re.compile(r"^<!--.*?-->\n?", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"^# (?:\d+\. )?(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A page of the manual: its room, its title, and what it says as HTML."""

    room: str
    title: str
    html: str


def folder() -> Path:
    """Where the pages lie: beside the program where it is installed, in the repository otherwise."""
    place = Path(gemba.__file__).parent
    return place / "manual" if (place / "manual").is_dir() else place.parents[1] / "docs"


def filled(markdown: str) -> str:
    """The page with the tables that its marks ask for, from what the program itself obeys."""
    if REACTIONS in markdown:
        markdown = markdown.replace(REACTIONS, reactions_table())
    return MARK.sub(lambda found: record_part(found[1], found[2], found[3] or ""), markdown)


def reactions_table() -> str:
    """One row a reaction: the fact, and what follows as a sentence."""
    table = importlib.import_module("gemba.quality.reactions").REACTIONS
    rows = [f"| `{reaction.event}` | {reaction.sentence} |" for reaction in table]
    return "\n".join(["| When | What follows |", "|---|---|", *rows])


def record_part(part: str, type_name: str, prefix: str) -> str:
    """What a mark such as ``<!-- diagram: signal -->`` asks for."""
    place, table, catalogue = SLICES[type_name]
    cycle = getattr(importlib.import_module(f"gemba.quality.{place}.lifecycle"), table)
    if part == "diagram":
        return diagram(cycle)
    if part == "moves":
        return moves_table(cycle)
    return refusals_table(
        getattr(importlib.import_module(f"gemba.quality.{place}.reasons"), catalogue), prefix
    )


def moves_table(cycle: Lifecycle) -> str:
    """One row a step: from where, to where, whose it is, whether it is signed or needs a reason."""
    rows = ["| Step | From | To | Whose it is | Asks for |", "|---|---|---|---|---|"]
    for move in cycle.moves:
        sources = ", ".join(cycle.state(name).label for name in move.sources)
        roles = ", ".join(role.replace("_", " ") for role in move.roles) or "the program itself"
        signed = [f"a signature, *{move.signature}*"] if move.signature else []
        asked = " and ".join([*signed, *(["a reason"] if move.needs_reason else [])])
        rows.append(
            f"| **{move.label}** | {sources} | {cycle.state(move.target).label} | {roles} | {asked} |"
        )
    return "\n".join(rows)


def refusals_table(catalogue: Mapping[str, str], prefix: str) -> str:
    """One row a refusal: its code, as the API answers it, and its words."""
    shown = {
        code: words for code, words in catalogue.items() if code.startswith(prefix) and ".task_" not in code
    }
    rows = [f"| `{code}` | {words} |" for code, words in shown.items()]
    return "\n".join(["| Code | What it says |", "|---|---|", *rows])


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """Each room -> the names of its pages, its index first."""
    found = {}
    for room in ROOMS:
        pages = sorted(path.stem for path in (folder() / room).glob("*.md"))
        found[room] = tuple(f"{room}/{name}" for name in sorted(pages, key=lambda name: name != "index"))
    return found


@cache
def title_of(name: str) -> str:
    """What a page is called."""
    found = TITLE.search((folder() / f"{name}.md").read_text(encoding="utf-8"))
    return "" if found is None else found[1].replace("`", "")


@cache
def page(name: str, address: str) -> Page:
    """A page by its name, such as ``records/capa``; its links lead to what stands below ``address``.

    Raises
    ------
    LookupError
        When there is no such page.
    """
    room = name.partition("/")[0]
    if name not in names().get(room, ()):
        raise LookupError(name)
    markdown = filled((folder() / f"{name}.md").read_text(encoding="utf-8"))
    body = COMMENT.sub("", TITLE.sub("", markdown, count=1))
    return Page(room, title_of(name), _html(body, room, address))


def _html(markdown: str, room: str, address: str) -> str:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = reader.parse(markdown)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(tokens[place + 1].content))
        for child in token.children or ():
            _lead(child, room, address)
    tables = count(1)
    for name, drawn in (
        (
            "table_open",
            lambda *_: (
                f'<div class="scroll" tabindex="0" role="region" aria-label="Table {next(tables)}"><table>'
            ),
        ),
        ("table_close", lambda *_: "</table></div>"),
        ("image", _picture),
    ):
        reader.add_render_rule(name, drawn)
    return str(reader.renderer.render(tokens, reader.options, {}))


def _picture(_renderer: Any, tokens: Any, place: int, *_about: Any) -> str:
    """A picture; where one was taken in the dark too, the one that suits the page."""
    token = tokens[place]
    source, words = escape(str(token.attrGet("src"))), escape(token.content)
    dark = source.removesuffix(".webp") + "-dark.webp"
    there = (folder() / "pictures" / dark.rpartition("/")[2]).is_file()
    other = f'<source media="(prefers-color-scheme: dark)" srcset="{dark}">' if there else ""
    return f'<picture>{other}<img src="{source}" alt="{words}" loading="lazy"></picture>'


def _lead(token: Any, room: str, address: str) -> None:
    """Let a link or a picture lead to what this plant serves; what it does not serve is no link here."""
    key = {"link_open": "href", "image": "src"}.get(token.type, "")
    way = str(token.attrGet(key) or "") if key else ""
    if not way or "://" in way or way.startswith("#"):
        return
    file, mark, anchor = way.partition("#")
    name = posixpath.normpath(posixpath.join(room, file))
    if name.startswith("pictures/") or name.removesuffix(".md") in names().get(name.partition("/")[0], ()):
        token.attrSet(key, f"{address}{name.removesuffix('.md')}{mark}{anchor}")
    else:
        token.attrs.pop(key)


def _anchor(title: str) -> str:
    """The anchor of a heading, as the documentation gives it too."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())
