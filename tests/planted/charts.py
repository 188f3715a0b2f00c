"""Faults of the further kinds of charts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gemba.stats import constants
from gemba.stats.charts import estimation, operating
from gemba.stats.charts.kinds import counts, mcusum, pca, residual

Plant = Callable[[pytest.MonkeyPatch], None]


def replace_everywhere(monkeypatch: pytest.MonkeyPatch, right: Any, wrong: Any) -> None:
    """Put ``wrong`` wherever a module of the program holds ``right``."""
    places = 0
    for name, module in list(sys.modules.items()):
        if name == "gemba" or name.startswith("gemba."):
            for attribute, value in list(vars(module).items()):
                if value is right:
                    monkeypatch.setattr(module, attribute, wrong)
                    places += 1
    assert places


def mean_for_median(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of a median chart are those of a mean."""
    replace_everywhere(monkeypatch, constants.median_sd_of, lambda sizes: 1 / np.sqrt(sizes))


def both_tails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exact limits leave the chance of both sides on each side."""
    right = counts._tail
    monkeypatch.setattr(counts, "_tail", lambda nsigma: 2 * right(nsigma))


def longer_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crosier's sum is shrunk by the allowance in each variable, not in all together."""

    def wrong(parameters: Any, h: float, memory: Any, row: list[float]) -> Any:
        k = parameters.design["k"]
        row = [before + new for before, new in zip(memory[1:], row, strict=True)] if memory else row
        shrunk = [np.sign(x) * max(0.0, abs(x) - k) for x in row]
        return (float(np.sqrt(sum(x * x for x in shrunk))), *shrunk)

    monkeypatch.setattr(mcusum, "_next", wrong)


def squares_for_cubes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of SPE by the chi-square with the same mean and variance, called Jackson and Mudholkar's."""

    def wrong(rest: Any, alpha: float) -> float:
        from scipy.special import chdtri

        one, two = float(np.sum(rest)), float(np.sum(np.square(rest)))
        return two / one * float(chdtri(one * one / two, alpha))

    replace_everywhere(monkeypatch, pca.spe_limit, wrong)


def freedom_of_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Residuals of neighbours with the freedom of all pairs, as if nothing had been learned from them."""
    right = residual._fit_neighbours

    def wrong(values: Any, given: float) -> tuple[float, float, float]:
        mean, phi, sigma = right(values, given)
        pairs = np.count_nonzero(~np.isnan(values[1:] + values[:-1]))
        return mean, phi, sigma * float(np.sqrt((pairs - 2) / pairs))

    monkeypatch.setattr(residual, "_fit_neighbours", wrong)


def known_without_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits from few subgroups are corrected for sigma, and the mean is taken for known."""
    right = estimation._centers
    monkeypatch.setattr(estimation, "_centers", lambda: (0.0 * right()[0], right()[1]))


def limits_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A count on a limit is taken for a signal in the operating characteristic."""
    right = operating._poisson
    monkeypatch.setattr(operating, "_poisson", lambda least, most, rate: right(least, most - 1, rate))


CHART_FAULTS: dict[Plant, str] = {
    mean_for_median: "own-chart-median-1",
    both_tails: "own-chart-exact-limits-1",
    longer_allowance: "own-chart-mcusum-1",
    squares_for_cubes: "own-chart-components-1",
    freedom_of_values: "own-chart-residual-1",
    known_without_error: "own-chart-correction-1",
    limits_not_counted: "own-chart-operating-characteristic-4",
}
