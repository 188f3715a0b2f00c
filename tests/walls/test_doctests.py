"""Every example in a docstring and in the manual runs and gives what it shows."""

from __future__ import annotations

import doctest
import importlib
import re
import shutil
import warnings
from pathlib import Path

import pytest

from walls.tree import ROOT, files, text

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
EXAMPLE = re.compile(r"^ *>>> ", re.MULTILINE)
MODULES = [path for path in files(".py", under="src/gemba/") if EXAMPLE.search(text(path))]
PAGES = [path for path in (Path("README.md"), *files(".md", under="docs/")) if EXAMPLE.search(text(path))]


def module_name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts[1:]).removesuffix(".__init__")


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples run where they may write, with the example data at hand."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_the_examples_of_the_module_run(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done = doctest.testmod(importlib.import_module(module_name(path)), optionflags=FLAGS)
    assert done.attempted > 0
    assert done.failed == 0


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_the_examples_of_the_page_run(path: Path) -> None:
    done = doctest.testfile(str(ROOT / path), module_relative=False, optionflags=FLAGS, encoding="utf-8")
    assert done.attempted > 0
    assert done.failed == 0
