"""Pictures that are no chart: Pareto, histogram, run chart, box plot; each a result with its figures.

They compute from plain columns and draw with ``figures``; charts and capability are strangers to them.
"""

from gemba.stats.graphs.box_plot import Box, BoxPlot, box_plot
from gemba.stats.graphs.histogram import Histogram, histogram
from gemba.stats.graphs.pareto import Pareto, pareto
from gemba.stats.graphs.run_chart import RunChart, run_chart
from gemba.stats.graphs.runs import RunsTest

__all__ = [
    "Box",
    "BoxPlot",
    "Histogram",
    "Pareto",
    "RunChart",
    "RunsTest",
    "box_plot",
    "histogram",
    "pareto",
    "run_chart",
]
