"""Distributions: what a sample looks like, and the reference distributions its judgement needs.

Descriptive statistics, quantiles, plotting positions, the normal distribution, those of test statistics, and
the Anderson-Darling test. Neighbours: ``constants`` below; ``linear``, ``charts`` and ``capability`` above.
"""

from gemba.stats.distributions.description import Description, describe
from gemba.stats.distributions.families import FAMILIES, Fit
from gemba.stats.distributions.identification import Fitted, Identification, identify_distribution
from gemba.stats.distributions.moments import (
    autocorrelation,
    kurtosis,
    mean,
    skewness,
    standard_deviation,
    sum_of_squares,
)
from gemba.stats.distributions.normal import normal_cdf, normal_isf, normal_pdf, normal_ppf, normal_sf
from gemba.stats.distributions.normality import AndersonDarling, ShapiroWilk, anderson_darling, shapiro_wilk
from gemba.stats.distributions.quantiles import (
    EXCEL_QUANTILES,
    MINITAB_QUANTILES,
    plotting_positions,
    quantile,
)
from gemba.stats.distributions.sampling_distributions import (
    chi2_ppf,
    chi2_sf,
    f_ppf,
    f_sf,
    studentized_range_ppf,
    studentized_range_sf,
    t_ppf,
    t_sf,
)
from gemba.stats.distributions.tolerance import (
    ToleranceInterval,
    tolerance_factor,
    tolerance_interval,
    tolerance_sample_size,
)

__all__ = [
    "EXCEL_QUANTILES",
    "FAMILIES",
    "MINITAB_QUANTILES",
    "AndersonDarling",
    "Description",
    "Fit",
    "Fitted",
    "Identification",
    "ShapiroWilk",
    "ToleranceInterval",
    "anderson_darling",
    "autocorrelation",
    "chi2_ppf",
    "chi2_sf",
    "describe",
    "f_ppf",
    "f_sf",
    "identify_distribution",
    "kurtosis",
    "mean",
    "normal_cdf",
    "normal_isf",
    "normal_pdf",
    "normal_ppf",
    "normal_sf",
    "plotting_positions",
    "quantile",
    "shapiro_wilk",
    "skewness",
    "standard_deviation",
    "studentized_range_ppf",
    "studentized_range_sf",
    "sum_of_squares",
    "t_ppf",
    "t_sf",
    "tolerance_factor",
    "tolerance_interval",
    "tolerance_sample_size",
]
