"""The constants of control charts: what a range or a standard deviation of n normal values is in sigma.

All are computed (by integration or in closed form) and cached; published tables serve only as checks. The
functions that end in ``_of`` take an array of sizes and give NaN where a size is below 2.
Neighbours: ``charts`` and ``capability`` estimate sigma with them.
"""

from gemba.stats.constants.deviations import c4, c4_of, c5, c5_of
from gemba.stats.constants.medians import median_sd, median_sd_of
from gemba.stats.constants.ranges import d2, d2_of, d3, d3_of, d4, d4_of, range_cdf
from gemba.stats.constants.table import ChartConstants, control_chart_constants, published_constants

__all__ = [
    "ChartConstants",
    "c4",
    "c4_of",
    "c5",
    "c5_of",
    "control_chart_constants",
    "d2",
    "d2_of",
    "d3",
    "d3_of",
    "d4",
    "d4_of",
    "median_sd",
    "median_sd_of",
    "published_constants",
    "range_cdf",
]
