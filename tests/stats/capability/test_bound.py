"""Capable is what the lower bound of Cpk shows, not what the estimate reaches."""

from __future__ import annotations

import numpy as np

from gemba.stats.capability import capability


def test_two_values_show_no_capability() -> None:
    result = capability([10.01, 10.02], lsl=9.5, usl=10.5)
    assert result.cpk is not None
    assert result.cpk > 18
    assert (result.capable, result.undecided) == (False, True)


def test_the_bound_that_decides_errs_no_more_often_than_it_says() -> None:
    """Of processes whose Cpk is just what is wanted, one in twenty is called capable."""
    dice = np.random.default_rng(20261129)
    values = dice.normal(0, 1, (400, 125))
    called = [capability(row, lsl=-3.99, usl=3.99, rules="1").capable is True for row in values]
    assert 2 <= sum(called) <= 32  # 20 expected; Bissell's bound for two limits is a little shy
