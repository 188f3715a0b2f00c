"""Slices meet through services and queries; only the store asks which database it is."""

from __future__ import annotations

import ast
from pathlib import Path

from walls.tree import files, imported, text

QUALITY = Path("src/gemba/quality")
STORE = QUALITY / "records" / "store"
CHAPTERS = {"planning", "control", "assurance", "improvement"}
TEST_MATERIAL = {"factory.py"}  # makes whatever a test needs, people too


def slice_of(path: Path) -> str:
    """The slice that a file belongs to, as a module; empty for the loop and the chapters themselves."""
    parts = path.relative_to(QUALITY).parts[:-1]
    depth = 2 if parts and parts[0] in CHAPTERS else 1
    return ".".join(("gemba", "quality", *parts[:depth])) if len(parts) >= depth else ""


def foreign_models(path: Path, tree: ast.AST) -> list[str]:
    """The models of other slices that a file of a slice imports; those of the kernel are everybody's."""
    own = slice_of(path)
    found = []
    for line, name in imported(tree):
        parts = name.split(".")
        if parts[:2] != ["gemba", "quality"] or "models" not in parts:
            continue
        home = ".".join(parts[: parts.index("models")])
        within = home == own or home.startswith(f"{own}.")  # a room of the slice, such as people.parties
        if not within and home != "gemba.quality.records":
            found.append(f"line {line}: {name}")
    return found


def asks_for_the_database(tree: ast.AST) -> list[str]:
    """Where a module asks which database it is."""
    asked = [
        f"line {node.lineno}: .vendor"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "vendor"
    ]
    return asked + [f"line {line}: {name}" for line, name in imported(tree) if name.endswith(".grown")]


def test_a_slice_never_imports_the_models_of_another_one() -> None:
    paths = [path for path in files(".py", under=f"{QUALITY.as_posix()}/") if path.name not in TEST_MATERIAL]
    found = {str(path): foreign_models(path, ast.parse(text(path))) for path in paths if slice_of(path)}
    assert {path: names for path, names in found.items() if names} == {}


def test_only_the_store_asks_which_database_it_is() -> None:
    paths = [path for path in files(".py", under="src/gemba/") if not path.is_relative_to(STORE)]
    found = {str(path): asks_for_the_database(ast.parse(text(path))) for path in paths}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_both_are_seen() -> None:
    own, other = (QUALITY / "control" / name / "services.py" for name in ("collecting", "monitoring"))
    tree = ast.parse("from gemba.quality.control.collecting.models import Stream")
    assert foreign_models(own, tree) == []
    assert foreign_models(other, tree) == ["line 1: gemba.quality.control.collecting.models.Stream"]
    kernel = ast.parse("from gemba.quality.records.models import Header")
    assert foreign_models(other, kernel) == []
    assert slice_of(QUALITY / "loop.py") == ""
    assert slice_of(QUALITY / "people" / "queries.py") == "gemba.quality.people"
    asked = ast.parse("from gemba.quality.records.store.elsewhere import grown\nconnection.vendor == 'x'")
    assert asks_for_the_database(asked) == [
        "line 2: .vendor",
        "line 1: gemba.quality.records.store.elsewhere.grown",
    ]
