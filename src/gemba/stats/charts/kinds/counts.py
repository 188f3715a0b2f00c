"""What the kinds for counts share: the average rate, and lines that cannot leave the possible."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import Band, Estimate
from gemba.stats.data import Counts
from gemba.stats.results import Bools, Floats


def estimate(counts: Counts, used: Bools | None) -> Estimate:
    """All counts over all that was inspected."""
    kept = ~np.isnan(counts.counts)
    if used is not None:
        kept &= used
    sizes = counts.sizes[kept]
    total = float(sizes.sum())
    return Estimate(
        mean=float(counts.counts[kept].sum()) / total,
        sigma=math.nan,
        points=len(sizes),
        values=total,
        smallest=float(sizes.min()),
        largest=float(sizes.max()),
    )


def band(center: Floats, sigma: Floats, nsigma: float, largest: Floats | float) -> Band:
    """Limits at nsigma sigma, cut at zero and at the largest value that can be."""
    reach = nsigma * sigma
    return Band(center, np.maximum(center - reach, 0.0), np.minimum(center + reach, largest), sigma)
