"""What the kinds of Laney share: sigma from how far the points really scatter, beside the model of counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gemba.stats.charts.kind import Basis, Estimate
from gemba.stats.charts.kinds.counts import estimate
from gemba.stats.charts.kinds.individuals import moves_of
from gemba.stats.charts.means import known_of, mean_of
from gemba.stats.constants import d2

METHOD = "moving range of z"
"""Sigma z is the mean moving range of the standardised points over d2(2)."""


def overdispersed(basis: Basis, model: Callable[[float], float]) -> Estimate:
    """The average rate; sigma of one unit is what the ``model`` gives for that rate, widened by sigma z."""
    found = estimate(basis.data, basis.used)
    shares = basis.points[0] if basis.used is None else np.where(basis.used, basis.points[0], np.nan)
    of_one = model(found.mean)
    if of_one == 0:
        return found._replace(sigma=0.0)
    moves = known_of(moves_of((shares - found.mean) * np.sqrt(basis.data.sizes) / of_one)[1:])
    sigma_z = mean_of(moves) / d2(2)
    return found._replace(sigma=of_one * sigma_z, further={"sigma_z": sigma_z})
