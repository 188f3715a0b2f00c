"""What the kinds for counts share: the average rate, lines that cannot leave the possible, exact ones."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import Band, Estimate, Parameters, Setting
from gemba.stats.data import Counts
from gemba.stats.results import N_, Bools, Floats

DESIGN = (Setting("limits", "normal", N_("way to draw limits"), choices=("normal", "exact")),)
EXACT_WORDS = N_(
    "Limits: {limits}. Exact ones are the counts that chance exceeds, on each side, at most as often as a "
    "normal value lies beyond {nsigma:g} sigma on one side"
)


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


def is_exact(parameters: Parameters) -> bool:
    """Whether the limits are asked by the law of the counts."""
    return parameters.design.get("limits") == "exact"


def exact_defectives(parameters: Parameters, sizes: Floats) -> tuple[Floats, Floats]:
    """The fewest and the most defectives within the limits, by the binomial law, for each size."""
    from scipy.stats import binom

    distinct, places = np.unique(sizes, return_inverse=True)
    tail = _tail(parameters.nsigma)
    low = np.asarray(binom.ppf(tail, distinct, parameters.mean), dtype=np.float64)
    high = np.asarray(binom.isf(tail, distinct, parameters.mean), dtype=np.float64)
    return np.maximum(low, 0.0)[places], high[places]


def exact_defects(parameters: Parameters, sizes: Floats) -> tuple[Floats, Floats]:
    """The fewest and the most defects within the limits, by Poisson's law, for each amount inspected."""
    from scipy.stats import poisson

    distinct, places = np.unique(sizes, return_inverse=True)
    tail = _tail(parameters.nsigma)
    low = np.asarray(poisson.ppf(tail, distinct * parameters.mean), dtype=np.float64)
    high = np.asarray(poisson.isf(tail, distinct * parameters.mean), dtype=np.float64)
    return np.maximum(low, 0.0)[places], high[places]


def _tail(nsigma: float) -> float:
    """The chance of a normal value beyond nsigma on one side."""
    return 0.5 * math.erfc(nsigma / math.sqrt(2.0))
