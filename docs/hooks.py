"""The rooms of the documentation in order, and its reference from the code."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from gemba.quality.records.lifecycle import Lifecycle

ROOMS = {
    "start": "Start",
    "how-to": "How to",
    "reference": "Reference",
    "records": "Records",
    "explain": "Explain",
    "decisions": "Decisions",
    "proof": "Proof",
}
NEWEST_FIRST = {"decisions", "proof"}
FLOORS = "gemba.stats"
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
GALLERY = importlib.import_module("gallery")  # beside this file
REACTIONS = "<!-- reactions -->"
MARK = re.compile(r"^<!-- (diagram|moves|refusals): ([a-z-]+)(?: ([a-z_.]+))? -->$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the reference pages, then put every page into its room."""
    from mkdocs.structure.files import File

    for path, content in GALLERY.gallery().items():
        files.append(File.generated(config, path, content=content))
    for name, page in reference_pages().items():
        files.append(File.generated(config, f"reference/{name}.md", content=page))
    config.nav = ["index.md", *(room(name, title, files) for name, title in ROOMS.items())]
    return files


def on_page_markdown(markdown: str, **_about: Any) -> str:
    """A page shows the lifecycle of a record type, or what follows from what, from the tables obeyed."""
    if REACTIONS in markdown:
        markdown = markdown.replace(REACTIONS, reactions_table())
    return MARK.sub(lambda found: record_part(found[1], found[2], found[3] or ""), markdown)


def reactions_table() -> str:
    """One row a reaction: the fact, and what follows as a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gemba.server.settings")
    os.environ.setdefault("GEMBA_DATA", tempfile.mkdtemp(prefix="gemba-docs-"))
    import django

    django.setup()
    table = importlib.import_module("gemba.quality.reactions").REACTIONS
    rows = [f"| `{reaction.event}` | {reaction.sentence} |" for reaction in table]
    return "\n".join(["| When | What follows |", "|---|---|", *rows])


def record_part(part: str, type_name: str, prefix: str) -> str:
    """What a mark such as ``<!-- diagram: signal -->`` asks for."""
    from gemba.quality.records.diagram import diagram

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


def room(name: str, title: str, files: Files) -> dict[str, Any]:
    """One room of the documentation: its index, then its pages by name or by date."""
    pages = sorted(
        page.src_uri for page in files.documentation_pages() if page.src_uri.startswith(f"{name}/")
    )
    index = f"{name}/index.md"
    rest = [page for page in pages if page != index]
    return {title: [index, *(reversed(rest) if name in NEWEST_FIRST else rest)]}


def reference_pages() -> dict[str, str]:
    """A page for each floor of the statistics and one for the commands, from the code itself."""
    public = importlib.import_module(FLOORS)
    floors: dict[str, list[str]] = {}
    for name in getattr(public, "__all__", []):
        floors.setdefault(home(getattr(public, name)), []).append(name)
    pages = {floor: floor_page(floor, names) for floor, names in floors.items() if floor}
    return {**pages, "commands": commands_page()}


def home(thing: Any) -> str:
    """The floor that a public name comes from: the package under ``gemba.stats``."""
    module = getattr(thing, "__module__", None) or type(thing).__module__
    parts = module.split(".")
    return parts[2] if module.startswith(f"{FLOORS}.") else ""


def floor_page(floor: str, names: list[str]) -> str:
    """The words of a floor, then each of its public names."""
    package = importlib.import_module(f"{FLOORS}.{floor}")
    words = inspect.getdoc(package) or floor
    title = floor.replace("_", " ").capitalize()
    entries = [f"::: {FLOORS}.{name}" for name in sorted(names, key=str.lower)]
    return "\n\n".join([f"# {title}", words, *entries, ""])


def commands_page() -> str:
    """What ``--help`` says, for the shell and for each of its commands."""
    from gemba.cli.app import app

    names = ["", *sorted(str(command.name) for command in app.registered_commands)]
    words = "The shell, in its own words. Data go to stdout, messages to stderr."
    sections = [f"## {f'gemba {name}'.strip()}\n\n```text\n{help_text(name)}\n```" for name in names]
    return "\n\n".join(["# Commands", words, *sections, ""])


def help_text(name: str) -> str:
    """The help of one command, as a terminal of 96 columns shows it."""
    command = [sys.executable, "-m", "gemba.cli", *([name] if name else []), "--help"]
    plain = {**os.environ, "COLUMNS": "96", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 (our own program)
        command, check=True, capture_output=True, text=True, encoding="utf-8", env=plain
    )
    return done.stdout.strip()
