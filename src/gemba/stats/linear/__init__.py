"""Linear models: least squares and the analysis of variance.

What measurement system analysis, designed experiments and inference stand on. Neighbours: ``distributions``
gives the tests their p-values.
"""

from gemba.stats.linear.oneway import OneWayAnova, TukeyComparisons, VarianceComponents, anova_oneway
from gemba.stats.linear.prediction import Prediction
from gemba.stats.linear.regression import Regression, least_squares, regression
from gemba.stats.linear.twoway import TwoWayAnova, anova_twoway

__all__ = [
    "OneWayAnova",
    "Prediction",
    "Regression",
    "TukeyComparisons",
    "TwoWayAnova",
    "VarianceComponents",
    "anova_oneway",
    "anova_twoway",
    "least_squares",
    "regression",
]
