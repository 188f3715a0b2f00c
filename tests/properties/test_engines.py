"""The fast engine answers as NumPy does: the same signals, statistics to 1e-9 relative.

"The same" is asked of data further than 1e-9 sigma from every border; only series with a point as near are
passed over.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemba import stats as gs
from gemba.stats.charts.rules import find_violations

SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NEAR = 1e-9
CASES = Path(gs.__file__).parent / "proof" / "cases"


@st.composite
def series(draw: st.DrawFn, smallest: int = 2) -> Any:
    """Values with or without gaps, ties, a shift, a far origin, or none of them different."""
    rows = draw(st.integers(smallest, 300))
    noise = np.random.default_rng(draw(st.integers(0, 10_000)))
    kind = draw(st.sampled_from(["plain", "ties", "shifted", "constant", "far"]))
    values = noise.normal(0.0, 1.2, rows)
    if kind == "ties":
        values = np.round(values * 2) / 2
    elif kind == "shifted":
        values += np.where(np.arange(rows) > rows // 2, 2.0, 0.0)
    elif kind == "constant":
        values = np.full(rows, 3.5)
    elif kind == "far":
        values += 1e9
    if draw(st.booleans()) and rows > 8:
        values = np.where(noise.random(rows) < 0.1, np.nan, values)
        # Two values a billion below the others make phi nearly 1 and the mean a quotient of rounding.
        values[:2] = np.array([1.0, 2.5]) + (1e9 if kind == "far" else 0.0)
    return values


def both(kind: str, data: Any, **more: Any) -> tuple[gs.ControlChart, gs.ControlChart]:
    plain, compiled = (
        gs.control_chart(kind, data, engine=name, rules="nelson", **more) for name in ("numpy", "fast")
    )
    assert compiled.engine == f"{plain.engine}, fast"
    return plain, compiled


def same(plain: gs.ControlChart, compiled: gs.ControlChart) -> None:
    near = False
    for a, b in zip(plain.panels, compiled.panels, strict=True):
        scale = np.nanmax(np.abs(np.append(a.points, 1e-300)))
        for name in ("points", "center", "lcl", "ucl", "sigma"):
            one, other = getattr(a, name), getattr(b, name)
            np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-12 * scale, err_msg=f"{a.name} {name}")
        near = near or is_near(a)
    if not near:
        assert compiled.violations == plain.violations


def is_near(panel: Any) -> bool:
    """Whether a point lies so near a border, but not on it, that rounding decides."""
    with np.errstate(invalid="ignore"):
        unit = np.where(panel.sigma > 0, panel.sigma, np.abs(panel.ucl - panel.center) / 3)
        borders = [panel.lcl, panel.ucl, *(panel.center + s * unit for s in (-2, -1, 0, 1, 2))]
        return any(bool((np.abs(panel.points - border) < NEAR * unit).any()) for border in borders)


ALONE: Mapping[str, Mapping[str, Any]] = {
    "i-mr": {},
    "ewma": {},
    "ewma limits": {"limits": "asymptotic", "lam": 0.4},
    "cusum": {},
    "cusum fir": {"fir": 2.5, "after": "reset"},
    "ma": {"span": 4},
    "zone": {},
    "residual": {},
    "residual averages": {"model": "ima"},
}


@pytest.mark.parametrize("name", ALONE)
@SETTINGS
@given(values=series())
def test_single_values(name: str, values: Any) -> None:
    kind = name.partition(" ")[0]
    try:
        pair = both(kind, values, **ALONE[name])
    except gs.DataError:  # without spread, or too few pairs to learn from, whatever the engine
        assert kind in ("zone", "residual")
        return
    same(*pair)


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s", "ewma", "cusum", "ma", "i-mr-r", "i-mr-s"])
@SETTINGS
@given(values=series(smallest=12), size=st.sampled_from([2, 5, 11]))
def test_subgroups_of_equal_and_of_unequal_size(kind: str, values: Any, size: int) -> None:
    try:
        pair = both(kind, values, size=size)
    except gs.DataError:  # too little for this kind, whatever the engine
        return
    same(*pair)


@pytest.mark.parametrize("kind", ["p", "np", "c", "u"])
@SETTINGS
@given(seed=st.integers(0, 10_000), rows=st.integers(2, 200))
def test_counts(kind: str, seed: int, rows: int) -> None:
    noise = np.random.default_rng(seed)
    n = noise.integers(50, 120, rows)
    frame: dict[str, Any] = {"k": noise.binomial(50, 0.2, rows).astype(float), "n": n}
    frame["k"][rows // 3] = np.nan if rows > 6 else 4
    same(*both(kind, frame, value="k", **({"n": 50} if kind == "np" else {"n": "n"} if kind in "pu" else {})))


@pytest.mark.parametrize("kind", ["t2", "mewma", "mcusum"])
@SETTINGS
@given(seed=st.integers(0, 10_000), rows=st.integers(12, 150), width=st.integers(2, 5), gaps=st.booleans())
def test_several_variables(kind: str, seed: int, rows: int, width: int, gaps: bool) -> None:
    noise = np.random.default_rng(seed)
    data = noise.normal(5.0, 1.0, (rows, width)) @ (np.eye(width) + 0.3)
    if gaps:
        data[rows // 2, 0] = np.nan
    same(*both(kind, data, **({"after": "reset"} if kind == "mcusum" and seed % 2 else {})))


@SETTINGS
@given(
    values=series(smallest=1),
    k=st.integers(2, 90),
    crowd=st.tuples(st.integers(1, 60), st.integers(1, 100)),
    moves=st.integers(3, 12),
    stepped=st.booleans(),
)
def test_rules_of_any_count_on_level_and_on_stepped_lines(
    values: Any, k: int, crowd: tuple[int, int], moves: int, stepped: bool
) -> None:
    of = max(crowd)
    rules = gs.RuleSet("own", (
        gs.Rule("a", "beyond", 1),
        gs.Rule("b", "same_side", k),
        gs.Rule("c", "trend", moves, counts="moves"),
        gs.Rule("d", "alternating", moves),
        gs.Rule("e", "zone", min(crowd), of=of, sigma=0.7),
        gs.Rule("f", "within", k, sigma=1.1),
        gs.Rule("g", "outside", min(crowd), of=of, sigma=0.4),
        gs.Rule("h", "beyond", 2, of=3),
    ))  # fmt: skip
    count = len(values)
    wave = 0.2 * np.sin(np.arange(count)) if stepped else np.zeros(count)
    sigma = np.where(np.arange(count) % 17 == 5, 0.0, 1.0) if stepped else np.ones(count)
    lines = (wave, sigma, wave - 2, wave + 2)
    plain = find_violations("i", values, *lines, rules)
    with gs_engine():
        assert find_violations("i", values, *lines, rules) == plain


def gs_engine() -> Any:
    from gemba.stats.kernels import working

    return working("fast", 0)


def test_an_infinite_value_is_refused_before_an_engine_sees_it() -> None:
    with pytest.raises(gs.DataError, match="infinite"):
        gs.control_chart("i-mr", [1.0, np.inf], engine="fast")


@pytest.mark.parametrize("engine", ["numpy", "fast"])
def test_an_offset_of_1e9_keeps_8_digits_of_sigma(engine: Any) -> None:
    values = np.round(np.random.default_rng(3).normal(0, 1, 500) * 1024) / 1024  # exact at 1e9 too
    for kind, more in (("i-mr", {}), ("xbar-r", {"size": 5}), ("xbar-s", {"size": 10})):
        near, far = (
            gs.control_chart(kind, values + offset, engine=engine, **more).limits.sigma  # type: ignore[arg-type]
            for offset in (0.0, 1e9)
        )
        assert far == pytest.approx(near, rel=1e-8)
    exact = float(sum(map(Fraction, (values + 1e9).tolist())) / len(values))
    assert gs.control_chart("i-mr", values + 1e9, engine=engine).limits.mean == exact


@pytest.mark.parametrize("name", ["michelso", "numacc1", "numacc2", "numacc3"])
def test_the_loops_reach_the_certified_digits_of_nist(name: str) -> None:
    """NIST StRD, univariate summary statistics; the doubles of numacc3 allow ten digits of sigma."""
    case = json.loads((CASES / f"ref-strd-{name}.json").read_text(encoding="utf-8"))
    told = gs.screen({"y": case["data"]["values"]}, engine="fast").measures
    assert told.mean[0] == pytest.approx(case["expected"]["mean"], rel=1e-15)
    assert told.overall[0] == pytest.approx(case["expected"]["sd"], rel=1e-9)


@SETTINGS
@given(
    columns=st.lists(series(), min_size=1, max_size=4),
    size=st.sampled_from([1, 2, 5, 12]),
    rules=st.sampled_from(["bare", "nelson", "western-electric"]),
)
def test_a_screening(columns: list[Any], size: int, rules: str) -> None:
    frame = {
        "value": np.concatenate(columns),
        "stream": np.repeat(np.arange(len(columns)), [len(column) for column in columns]),
    }
    told: dict[str, Any] = {"value": "value", "stream": "stream", "size": size, "rules": rules}
    plain, compiled = (
        gs.screen(frame, specs=gs.Tolerance.of(-3, 4), engine=engine, **told) for engine in ("numpy", "fast")
    )
    assert compiled.engine == f"{plain.engine}, fast"
    assert compiled.rule_names == plain.rule_names
    for place, column in enumerate(columns):
        scale = np.nanmax(np.abs(column))
        for field in dataclasses.fields(plain.measures):
            one, other = (getattr(x.measures, field.name)[place] for x in (plain, compiled))
            if field.type == "Floats":
                np.testing.assert_allclose(other, one, rtol=1e-7, atol=1e-13 * scale, err_msg=field.name)
            elif field.name not in (
                "signals",
                "spread_signals",
                "runs",
                "beyond",
                "spread_beyond",
                "shift_row",
            ):
                assert one == other, field.name
        if not near_of(column, size, rules):
            counts = [[int(of[place]) for of in x.fired] for x in (plain, compiled)]
            assert counts[0] == counts[1]


def near_of(column: Any, size: int, rules: str) -> bool:
    """Whether a point of the stream's own chart lies so near a border that rounding decides."""
    try:
        kind = {} if size == 1 else {"size": size, "sigma_method": "pooled"}
        name = "i-mr" if size == 1 else "xbar-r" if size <= 8 else "xbar-s"
        chart = gs.control_chart(name, column, rules=rules, **kind)  # type: ignore[arg-type]
    except gs.DataError:
        return True
    return any(is_near(panel) for panel in chart.panels)
