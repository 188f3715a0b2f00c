"""What the kinds for subgroups share: the panel of means, and sigma by the named method."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Parameters
from gemba.stats.charts.means import mean_of
from gemba.stats.charts.spread import sigma_from_deviations, sigma_from_ranges, sigma_pooled
from gemba.stats.charts.subgroup_statistics import means_and_deviations, means_and_ranges
from gemba.stats.results import Floats, Ints


def present(values: Sequence[float | None]) -> list[float]:
    """The values of one subgroup that are not missing."""
    return [value for value in values if value is not None and not math.isnan(value)]


def band_of_means(parameters: Parameters, sizes: Floats) -> Band:
    """The mean, and nsigma standard errors around it, for each size."""
    sigma = parameters.sigma / np.sqrt(sizes)
    center = np.where(np.isnan(sizes), np.nan, parameters.mean)
    reach = parameters.further.get("reach", parameters.nsigma) * sigma
    return Band(center, center - reach, center + reach, sigma)


def whole(sizes: Floats) -> Ints:
    """Sizes as whole numbers, zero where there is none."""
    numbers: Ints = np.nan_to_num(sizes).astype(np.int64)
    return numbers


def estimate(basis: Basis, *, own: str) -> Estimate:
    """The grand mean of all values, and sigma by the method of ``basis``.

    ``own`` is the method whose subgroup spreads are the chart's second panel; with it and one size for all,
    the centre line of that panel is their mean.
    """
    groups, (means, spreads), method = basis.data, basis.points, basis.method
    if not method.startswith(own) and (method.startswith("Rbar") or own == "Rbar"):
        other = means_and_ranges if method.startswith("Rbar") else means_and_deviations
        spreads = other(groups)[1]
    sizes = groups.sizes
    kept = sizes > 0 if basis.used is None else basis.used & (sizes > 0)
    if not kept.all():
        means, spreads, sizes = means[kept], spreads[kept], sizes[kept]
    smallest, largest = float(sizes.min()), float(sizes.max())
    equal = smallest == largest
    return Estimate(
        mean=_grand_mean(means, sizes, equal=equal),
        sigma=_sigma(spreads, sizes, method, unbiased=basis.unbiased),
        points=len(means),
        values=float(sizes.sum()),
        smallest=smallest,
        largest=largest,
        dispersion=mean_of(spreads) if equal and method.startswith(own) else math.nan,
    )


def _sigma(spreads: Floats, sizes: Ints, method: str, *, unbiased: bool) -> float:
    weighted = not method.endswith("unweighted")
    if method.startswith("Rbar"):
        return sigma_from_ranges(spreads, sizes, weighted=weighted)
    if method.startswith("Sbar"):
        return sigma_from_deviations(spreads, sizes, weighted=weighted)
    return sigma_pooled(spreads, sizes, unbiased=unbiased)


def _grand_mean(means: Floats, sizes: Ints, *, equal: bool) -> float:
    """The mean of all values, from the first mean as origin, so that no digits are lost far from zero."""
    if equal:
        return mean_of(means)
    return float(means[0] + np.sum((means - means[0]) * sizes) / np.sum(sizes))
