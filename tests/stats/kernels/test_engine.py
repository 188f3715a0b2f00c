"""Which engine computes, and what is said where the fast one is not there."""

from __future__ import annotations

import sys
from typing import Any

import numba
import numpy as np
import pytest

from gemba import stats as gs
from gemba.stats.charts.subgroup_statistics import means_and_deviations, means_and_ranges
from gemba.stats.data import Subgroups
from gemba.stats.kernels import engine, fast, working
from gemba.stats.kernels.compiled import compiled

VALUES = [10.1, 9.8, 10.4, 9.9, 10.0, 10.3]


def test_a_chart_says_which_engine_computed_it() -> None:
    assert gs.control_chart("i-mr", VALUES, engine="fast").engine.endswith(", fast")
    assert not gs.control_chart("i-mr", VALUES, engine="numpy").engine.endswith(", fast")
    limits = gs.control_chart("i-mr", VALUES).limits
    assert gs.judge(limits, VALUES, engine="fast").engine.endswith(", fast")


def test_an_unknown_engine_names_those_there_are() -> None:
    with pytest.raises(gs.UnknownName, match="There are: numpy, fast"):
        gs.control_chart("i-mr", VALUES, engine="quick")  # type: ignore[arg-type]


def test_a_missing_extra_answers_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(gs.MissingExtra, match=r'pip install "gemba\[fast\]"'):
        gs.control_chart("i-mr", VALUES, engine="fast")


@pytest.mark.parametrize(("loaded", "installed", "values", "expected"), [
    (True, True, engine.WORTH, True),
    (True, True, engine.WORTH - 1, False),
    (False, True, engine.WORTH, False),
    (False, True, engine.WORTH_LOADING, True),
    (False, False, engine.WORTH_LOADING, False),
])  # fmt: skip
def test_without_a_word_the_engine_is_the_one_that_is_worth_it(
    monkeypatch: pytest.MonkeyPatch, loaded: bool, installed: bool, values: int, expected: bool
) -> None:
    if not loaded:
        monkeypatch.delitem(sys.modules, "numba", raising=False)
    monkeypatch.setattr(engine, "find_spec", lambda _name: object() if installed else None)
    with working(None, values):
        assert fast() is expected
    assert fast() is False


def test_where_no_folder_can_be_written_a_loop_compiles_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    njit = numba.njit

    def refuses(*, cache: bool = False, **options: Any) -> Any:
        asked.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)

    monkeypatch.setattr(numba, "njit", refuses)

    def doubled(x: float) -> float:
        return 2 * x

    assert compiled(doubled)(np.pi) == 2 * np.pi
    assert asked == [True, False]


@pytest.mark.parametrize("size", [3, 5, 11])
@pytest.mark.parametrize("statistic", [means_and_ranges, means_and_deviations])
def test_both_engines_add_subgroups_of_every_size_alike(size: int, statistic: Any) -> None:
    values = np.random.default_rng(size).normal(1e9, 1.0, (70, size))
    groups = Subgroups.of(values)
    plain = statistic(groups)
    with working("fast", 0):
        for quick, slow in zip(statistic(groups), plain, strict=True):
            np.testing.assert_array_equal(quick, slow)
