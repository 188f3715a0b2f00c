"""The topics of descriptive statistics and normality, answered by ``distributions``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats import distributions as gd

Values = Mapping[str, Any]


def univariate(data: Values, options: Values) -> Values:  # noqa: ARG001 (n - 1 is what the function does)
    """Mean, standard deviation, and autocorrelation of neighbours."""
    values = data["values"]
    return {
        "mean": gd.mean(values),
        "sd": gd.standard_deviation(values),
        "lag1_autocorrelation": gd.autocorrelation(values),
    }


def quantile_types(data: Values, options: Values) -> Values:
    """Quantiles by two conventions, and skewness by two."""
    values, p = data["values"], options["p"]
    return {
        "type6": gd.quantile(values, p, kind=6).tolist(),
        "type7": gd.quantile(values, p, kind=7).tolist(),
        "mean": gd.mean(values),
        "sd": gd.standard_deviation(values),
        "skewness_g1": gd.skewness(values, adjusted=False),
        "skewness_G1": gd.skewness(values),
    }


def normality(data: Values, options: Values) -> Values:  # noqa: ARG001 (the tests are named there)
    """The Anderson-Darling part; Shapiro-Wilk is not built yet."""
    test = gd.anderson_darling(data["values"])
    return {"ad_a2": test.statistic, "ad_p": test.p}
