"""Laws that hold on any data, tried on data generated with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from gemba.stats.capability import Capability, capability
from gemba.stats.charts import ChartState, ControlChart, Limits, control_chart, judge, start, step
from gemba.stats.charts.rules import NELSON
from gemba.stats.proof.case import Plain, Quantity, Tolerance
from gemba.stats.proof.check import Check, check_item
from gemba.stats.results import Floats

SEED = 20260301
NEAR = Tolerance(1e-9, 1e-12)
POINTS = 400
SIZE = 5

Pair = tuple[str, Plain, Plain]
Law = Callable[[], Iterator[Pair]]


def check_invariances() -> tuple[Check, ...]:
    """Every law, as a checked item."""
    return tuple(
        check_item(f"law-{name}", "invariance", topic, (law.__doc__ or "").strip(), partial(_tried, law))
        for name, topic, law in LAWS
    )


def _tried(law: Law) -> list[Quantity]:
    return [_compare(name, expected, got) for name, expected, got in law()]


def _compare(name: str, expected: Plain, got: Plain) -> Quantity:
    if isinstance(expected, float) and isinstance(got, float):
        return NEAR.compare(name, expected, got)
    return Quantity(name, expected, got, expected == got)


def _groups() -> Floats:
    """Subgroups with a shift, a drift and a wide one, so that rules have something to find."""
    chance = np.random.default_rng(SEED)
    groups = chance.normal(10.0, 0.5, (POINTS, SIZE))
    groups[100:130] += 0.6
    groups[200:215] += np.linspace(0, 0.9, 15)[:, None]
    groups[300] *= 1.4
    return groups


def _signals(chart: ControlChart) -> str:
    found = [f"{v.panel}/{v.rule}:{v.fired[0]}-{v.fired[-1]}({len(v.points)})" for v in chart.violations]
    return " ".join(found)


def _chart(values: Floats, kind: str = "xbar-r") -> ControlChart:
    flat = values.ravel() if kind in ("i-mr", "levey-jennings") else values
    return control_chart(kind, flat, rules=NELSON)


def _lines(chart: ControlChart) -> dict[str, float]:
    return {
        f"{panel.name} {line}": float(getattr(panel, line)[1])
        for panel in chart.panels
        for line in ("center", "lcl", "ucl")
    }


def shift() -> Iterator[Pair]:
    """Adding a constant moves the lines of location by it, and changes nothing else."""
    for kind in ("xbar-r", "xbar-s", "i-mr", "median", "levey-jennings", "s"):
        before, after = _chart(_groups(), kind), _chart(_groups() + 1000.0, kind)
        place = before.panels[0].name if kind != "s" else "none"
        for name, line in _lines(before).items():
            moved = line + 1000.0 if name.startswith(f"{place} ") else line
            yield f"{kind} {name}", moved, _lines(after)[name]
        yield f"{kind} signals", _signals(before), _signals(after)


def scale() -> Iterator[Pair]:
    """Another unit multiplies every line, and changes no signal."""
    for kind in ("xbar-r", "xbar-s", "i-mr", "median", "levey-jennings", "s"):
        before, after = _chart(_groups(), kind), _chart(_groups() * 25.4, kind)
        for name, line in _lines(before).items():
            yield f"{kind} {name}", line * 25.4, _lines(after)[name]
        yield f"{kind} signals", _signals(before), _signals(after)


def order() -> Iterator[Pair]:
    """The order of the values in a subgroup is nothing; the order of subgroups does not move a limit."""
    chance = np.random.default_rng(SEED + 1)
    groups = _groups()
    within, between = chance.permuted(groups, axis=1), chance.permutation(groups)
    for kind in ("xbar-r", "xbar-s", "median", "r"):
        plain = _chart(groups, kind)
        for name, line in _lines(plain).items():
            yield f"{kind} {name}, values reordered", line, _lines(_chart(within, kind))[name]
            yield f"{kind} {name}, subgroups reordered", line, _lines(_chart(between, kind))[name]
        yield f"{kind} signals, values reordered", _signals(plain), _signals(_chart(within, kind))


def fold() -> Iterator[Pair]:
    """Judged point by point, with the state stored half way, every rule fires where it fires all at once."""
    counts = np.random.default_rng(SEED + 2).poisson(6.0, POINTS).astype(np.float64)
    counts[200:240] += 4
    sizes = 80.0 + 10.0 * (np.arange(POINTS) % 4)
    attributes = {"x": counts, "n": sizes}
    points: dict[str, tuple[Any, Mapping[str, Any], list[Any]]] = {
        "xbar-r": (_groups(), {}, _groups().tolist()),
        "xbar-s": (_groups(), {}, _groups().tolist()),
        "i-mr": (_groups().ravel(), {}, _groups().ravel().tolist()),
        "i-mr-r": (_groups(), {}, _groups().tolist()),
        "laney-u": (attributes, {"value": "x", "n": "n"}, list(zip(counts, sizes, strict=True))),
        "g": (counts, {}, counts.tolist()),
        "t": (counts, {}, counts.tolist()),
        "ewma": (_groups().ravel(), {}, _groups().ravel().tolist()),
        "cusum": (_groups(), {}, _groups().tolist()),
        "ma": (_groups(), {}, _groups().tolist()),
        "median": (_groups(), {}, _groups().tolist()),
        "r": (_groups(), {}, _groups().tolist()),
        "s": (_groups(), {}, _groups().tolist()),
        "mr": (_groups().ravel(), {}, _groups().ravel().tolist()),
        "levey-jennings": (_groups().ravel(), {}, _groups().ravel().tolist()),
        "zone": (_groups(), {}, _groups().tolist()),
        "t2": (_groups(), {}, _groups().tolist()),
        "mewma": (_groups(), {}, _groups().tolist()),
        "mcusum": (_groups(), {}, _groups().tolist()),
        "pca": (_groups(), {"components": 2}, _groups().tolist()),
        "regression": (_groups(), {}, _groups().tolist()),
        "residual": (_groups().ravel(), {}, _groups().ravel().tolist()),
        "c": (counts, {}, counts.tolist()),
        "u": (attributes, {"value": "x", "n": "n"}, list(zip(counts, sizes, strict=True))),
        "p": (attributes, {"value": "x", "n": "n"}, list(zip(counts, sizes, strict=True))),
    }
    for kind, (frame, columns, stream) in points.items():
        limits = control_chart(kind, frame, **columns).limits
        read = {name: column for name, column in columns.items() if name != "components"}
        batch = judge(limits, frame, rules=NELSON, **read)
        for panel in batch.panels:
            at_once = batch.violations.codes_at(panel.name)
            yield f"{kind} {panel.name}", str(at_once), str(_folded(limits, stream, panel.name))


def _folded(limits: Limits, stream: list[Any], panel: str) -> dict[int, tuple[str, ...]]:
    state, found = start(limits, NELSON), {}
    for number, point in enumerate(stream, start=1):
        if number == len(stream) // 2:
            state = ChartState.from_dict(state.to_dict())
        state, judgement = step(limits, state, point)
        mark = next(mark for mark in judgement.marks if mark.panel == panel)
        if mark.fired:
            found[number] = mark.fired
    return found


def mirrored() -> Iterator[Pair]:
    """Turning the sign of everything exchanges the lower and the upper index and keeps the others."""
    values = _groups().ravel()
    plain = _study(values, 8.0, 11.5, 10.0)
    turned = _study(-values, -11.5, -8.0, -10.0)
    for name, other in (("cp", "cp"), ("cpl", "cpu"), ("cpu", "cpl"), ("cpk", "cpk"), ("cpm", "cpm")):
        yield f"{name} and {other}", getattr(plain, name), getattr(turned, other)
    yield "ppm expected", plain.ppm_overall.total, turned.ppm_overall.total


def study_units() -> Iterator[Pair]:
    """Shift and scale of values and limits together change no index, no interval and no ppm."""
    values = _groups().ravel()
    plain = _study(values, 8.0, 11.5, 10.0)
    other = _study(values * 25.4 + 100, 8.0 * 25.4 + 100, 11.5 * 25.4 + 100, 10.0 * 25.4 + 100)
    for name in ("cp", "cpk", "pp", "ppk", "cpm"):
        yield name, getattr(plain, name), getattr(other, name)
        yield f"{name} lower bound", plain.intervals[name].lower, other.intervals[name].lower
    yield "ppm expected", plain.ppm_overall.total, other.ppm_overall.total
    yield "ppm observed", plain.ppm_observed.total, other.ppm_observed.total


def _study(values: Floats, lsl: float, usl: float, target: float) -> Capability:
    return capability(values, size=SIZE, lsl=lsl, usl=usl, target=target)


LAWS: tuple[tuple[str, str, Law], ...] = (
    ("shift", "charts", shift),
    ("scale", "charts", scale),
    ("order", "charts", order),
    ("batch-is-fold", "charts", fold),
    ("mirror", "capability.normal", mirrored),
    ("units", "capability.normal", study_units),
)
