"""What the gallery draws of control charts: a sentence, whose data, and how, for each kind."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gemba import stats as gs
from gemba.stats.proof import carried_cases

CASES = {case.id: case for case in carried_cases()}
EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "data"
MONTGOMERY = "Montgomery, *Introduction to Statistical Quality Control*"
NIST = "NIST/SEMATECH *e-Handbook of Statistical Methods*"
SIMULATED = "simulated, with a fixed seed"


def data(case: str) -> Any:
    """The data of a carried case."""
    return CASES[case].data


def option(case: str, name: str) -> Any:
    """An option of a carried case."""
    return CASES[case].options[name]


def long(groups: list[list[float]]) -> dict[str, list[Any]]:
    """Subgroups as rows."""
    rows = [(value, number) for number, group in enumerate(groups, start=1) for value in group]
    return {"value": [value for value, _ in rows], "subgroup": [number for _, number in rows]}


def example(name: str) -> dict[str, list[Any]]:
    """An example file as columns."""
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: [_number(row[key]) for row in rows] for key in rows[0]}


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def of_case(kind: str, case: str, called: str | None = None, **asked: Any) -> Callable[[], gs.ControlChart]:
    """A chart of a case whose data are columns, or one list."""
    held = data(case)
    if called is None:
        return lambda: gs.control_chart(kind, held, **asked)
    frame = {called: next(iter(held.values()))}
    return lambda: gs.control_chart(kind, frame, value=called, **asked)


def of_groups(kind: str, case: str, **asked: Any) -> Callable[[], gs.ControlChart]:
    """A chart of the subgroups of a case."""
    frame = long(data(case)["subgroups"])
    return lambda: gs.control_chart(kind, frame, value="value", subgroup="subgroup", **asked)


def furnace(kind: str, **asked: Any) -> Callable[[], gs.ControlChart]:
    """A chart of the furnace runs among the examples."""
    return lambda: gs.control_chart(kind, example("furnace.csv"), value="thickness", subgroup="run", **asked)


def several(kind: str) -> Callable[[], gs.ControlChart]:
    """A chart of subgroups of rows."""
    rows = [
        (number, *row)
        for number, group in enumerate(data("own-chart-generalized-variance-1")["groups"], start=1)
        for row in group
    ]
    number, *columns = zip(*rows, strict=True)
    names = [f"x{place}" for place in range(1, len(columns) + 1)]
    frame = dict(zip(names, map(list, columns), strict=True)) | {"group": list(number)}
    return lambda: gs.control_chart(kind, frame, value=names, subgroup="group")


def known(kind: str, values: list[float], mean: float, sigma: float, **design: Any) -> Callable[[], Any]:
    """A chart by known parameters."""
    return lambda: gs.judge(gs.known_limits(kind, mean=mean, sigma=sigma, **design), values)


BOARDS = "ref-chart-cusum-montgomery"
TABLE_9_1 = f"{MONTGOMERY}, table 9.1"
ORANGE = f"{MONTGOMERY}, cans of frozen orange juice"
FURNACE = "thickness of wafers from a furnace, among the examples"
RINGS = f"{MONTGOMERY}, piston rings, with sizes made unequal"

CHARTS: dict[str, tuple[str, str, Callable[[], Any]]] = {
    "xbar-r": (
        "Means stray between runs while the spread inside them stays.",
        FURNACE,
        furnace("xbar-r", rules="platform"),
    ),
    "xbar-s": (
        "Unequal subgroups have stepped limits.",
        RINGS,
        of_groups("xbar-s", "ref-chart-xbar-s-unequal"),
    ),
    "i-mr": (
        "Ten single values: the moving range below tells sudden jumps.",
        f"{NIST}, section 6.3.2.2, flow rate",
        of_case("i-mr", "ref-chart-imr-nist-flowrate", "flow rate"),
    ),
    "median": (
        "The middle value of each subgroup: a wild value in one hardly moves it.",
        FURNACE,
        furnace("median"),
    ),
    "r": ("The ranges alone.", FURNACE, furnace("r")),
    "s": (
        "The standard deviations alone, here of unequal subgroups.",
        RINGS,
        of_groups("s", "ref-chart-xbar-s-unequal"),
    ),
    "mr": (
        "The moving ranges alone.",
        f"{NIST}, section 6.3.2.2, flow rate",
        of_case("mr", "ref-chart-imr-nist-flowrate", "flow rate"),
    ),
    "levey-jennings": (
        "A control material in a laboratory, by the standard deviation of all values.",
        SIMULATED,
        of_case("levey-jennings", "own-chart-levey-jennings-1", "control material"),
    ),
    "i-mr-r": (
        "Batches that differ by nature: between, and within, each by its own variation.",
        FURNACE,
        furnace("i-mr-r"),
    ),
    "i-mr-s": (
        "The same with standard deviations, for large batches.",
        SIMULATED,
        of_groups("i-mr-s", "own-chart-between-within-2"),
    ),
    "p": (
        "The share of defectives of lots of different size.",
        f"{MONTGOMERY}, purchase orders",
        of_case("p", "ref-chart-p-variable-n", value="defectives", n="sizes"),
    ),
    "np": (
        "Defectives of lots of one size, as they are counted.",
        ORANGE,
        lambda: gs.control_chart(
            "np", {"defectives": data("ref-chart-np-orangejuice")["defectives"]}, value="defectives", n=50
        ),
    ),
    "c": (
        "Defects on items that are alike.",
        f"{NIST}, section 6.3.3.1, wafers",
        of_case("c", "ref-chart-c-nist-wafers", "defects"),
    ),
    "u": (
        "Defects per unit where the number of units differs.",
        SIMULATED,
        of_case("u", "own-chart-u-1", value="counts", n="sizes"),
    ),
    "laney-p": (
        "Large lots that scatter more than chance has it: the limits follow how they really scatter.",
        SIMULATED,
        of_case("laney-p", "own-chart-laney-p-1", value="defectives", n="sizes"),
    ),
    "laney-u": (
        "The same for defects per unit.",
        f"{MONTGOMERY}, dyed cloth",
        of_case("laney-u", "ref-chart-laney-u", value="counts", n="sizes"),
    ),
    "g": (
        "Good items between two rare events: a long gap is good news, a signal above.",
        SIMULATED,
        of_case("g", "own-chart-g-1", "items"),
    ),
    "t": (
        "Time between rare failures.",
        f"{MONTGOMERY}, failures of a valve",
        of_case("t", "ref-chart-t-valve", "hours"),
    ),
    "ewma": (
        "A shift of one sigma after point 20 is found after nine more points; the limits widen first.",
        TABLE_9_1,
        known("ewma", data(BOARDS)["values"], 10, 1, lam=0.1, L=2.7),
    ),
    "cusum": (
        "The same data: the upper sum rises from the shift on.",
        TABLE_9_1,
        known("cusum", data(BOARDS)["values"], 10, 1),
    ),
    "ma": (
        "The same data: the average of five neighbours.",
        TABLE_9_1,
        of_case("ma", "ref-chart-ma-montgomery", "value", span=5, mean=10, sigma=1),
    ),
    "zone": (
        "Scores add up until the mean is crossed; eight is a signal.",
        SIMULATED,
        known("zone", data("own-chart-zone-1")["values"], 10, 1),
    ),
    "t2": (
        "Three variables that go together: a row against the grain is out while each variable alone is in.",
        SIMULATED,
        lambda: gs.control_chart("t2", np.array(data("own-chart-t2-1")["rows"])),
    ),
    "mewma": (
        "A small shift of two variables together.",
        f"{MONTGOMERY}, chemical process",
        lambda: gs.control_chart(
            "mewma",
            np.array(data("ref-chart-mewma-chemical")["rows"]),
            lam=0.1,
            h=8.66,
            mean=[9.955, 20.0],
            covariance=option("ref-chart-mewma-chemical", "cov"),
        ),
    ),
    "pca": (
        "Four variables that follow from two: T² tells a shift along them, SPE one that breaks the pattern.",
        SIMULATED,
        lambda: gs.control_chart("pca", np.array(data("own-chart-components-1")["rows"]), components=2),
    ),
    "regression": (
        "A tool wears: the limits rise with the hours, and only what leaves them is a signal.",
        SIMULATED,
        lambda: gs.control_chart(
            "regression",
            dict(
                zip(
                    ("diameter", "hour"),
                    zip(*data("own-chart-regression-1")["rows"], strict=True),
                    strict=True,
                )
            ),
            value=["diameter", "hour"],
        ),
    ),
    "residual": (
        "Each value resembles the one before: what the forecast leaves over is judged.",
        SIMULATED,
        of_case("residual", "own-chart-residual-1", "level"),
    ),
    "gv": ("The spread of several variables together.", SIMULATED, several("gv")),
    "difference": (
        "Several parts on one chart, each as its difference from the nominal.",
        SIMULATED,
        of_case("difference", "own-chart-difference-1", value="values", nominal="nominals"),
    ),
    "z-mr": (
        "Several parts of unlike spread, each in its own standard deviations.",
        SIMULATED,
        of_case("z-mr", "own-chart-z-mr-1", value="values", part="parts"),
    ),
}
"""Kind -> sentence, whose data, and how it is drawn. A kind that is not here is drawn from simulated data."""


def simulated(kind: str, layout: str) -> Any:
    """A chart of any kind from data that its layout takes."""
    chance = np.random.default_rng(20_261_128)
    groups = chance.normal(10, 1, (25, 5))
    groups[17] += 2.2
    counts = chance.poisson(6, 25).astype(float)
    if layout in ("subgroups", "means"):
        return gs.control_chart(kind, groups)
    if layout == "vectors":
        return gs.control_chart(kind, groups[:, :3])
    if layout == "defectives":
        return gs.control_chart(kind, {"x": counts, "n": np.full(25, 80.0)}, value="x", n="n")
    if layout in ("defects", "gaps"):
        return gs.control_chart(kind, counts)
    return gs.control_chart(kind, groups.ravel()[:40])
