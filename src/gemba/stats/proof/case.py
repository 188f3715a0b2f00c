"""A case: data, method and a known right answer; and the rule by which an answer passes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

Plain = float | str | bool | None
"""What a single compared figure is; whole numbers are compared as numbers."""


@dataclass(frozen=True)
class Case:
    """One case as its file states it."""

    id: str
    topic: str
    source: str
    data: Mapping[str, Any]
    options: Mapping[str, Any]
    expected: Mapping[str, Any]
    tolerance: Mapping[str, Any]
    how_obtained: str = ""
    notes: Any = None
    published: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Case:
        """A case from the text of its JSON file."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Quantity:
    """One compared figure: what was expected, what the program gave, and the verdict.

    ``relative_error`` is the deviation over the expected value, ``None`` where nothing can be divided
    (expected zero, words, lists of different length). ``used`` is the deviation as a share of what the
    tolerance allows; at most 1 passes.
    """

    name: str
    expected: Plain
    got: Plain
    passed: bool
    relative_error: float | None = None
    used: float | None = None


@dataclass(frozen=True)
class Tolerance:
    """``abs(got - expected) <= max(absolute, relative * abs(expected))`` passes."""

    relative: float
    absolute: float

    @classmethod
    def of(cls, stated: Mapping[str, Any], quantity: str) -> Tolerance:
        """The tolerance of one quantity: its own figures replace those of the case."""
        chosen = dict(stated) | dict(stated.get("per_quantity", {}).get(quantity, {}))
        return cls(float(chosen["rel"]), float(chosen["abs"]))

    def compare(self, name: str, expected: float, got: float) -> Quantity:
        """The verdict on one number."""
        off = abs(got - expected)
        allowed = max(self.absolute, self.relative * abs(expected))
        passed = off <= allowed
        used = off / allowed if allowed > 0 else (0.0 if off == 0 else math.inf)
        relative = off / abs(expected) if expected != 0 else None
        return Quantity(name, expected, got, passed, relative, used if math.isfinite(used) else None)


def read_cases(folder: Path) -> tuple[Case, ...]:
    """Every case of a folder, in the order of their names."""
    return tuple(Case.read(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))


def carried_cases() -> tuple[Case, ...]:
    """The cases that the installed program carries."""
    folder = resources.files("gemba.stats.proof") / "cases"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".json")), key=lambda f: f.name)
    return tuple(Case.read(item.read_text(encoding="utf-8")) for item in files)


def compare_case(case: Case, got: Mapping[str, Any], only: Sequence[str] = ()) -> tuple[Quantity, ...]:
    """Every expected figure of a case beside what the program gave.

    ``only`` names the quantities that are built so far, where a topic is answered in part.
    """
    names = [name for name in case.expected if not only or name in only]
    return tuple(
        figure
        for name in names
        for figure in _compare(
            name, case.expected[name], got.get(name), Tolerance.of(case.tolerance, name), case.tolerance
        )
    )


def _compare(
    name: str, expected: Any, got: Any, tolerance: Tolerance, stated: Mapping[str, Any]
) -> Iterator[Quantity]:
    if isinstance(expected, Mapping):
        inside = got if isinstance(got, Mapping) else {}
        for key, item in expected.items():
            own = Tolerance.of(stated, key) if key in stated.get("per_quantity", {}) else tolerance
            yield from _compare(f"{name}.{key}", item, inside.get(key), own, stated)
    elif _is_list(expected) or _is_list(got):
        yield from _compare_lists(name, expected, got, tolerance, stated)
    elif _is_number(expected) and _is_number(got):
        yield tolerance.compare(name, float(expected), float(got))
    else:
        yield Quantity(name, _plain(expected), _plain(got), _plain(expected) == _plain(got))


def _compare_lists(
    name: str, expected: Any, got: Any, tolerance: Tolerance, stated: Mapping[str, Any]
) -> Iterator[Quantity]:
    """Item by item; a limit that is the same for every point may stand as one number on either side."""
    if got is None:
        yield Quantity(name, _shown(expected), None, passed=False)
        return
    length = len(expected) if _is_list(expected) else len(got)
    wanted = list(expected) if _is_list(expected) else [expected] * length
    given = list(got) if _is_list(got) else [got] * length
    if len(given) != len(wanted) or not wanted:
        yield Quantity(name, _shown(wanted), _shown(given), passed=given == wanted)
        return
    for index, (want, have) in enumerate(zip(wanted, given, strict=True), start=1):
        yield from _compare(f"{name}[{index}]", want, have, tolerance, stated)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _plain(value: Any) -> Plain:
    if value is None or isinstance(value, str | bool):
        return value
    return float(value) if isinstance(value, int | float) else str(value)


def _shown(values: Any) -> str:
    return json.dumps(values, default=str)
