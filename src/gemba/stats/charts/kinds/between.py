"""What the kinds between and within share: means as single values, beside the spread inside each subgroup."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Parameters, Setting
from gemba.stats.charts.kinds.individuals import moves_of
from gemba.stats.charts.kinds.subgroups import estimate
from gemba.stats.charts.means import known_of, mean_of
from gemba.stats.constants import d2, d3
from gemba.stats.results import N_, Floats

DESIGN = (Setting("between", math.nan, N_("historical sigma between subgroups"), zero=True),)


def needs_between(_design: Mapping[str, Any]) -> tuple[str, ...]:
    """Without data sigma between subgroups must be given too."""
    return ("between",)


def three_way(basis: Basis, *, own: str) -> Estimate:
    """Sigma within, as for means; the mean of the means, and their sigma from moving ranges."""
    means, _, spreads = basis.points
    found = estimate(basis._replace(points=(means, spreads)), own=own)
    used = means if basis.used is None else np.where(basis.used, means, np.nan)
    sigma_means = mean_of(known_of(moves_of(used)[1:])) / d2(2)
    size = found.values / found.points
    variance = max(0.0, sigma_means**2 - found.sigma**2 / size)
    return found._replace(
        mean=mean_of(known_of(used)),
        further={
            "sigma_means": sigma_means,
            "sigma_between": math.sqrt(variance),
            "sigma_total": math.sqrt(variance + found.sigma**2),
        },
    )


def bands_of_means(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """The means and their moving ranges; a given sigma between meets each size as it is."""
    center = np.where(np.isnan(sizes), np.nan, parameters.mean)
    between = parameters.design["between"]
    if math.isnan(between):
        sigma = center * 0.0 + parameters.further["sigma_means"]
    else:
        sigma = np.sqrt(between**2 + parameters.sigma**2 / sizes)
    reach = parameters.nsigma * sigma
    middle, scatter = d2(2) * sigma, d3(2) * sigma
    far = parameters.nsigma * scatter
    moves = Band(middle, np.maximum(middle - far, 0.0), middle + far, scatter)
    return Band(center, center - reach, center + reach, sigma), moves
