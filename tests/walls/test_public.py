"""Every public name of the statistics says what it takes, gives and raises, and shows it."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from typing import Any, get_type_hints

import pytest

from gemba.stats.results import Result

SECTION = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}$", re.MULTILINE)
EVERY_RESULT_HAS = {field.name for field in dataclasses.fields(Result)}
# Here a figure has a formula of its own; elsewhere the result's explain() names the source.
WITH_FORMULAS = ("constants", "distributions", "linear", "capability", "inference")


def public() -> dict[str, Any]:
    face = importlib.import_module("gemba.stats")
    return {name: getattr(face, name) for name in face.__all__}


FUNCTIONS = {name: thing for name, thing in public().items() if inspect.isfunction(thing)}
CLASSES = {name: thing for name, thing in public().items() if inspect.isclass(thing)}


def missing_words(function: Any) -> list[str]:
    """What the docstring of a function does not say."""
    words = inspect.getdoc(function) or ""
    sections = set(SECTION.findall(words))
    parameters = list(inspect.signature(function).parameters)
    missing = [f"parameter {name}" for name in parameters if not re.search(rf"\b{name}\b", words)]
    wanted = ["Examples", *(["Parameters"] if parameters else []), *wanted_by_code(function)]
    return missing + sorted({section for section in wanted if section not in sections})


def wanted_by_code(function: Any) -> list[str]:
    """The sections that follow from what the function gives and does."""
    gives = get_type_hints(function).get("return")
    wanted = ["Raises"] if re.search(r"^ +raise ", inspect.getsource(function), re.MULTILINE) else []
    if gives is not type(None):
        wanted.append("Returns")
    computes = function.__module__.startswith(tuple(f"gemba.stats.{floor}" for floor in WITH_FORMULAS))
    if computes and inspect.isclass(gives) and issubclass(gives, Result):
        wanted.append("Notes")
    return wanted


def unnamed_fields(kind: type) -> list[str]:
    """The public fields of a dataclass that its docstring does not name."""
    if not dataclasses.is_dataclass(kind):
        return []
    words = inspect.getdoc(kind) or ""
    fields = [field.name for field in dataclasses.fields(kind) if not field.name.startswith("_")]
    own = [name for name in fields if name not in EVERY_RESULT_HAS]
    return [name for name in own if not re.search(rf"\b{name}\b", words)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_says_what_it_takes_gives_and_raises_and_shows_it(name: str) -> None:
    assert missing_words(FUNCTIONS[name]) == []


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_says_what_it_is_and_names_its_fields(name: str) -> None:
    assert inspect.getdoc(CLASSES[name])
    assert unnamed_fields(CLASSES[name]) == []


def test_every_public_name_is_there_once_and_in_order() -> None:
    names = importlib.import_module("gemba.stats").__all__
    assert len(set(names)) == len(names)
    assert [name for name in names if name.startswith("_")] == []


def test_a_planted_silence_is_heard() -> None:
    def silent(left: float, right: float) -> float:
        """How far is left from the other?

        Parameters
        ----------
        left : float
            One.
        """
        if left > right:
            raise ValueError
        return right - left

    assert missing_words(silent) == ["parameter right", "Examples", "Raises", "Returns"]


def test_a_planted_field_without_words_is_seen() -> None:
    @dataclasses.dataclass
    class Half:
        """Has a ``width``."""

        width: float
        height: float

    assert unnamed_fields(Half) == ["height"]
