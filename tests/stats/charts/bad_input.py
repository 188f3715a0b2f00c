"""The table of bad input: for each kind of chart good data, and each fault that can be made of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from gemba.stats.charts.kind import Kind

COUNTS = [3, 5, 2, 4, 6, 3, 4, 2, 5, 4, 3, 6]
VALUES = [5.1, 4.7, 5.4, 4.9, 5.2, 4.6, 5.3, 4.8, 5.0, 5.5, 4.4, 5.6]
OTHER = [2.2, 3.1, 2.6, 1.9, 3.4, 2.8, 2.1, 3.0, 2.4, 2.9, 3.3, 2.0]
SIZES = [50.0] * 12
GROUPS = [number // 3 for number in range(12)]
NOTHING = [None] * 12


class Given(NamedTuple):
    """Columns and what they are; ``sized`` is the column of sizes."""

    frame: dict[str, Any]
    asked: dict[str, Any]


def good(kind: Kind[Any]) -> Given:
    """Data of which the kind draws a chart."""
    if kind.layout == "vectors":
        asked: dict[str, Any] = {"value": ["y", "z"]} | ({"size": 3} if kind.name == "gv" else {})
        return Given({"y": VALUES, "z": OTHER}, asked)
    if kind.counted:
        sized = {"n": "n"} if kind.layout == "defectives" or kind.name in ("u", "laney-u") else {}
        return Given({"y": COUNTS, "n": SIZES}, {"value": "y"} | sized)
    beside: dict[str, Any] = {
        "subgroups": {"subgroup": "g"},
        "deviations": {"nominal": 5.0},
        "runs": {"part": "g"},
    }
    return Given({"y": VALUES, "g": GROUPS}, {"value": "y"} | beside.get(kind.layout, {}))


def changed(given: Given, row: int, value: Any, column: str = "y") -> Given:
    """One cell replaced; ``row`` counts from 1."""
    cells = [*given.frame[column]]
    cells[row - 1] = value
    return given._replace(frame=given.frame | {column: cells})


def cut(given: Given, rows: int) -> Given:
    return given._replace(frame={name: cells[:rows] for name, cells in given.frame.items()})


def too_few(kind: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    """One point alone shows no spread; counts have their sigma from the mean."""
    if not kind.counted or kind.name.startswith("laney"):
        yield cut(given, 3 if "subgroup" in given.asked or "size" in given.asked else 1), ""


def one_value(kind: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    """Subgroups of one."""
    if kind.layout == "subgroups":
        yield given._replace(frame=given.frame | {"g": list(range(12))}), "one value"
    if kind.name == "gv":
        yield given._replace(asked=given.asked | {"size": 1}), "subgroups of 1"


def zero_denominator(_: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    if given.asked.get("n") == "n":
        yield changed(changed(given, 4, 0), 4, 0, "n"), "row 4"


def above_size(kind: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    if kind.layout == "defectives":
        yield changed(given, 4, 51), "row 4: 51 defective items of 50"


def negative(kind: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    if kind.counted:
        yield changed(given, 4, -1), "row 4: the count -1 is negative"


def broken(kind: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    if kind.counted:
        yield changed(given, 4, 2.5), "row 4: the count 2.5 is not a whole number"


def missing(_: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    yield given._replace(frame=given.frame | {"y": NOTHING}), ""


def infinite(_: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    yield changed(given, 4, math.inf), "row 4"


def no_number(_: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    yield changed(given, 4, "5,1"), "row 4: '5,1' is not a number"


def singular(kind: Kind[Any], given: Given) -> Iterator[tuple[Given, str]]:
    """Two columns that say the same; the variables are named."""
    if kind.layout == "vectors" and kind.name not in ("regression", "pca"):
        yield given._replace(frame=given.frame | {"z": [2 * value for value in VALUES]}), "y, z"


BAD: tuple[Callable[[Kind[Any], Given], Iterator[tuple[Given, str]]], ...] = (
    *(too_few, one_value, zero_denominator, above_size, negative, broken),
    *(missing, infinite, no_number, singular),
)


def bad_inputs(kind: Kind[Any]) -> list[tuple[str, Given, str]]:
    """Each fault of a kind: its name, the data, and what the refusal says among other things."""
    return [(fault.__name__, *item) for fault in BAD for item in fault(kind, good(kind))]
