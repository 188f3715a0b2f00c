"""What the kinds for single values share: moving ranges, and the parameters that they give."""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.charts.kind import Band, Basis, Estimate, Parameters
from gemba.stats.charts.means import known_of, mean_of
from gemba.stats.charts.spread import sigma_from_moves
from gemba.stats.constants import d2, d3
from gemba.stats.data import Sample
from gemba.stats.kernels import fast
from gemba.stats.results import Floats, sealed, unfilled


def values_and_moves(sample: Sample) -> tuple[Floats, Floats]:
    """The values, and the moving range of each with the one before; none after a missing value."""
    values = sample.values
    return values, moves_of(values)


def moves_of(values: Floats) -> Floats:
    """The moving range of each value with the one before."""
    if fast():
        from gemba.stats.kernels import recursions

        found = unfilled(values.shape)
        recursions.moves(values, found)
        return sealed(found)  # type: ignore[no-any-return]
    ranges = unfilled(values.shape)
    ranges[:1] = np.nan
    np.subtract(values[1:], values[:-1], out=ranges[1:])
    np.abs(ranges, out=ranges)
    moves: Floats = sealed(ranges)
    return moves


def estimate(basis: Basis) -> Estimate:
    """The mean, and sigma from moving ranges; an unused value takes both its moving ranges with it."""
    values, ranges = basis.points
    if basis.used is not None:
        values, ranges = values_and_moves(Sample(np.where(basis.used, values, np.nan)))
    known = known_of(values)
    moves = ranges[1:]
    average = math.nan
    if basis.method == "average moving range":
        average = mean_of(known_of(moves))
    return Estimate(
        mean=mean_of(known),
        sigma=average / d2(2)
        if basis.method == "average moving range"
        else sigma_from_moves(moves, basis.method, unbiased=basis.unbiased),
        points=len(known),
        values=float(len(known)),
        smallest=1.0,
        largest=1.0,
        dispersion=average,
    )


def bands_of_values(parameters: Parameters, sizes: Floats) -> tuple[Band, Band]:
    """Values at nsigma sigma; moving ranges at d2(2) sigma, nsigma times d3(2) sigma around, from zero."""
    same = np.ones_like(sizes)
    center = parameters.mean * same
    reach = parameters.further.get("reach", parameters.nsigma) * parameters.sigma
    values = Band(center, center - reach, center + reach, parameters.sigma * same)
    average = d2(2) * parameters.sigma if math.isnan(parameters.dispersion) else parameters.dispersion
    sigma = d3(2) * parameters.sigma
    reach = parameters.nsigma * sigma
    lower = max(average - reach, 0.0)
    return values, Band(average * same, lower * same, (average + reach) * same, sigma * same)
