"""Small files, small functions, rooms with a name of their own."""

from __future__ import annotations

import ast
from pathlib import Path

from walls.tree import files, text

LONGEST_FILE = 400
LONGEST_FILE_OF_STATISTICS = 600
LONGEST_BODY = 40
ROOMS_WITHOUT_A_NAME = {"utils", "util", "helpers", "helper", "core", "common", "misc"}


def allowed_lines(path: Path) -> int:
    return LONGEST_FILE_OF_STATISTICS if path.is_relative_to("src/gemba/stats") else LONGEST_FILE


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's body, its docstring not counted."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def long_bodies(source: str) -> list[str]:
    return [
        f"{node.name}: {body_lines(node)} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > LONGEST_BODY
    ]


def test_no_file_is_too_long_to_be_read_at_a_sitting() -> None:
    lengths = {path: len(text(path).splitlines()) for path in files(".py", ".sh")}
    assert {str(path): found for path, found in lengths.items() if found > allowed_lines(path)} == {}


def test_no_function_is_too_long_to_be_seen_at_once() -> None:
    found = {str(path): long_bodies(text(path)) for path in files(".py")}
    assert {path: bodies for path, bodies in found.items() if bodies} == {}


def test_no_room_is_called_by_nothing_in_particular() -> None:
    rooms = [path for path in files(".py") if ROOMS_WITHOUT_A_NAME & {*path.parts, path.stem}]
    assert rooms == []


def test_a_body_of_41_lines_is_seen_and_its_docstring_is_not_counted() -> None:
    docstring = '    """One\n\n    two.\n    """\n'
    assert long_bodies(f"def f():\n{docstring}" + "    x = 1\n" * 40) == []
    assert long_bodies(f"def f():\n{docstring}" + "    x = 1\n" * 41) == ["f: 41 lines"]
