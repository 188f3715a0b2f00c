"""The capability indices of a normal process, from its mean, one sigma and the tolerance."""

from __future__ import annotations

import math
from typing import NamedTuple

from gemba.stats.data import Tolerance

EACH = ("cp", "cpl", "cpu", "cpk", "pp", "ppl", "ppu", "ppk", "cpm")
"""The names of all indices, in the order in which they are shown."""


class Indices(NamedTuple):
    """The four indices of one sigma; ``None`` where their limit is no requirement or sigma is zero."""

    both: float | None
    lower: float | None
    upper: float | None
    worst: float | None


def compute_indices(mean: float, sigma: float, tolerance: Tolerance) -> Indices:
    """(USL - LSL) / 6 sigma, (mean - LSL) / 3 sigma, (USL - mean) / 3 sigma, and the smaller of the last two.

    Source: ISO 22514-2:2017; Montgomery, Introduction to Statistical Quality Control, 7th ed., section 8.3.
    """
    lsl, usl = tolerance.required_lsl, tolerance.required_usl
    if sigma == 0:
        return Indices(None, None, None, None)
    lower = None if lsl is None else (mean - lsl) / (3 * sigma)
    upper = None if usl is None else (usl - mean) / (3 * sigma)
    both = None if lsl is None or usl is None else (usl - lsl) / (6 * sigma)
    return Indices(both, lower, upper, min(side for side in (lower, upper) if side is not None))


def compute_cpm(mean: float, sigma: float, tolerance: Tolerance) -> float | None:
    """The nearer limit's distance from the target / 3 tau, where tau^2 = sigma^2 + (mean - target)^2.

    With the target in the middle it is (USL - LSL) / 6 tau. Source: L. K. Chan, S. W. Cheng and
    F. A. Spiring, Journal of Quality Technology 20 (1988), 162-175.
    """
    if tolerance.target is None:
        return None
    sides = [
        abs(limit - tolerance.target)
        for limit in (tolerance.required_lsl, tolerance.required_usl)
        if limit is not None
    ]
    tau = math.hypot(sigma, mean - tolerance.target)
    return min(sides) / (3 * tau) if tau > 0 else None
