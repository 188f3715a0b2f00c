from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba import stats as gs
from gemba.stats.results import DataError, UnknownName


def chance() -> np.random.Generator:
    return np.random.default_rng(2)


def walk() -> Any:
    steps = chance().normal(0, 1, 80)
    found = [0.0]
    for step in steps:
        found.append(0.8 * found[-1] + step)
    return np.array(found)


CALM = chance().normal(0, 1, (30, 5))
MOVING = chance().normal(0, 3, (30, 1))
TWO = np.concatenate([chance().normal(0, 1, 60), chance().normal(9, 1, 60)])[chance().permutation(120)]


@pytest.mark.parametrize(
    ("data", "kind", "codes"),
    [
        (CALM.ravel()[:60], "i-mr", []),
        (CALM.ravel()[:12], "i-mr", ["few"]),
        (walk(), "i-mr", ["autocorrelated"]),
        (np.tile([1.0, -1.0], 40) + 0.3 * CALM.ravel()[:80], "i-mr", ["in turn", "two heaps"]),
        (-0.8 * np.append(0, CALM.ravel()[:99]) + CALM.ravel()[:100], "i-mr", ["opposed"]),
        (np.exp(CALM.ravel()), "i-mr", ["skewed"]),
        (np.sign(CALM.ravel()) * CALM.ravel() ** 4, "i-mr", ["not normal"]),
        (np.round(0.4 * CALM.ravel()[:60]), "i-mr", ["coarse"]),
        (np.tile([0.0, 3.0, 6.0, 1.0], 25) + 0.5 * CALM.ravel()[:100], "i-mr", ["in turn", "two heaps"]),
        (TWO, "i-mr", ["two heaps"]),
        (CALM, "xbar-r", []),
        (np.hstack([CALM, CALM[::-1]]), "xbar-s", []),
        (CALM + MOVING, "i-mr-r", ["between"]),
        (np.hstack([CALM, CALM[::-1]]) + MOVING, "i-mr-s", ["between"]),
        (CALM + np.array([0, 4, 8, -4, -8]), "xbar-r", ["streams within"]),
        ([5.0] * 40, "i-mr", []),
        (np.ones((30, 4)), "xbar-r", []),
    ],
    ids=str,
)
def test_what_is_wrong_with_the_data_is_what_is_said(data: Any, kind: str, codes: list[str]) -> None:
    found = gs.recommend(data)
    assert (found.kind, [finding.code for finding in found.findings]) == (kind, codes)
    assert gs.restore(found.to_dict()) == found
    assert len(found.warnings) == len(codes)


@pytest.mark.parametrize(
    ("counts", "n", "nature", "kind", "codes"),
    [
        (chance().binomial(100, 0.1, 40), 100, "defectives", "np", []),
        (chance().binomial(100, 0.1, 40), [90, 110] * 20, "defectives", "p", []),
        (chance().poisson(6, 40), 1, "defects", "c", []),
        (chance().poisson(6, 40), [1, 1.5] * 20, "defects", "u", []),
        (
            chance().binomial(100, chance().uniform(0, 0.3, 40)),
            100,
            "defectives",
            "laney-p",
            ["overdispersed"],
        ),
        (chance().poisson(chance().uniform(1, 30, 40)), 1, "defects", "laney-u", ["overdispersed"]),
        ([10, 11] * 20, 100, "defectives", "np", ["underdispersed"]),
        (chance().poisson(0.2, 40), 10, "defects", "t", ["rare"]),
        (chance().binomial(10, 0.02, 40), 10, "defectives", "g", ["rare"]),
        ([0] * 5, 10, "defectives", "g", ["few", "rare"]),
    ],
)
def test_counts_have_their_chart(counts: Any, n: Any, nature: Any, kind: str, codes: list[str]) -> None:
    frame = {"d": list(counts), "n": [n] * len(counts) if not isinstance(n, list) else n}
    found = gs.recommend(frame, value="d", n="n", counts=nature)
    assert (found.kind, [finding.code for finding in found.findings]) == (kind, codes)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(-500, 500), min_size=30, max_size=60),
    st.sampled_from([0.125, 16.0]),
    st.sampled_from([0.0, 64.0]),
)
def test_the_unit_says_nothing(row: Any, scale: float, shift: float) -> None:
    moved = gs.recommend([scale * value + shift for value in row])
    assert [f.code for f in moved.findings] == [f.code for f in gs.recommend(row).findings]


def test_chance_alone_is_seldom_warned_of() -> None:
    rows = np.random.default_rng(9).normal(0, 1, (300, 100))
    warned = sum(bool(gs.recommend(row).findings) for row in rows)
    assert warned <= 9


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        ([], {}, "no values"),
        ([1.0, float("inf")], {}, "infinite"),
        ({"d": [1, 2]}, {"value": "d", "n": 10, "counts": "faults"}, "no count named"),
        ({"d": [1, 2]}, {"value": "e"}, "no column"),
    ],
)
def test_what_no_chart_can_take_is_refused(data: Any, options: Any, words: str) -> None:
    with pytest.raises((DataError, UnknownName), match=words):
        gs.recommend(data, **options)


def test_values_that_are_only_rounded_are_not_called_skewed() -> None:
    rounded = np.round(np.random.default_rng(7).normal(10, 0.14, 200), 1)
    assert gs.recommend({"v": rounded}, value="v").findings == ()
