"""The topics of regression and the analysis of variance, answered by ``linear``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats.linear import Regression, TwoWayAnova, anova_oneway, anova_twoway, regression

Values = Mapping[str, Any]


def one_way(data: Values, options: Values) -> Values:
    """The table, and Tukey's comparisons where they are asked."""
    found = anova_oneway(data, value="value", factor="group")
    names = ("ss_between", "ss_within", "df_between", "df_within", "ms_between", "ms_within", "f", "p", "r2")
    answer = {name: getattr(found, name) for name in names} | {"residual_sd": found.s}
    if "tukey_confidence" not in options:
        return answer
    tukey = found.tukey(options["tukey_confidence"])
    return answer | {
        "tukey": {
            "pairs": list(tukey.pairs),
            "diff": tukey.difference.tolist(),
            "lower": tukey.lower.tolist(),
            "upper": tukey.upper.tolist(),
            "p": tukey.p.tolist(),
        }
    }


def components(data: Values, options: Values) -> Values:  # noqa: ARG001 (one method)
    """Variance between and within batches."""
    found = anova_oneway(data, value="value", factor="group").variance_components()
    return {
        "var_between": found.between,
        "var_within": found.within,
        "icc": found.icc,
        "f": found.f,
        "p": found.p,
    }


def two_way(data: Values, options: Values) -> Values:  # noqa: ARG001 (one model)
    """A balanced table."""
    found = _two_way(data)
    answer: dict[str, Any] = {"ss_error": found.ss_error, "df_error": found.df_error}
    for place, source in enumerate(("a", "b", "ab")):
        answer |= {
            f"ss_{source}": float(found.ss_type3[place]),
            f"df_{source}": int(found.df[place]),
            f"f_{source}": float(found.f[place]),
            f"p_{source}": float(found.p[place]),
        }
    return answer


def two_way_unbalanced(data: Values, options: Values) -> Values:  # noqa: ARG001 (one model)
    """Sums of squares of three types."""
    found = _two_way(data)
    return {
        "ss_type1": found.ss_type1.tolist(),
        "ss_type2": found.ss_type2.tolist(),
        "ss_type3": found.ss_type3.tolist(),
        "f_type3": found.f.tolist(),
        "p_type3": found.p.tolist(),
        "ss_error": found.ss_error,
        "df_error": found.df_error,
    }


def _two_way(data: Values) -> TwoWayAnova:
    return anova_twoway(data, value="value", factors=("a", "b"))


def simple(data: Values, options: Values) -> Values:
    """A straight line with diagnostics and intervals."""
    found = regression(data, response="y", predictors="x", intercept=options["intercept"])
    new = found.predict({"x": [10.0, 30.0]})
    return _fitted(found) | {
        "fit_at_10_30": new.fit.tolist(),
        "prediction_lower": new.lower.tolist(),
        "prediction_upper": new.upper.tolist(),
        "mean_ci_lower": new.mean_lower.tolist(),
        "mean_ci_upper": new.mean_upper.tolist(),
    }


def multiple(data: Values, options: Values) -> Values:
    """Several predictors."""
    predictors = [name for name in data if name != "y"]
    found = regression(data, response="y", predictors=predictors, intercept=options["intercept"])
    return _fitted(found) | {"vif": found.vif.tolist()[-len(predictors) :]}


def polynomial(data: Values, options: Values) -> Values:
    """Powers of one predictor."""
    degree, intercept = options["degree"], options["intercept"]
    return _fitted(regression(data, response="y", predictors="x", degree=degree, intercept=intercept))


def _fitted(found: Regression) -> dict[str, Any]:
    names = ("s", "r2", "adj_r2", "f", "f_p", "press", "durbin_watson")
    return {name: getattr(found, name) for name in names} | {
        "coef": found.coef.tolist(),
        "se": found.se.tolist(),
        "t": found.t.tolist(),
        "p": found.p.tolist(),
        "leverage_max": float(found.leverage.max()),
        "cooks_max": float(found.cooks.max()),
    }
