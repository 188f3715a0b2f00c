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
    """Both tests of normality."""
    test, other = gd.anderson_darling(data["values"]), gd.shapiro_wilk(data["values"])
    return {"ad_a2": test.statistic, "ad_p": test.p, "sw_w": other.statistic, "sw_p": other.p}


def factors(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """Exact factors of tolerance intervals, for an interval and for one bound."""
    shares = {"coverage": options["coverage"], "confidence": options["confidence"]}
    return {
        "k_two_sided": [gd.tolerance_factor(n, **shares) for n in options["n"]],
        "k_one_sided": [gd.tolerance_factor(n, side="upper", **shares) for n in options["n"]],
    }


def sizes(data: Values, options: Values) -> Values:  # noqa: ARG001 (no data)
    """How many values a nonparametric interval takes."""
    cases = options["cases"]
    return {
        "n_two_sided": [gd.tolerance_sample_size(**case) for case in cases],
        "n_one_sided": [gd.tolerance_sample_size(side="upper", **case) for case in cases],
    }


def interval(data: Values, options: Values) -> Values:
    """A normal interval and both bounds."""
    asked = {"coverage": options["coverage"], "confidence": options["confidence"]}
    both = gd.tolerance_interval(data["values"], **asked)
    return {
        "lower": both.lower,
        "upper": both.upper,
        "one_sided_lower": gd.tolerance_interval(data["values"], side="lower", **asked).lower,
        "one_sided_upper": gd.tolerance_interval(data["values"], side="upper", **asked).upper,
    }
