"""Laws that every capability study keeps, whatever the data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.capability import Capability, capability
from gemba.stats.capability.indices import EACH
from gemba.stats.results import Floats

FEW = settings(deadline=None, max_examples=40)
METHODS = st.sampled_from(["pooled", "Rbar", "Sbar"])


@st.composite
def matrices(draw: st.DrawFn) -> Floats:
    """Subgroups of hundredths around zero, not all equal inside the first."""
    count, size = draw(st.integers(2, 12)), draw(st.integers(2, 10))
    cells = draw(st.lists(st.integers(-500, 500), min_size=count * size, max_size=count * size))
    matrix: Floats = np.array(cells, dtype=np.float64).reshape(count, size) / 100
    matrix[0, 0] = matrix[0, 1] + 1.0
    return matrix


def study(
    matrix: Floats, method: str = "pooled", lsl: float | None = -7, usl: float | None = 9
) -> Capability:
    return capability(matrix, lsl=lsl, usl=usl, target=1.0 if lsl and usl else None, within=method)


def numbers(result: Capability, names: tuple[str, ...] = EACH) -> list[float]:
    return [math.nan if (value := getattr(result, name)) is None else value for name in names]


def close(one: list[float], other: list[float], rel: float = 1e-8) -> bool:
    return one == pytest.approx(other, rel=rel, nan_ok=True)


@FEW
@given(matrices(), METHODS, st.integers(-3, 3), st.integers(-1000, 1000))
def test_unit_and_origin_do_not_matter(matrix: Floats, method: str, power: int, origin: int) -> None:
    scale = 2.0**power
    moved = capability(
        matrix * scale + origin,
        lsl=-7 * scale + origin,
        usl=9 * scale + origin,
        target=scale + origin,
        within=method,
    )
    assert close(numbers(moved), numbers(study(matrix, method)))
    assert moved.sigma_within == pytest.approx(study(matrix, method).sigma_within * scale, rel=1e-8)


@FEW
@given(matrices(), METHODS, st.randoms(use_true_random=False))
def test_the_order_inside_a_subgroup_does_not_matter(matrix: Floats, method: str, chance: object) -> None:
    turned = np.array([sorted(row, key=lambda _: chance.random()) for row in matrix])  # type: ignore[attr-defined]
    assert close(numbers(study(turned, method)), numbers(study(matrix, method)), rel=1e-9)


@FEW
@given(matrices(), METHODS)
def test_a_mirror_swaps_the_sides(matrix: Floats, method: str) -> None:
    there, back = study(matrix, method), study(-matrix, method, lsl=-9, usl=7)
    swapped = ("cp", "cpu", "cpl", "cpk", "pp", "ppu", "ppl", "ppk")
    assert close(numbers(back, EACH[:8]), numbers(there, swapped))
    assert back.ppm_overall.below == pytest.approx(there.ppm_overall.above, rel=1e-8)
    assert back.ppm_observed.above == there.ppm_observed.below


@FEW
@given(matrices())
def test_one_side_alone_says_what_it_says_beside_the_other(matrix: Floats) -> None:
    both, low, high = study(matrix), study(matrix, usl=None), study(matrix, lsl=None)
    assert (low.cpl, high.cpu) == (both.cpl, both.cpu)
    assert both.cpk == min(low.cpk or 0.0, high.cpk or 0.0)
    assert both.ppm_overall.total == pytest.approx(low.ppm_overall.total + high.ppm_overall.total)


@FEW
@given(matrices(), METHODS)
def test_the_parts_fit_together(matrix: Floats, method: str) -> None:
    result = study(matrix, method)
    assert result.cp is not None
    assert result.cpl is not None
    assert result.cpu is not None
    assert result.pp is not None
    assert result.cpm is not None
    assert result.cp == pytest.approx((result.cpl + result.cpu) / 2)
    assert result.cpk == min(result.cpl, result.cpu)
    assert result.cpm <= result.pp * (1 + 1e-12)
    assert result.stability_index == pytest.approx(result.cp / result.pp)
    for name, interval in result.intervals.items():
        if name not in ("cp", "cpm"):
            assert interval.lower < getattr(result, name) < interval.upper


@FEW
@given(matrices())
def test_wider_limits_never_lower_an_index(matrix: Floats) -> None:
    narrow, wide = study(matrix), study(matrix, lsl=-7.5, usl=9.5)
    assert all(b > a for a, b in zip(numbers(narrow), numbers(wide), strict=True))
    assert wide.ppm_observed.total <= narrow.ppm_observed.total
    assert wide.ppm_overall.total <= narrow.ppm_overall.total


@FEW
@given(matrices(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_more_confidence_is_a_wider_interval(matrix: Floats, level: float) -> None:
    result = study(matrix)
    for name in EACH:
        inner, outer = result.confidence_interval(name, level - 0.1), result.confidence_interval(name, level)
        assert outer.lower < inner.lower
        assert outer.upper > inner.upper


@FEW
@given(matrices(), METHODS)
def test_a_study_survives_its_storage(matrix: Floats, method: str) -> None:
    result = study(matrix, method)
    again = Capability.from_json(result.to_json())
    assert again == result
    assert again.summary() == result.summary()


@settings(deadline=None, max_examples=20)
@given(matrices(), st.integers(0, 11))
def test_an_empty_subgroup_changes_no_number(matrix: Floats, place: int) -> None:
    gap = np.insert(matrix, min(place, len(matrix)), np.nan, axis=0)
    assert close(numbers(study(gap)), numbers(study(matrix)), rel=1e-12)
