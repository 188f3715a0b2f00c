"""What ``import gemba.stats`` brings along: little, and nothing of the web."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from walls.tree import files, text

HEAVY = (
    *("pandas", "polars", "pyarrow", "openpyxl", "python_calamine", "xlsxwriter"),
    *("scipy.stats", "scipy.optimize", "scipy.integrate", "scipy.special", "scipy.linalg"),
    *("vl_convert", "typst", "django", "starlette", "uvicorn", "typer", "rich", "numba"),
)
MODULES_AT_MOST = 420  # NumPy, narwhals and the standard library are about 330 of them
ONE_IMPORTER = {"vl_convert": "src/gemba/stats/figures"}


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter runs the code."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(  # noqa: S603 (our own interpreter, our own words)
        command, check=False, capture_output=True, text=True, encoding="utf-8"
    )


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter holds after the statement."""
    code = f"import sys\n{statement}\nprint('\\n'.join(sorted(sys.modules)))"
    return set(python(code).stdout.split())


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    return loaded_by("import gemba.stats")


@pytest.mark.parametrize("heavy", HEAVY)
def test_the_statistics_load_nothing_heavy(loaded: set[str], heavy: str) -> None:
    assert heavy not in loaded


def test_the_statistics_load_few_modules(loaded: set[str]) -> None:
    assert len(loaded) <= MODULES_AT_MOST


def test_a_chart_of_usual_length_loads_no_compiler() -> None:
    small = "from gemba import stats as gs; gs.control_chart('i-mr', [1.0, 2.0, 4.0], rules='nelson')"
    assert "numba" not in loaded_by(small)


def test_the_version_alone_loads_no_library() -> None:
    assert not {"numpy", "scipy", "narwhals", "gemba.stats"} & loaded_by("import gemba")


def test_every_layer_of_the_product_can_be_imported_first() -> None:
    floors = {path.parent for path in files(".py", under="src/gemba/stats/") if path.name == "__init__.py"}
    names = sorted(".".join(floor.parts[1:]) for floor in floors)
    code = "import importlib, sys; importlib.import_module(sys.argv[1])"
    failed = {name: python(code, name).stderr for name in names}
    assert {name: error for name, error in failed.items() if error} == {}


@pytest.mark.parametrize(("library", "home"), ONE_IMPORTER.items())
def test_one_room_knows_the_library_that_draws(library: str, home: str) -> None:
    def speaks_of(source: str) -> bool:
        nodes = ast.walk(ast.parse(source))
        return any(
            (isinstance(node, ast.Import) and node.names[0].name == library)
            or (isinstance(node, ast.ImportFrom) and node.module == library)
            or (isinstance(node, ast.Constant) and node.value == library)
            for node in nodes
        )

    importers = [path for path in files(".py", under="src/") if speaks_of(text(path))]
    assert [str(path) for path in importers if not path.is_relative_to(home)] == []
    assert importers
