"""Parts per million outside the specification, seen and expected, and Z.bench."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gemba.stats.data import Tolerance
from gemba.stats.distributions import normal_sf
from gemba.stats.results import Floats


@dataclass(frozen=True)
class Ppm:
    """Parts per million outside: ``below`` the lower limit, ``above`` the upper one, and in ``total``.

    A side is ``None`` where there is no limit or only a natural bound.
    """

    below: float | None
    above: float | None
    total: float


def observed_ppm(values: Floats, tolerance: Tolerance) -> Ppm:
    """The share of values strictly outside the limits; a value on a limit conforms."""
    lsl, usl = tolerance.required_lsl, tolerance.required_usl
    below = None if lsl is None else 1e6 * float((values < lsl).mean())
    above = None if usl is None else 1e6 * float((values > usl).mean())
    return _ppm(below, above)


def expected_ppm(mean: float, sigma: float, tolerance: Tolerance) -> Ppm:
    """The share of a normal process outside the limits."""
    below, above = (
        None if z is None else 1e6 * float(normal_sf(z)) for z in _distances(mean, sigma, tolerance)
    )
    return _ppm(below, above)


def z_bench(mean: float, sigma: float, tolerance: Tolerance) -> float:
    """The z beyond which one normal tail holds as much as lies outside both limits.

    Computed from logarithms, so that it stays right where the share itself is too small for a float.
    """
    from scipy.special import log_ndtr, ndtri_exp

    logs = [float(log_ndtr(-z)) for z in _distances(mean, sigma, tolerance) if z is not None]
    largest = max(logs)
    total = largest + math.log(sum(math.exp(log - largest) for log in logs))
    return -float(ndtri_exp(min(total, 0.0)))


def _distances(mean: float, sigma: float, tolerance: Tolerance) -> tuple[float | None, float | None]:
    lsl, usl = tolerance.required_lsl, tolerance.required_usl
    return (
        None if lsl is None else (mean - lsl) / sigma,
        None if usl is None else (usl - mean) / sigma,
    )


def _ppm(below: float | None, above: float | None) -> Ppm:
    return Ppm(below, above, (below or 0.0) + (above or 0.0))
