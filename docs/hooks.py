"""The rooms of the documentation in order, and its reference from the code."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

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
GALLERY = importlib.import_module("gallery")  # beside this file
PICTURES = Path(__file__).parent / "pictures"
TAKEN = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<place>[./]*pictures/(?P<name>[a-z0-9-]+))\.webp\)")


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
    """A page shows the lifecycle of a record type, or what follows from what, from the tables obeyed.

    A picture that was taken in the dark too is shown as the page is.
    """
    markdown = TAKEN.sub(with_dark, markdown)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gemba.server.settings")
    os.environ.setdefault("GEMBA_DATA", tempfile.mkdtemp(prefix="gemba-docs-"))
    import django

    django.setup()
    filled: str = importlib.import_module("gemba.server.manual").filled(markdown)
    return filled


def with_dark(found: re.Match[str]) -> str:
    """A picture of the product; two where the folder holds one taken in the dark."""
    light, words, place = found[0], found["words"], found["place"]
    if not (PICTURES / f"{found['name']}-dark.webp").exists():
        return light
    return f"![{words}]({place}.webp#only-light)![{words}]({place}-dark.webp#only-dark)"


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
