"""Control charts: fit limits, judge data by them, one point or a million at a time.

``control_chart`` estimates limits and judges (Phase I), ``judge`` uses frozen ones (Phase II), ``start`` and
``step`` judge a stream. A kind is three functions in ``kinds/``; run rules are data in ``rules/``.

Neighbours: ``data`` brings the shapes, ``constants`` the factors, ``figures`` draws the picture.
"""

from gemba.stats.charts.cautions import Caution
from gemba.stats.charts.chart import ControlChart, Exclusion, Stage
from gemba.stats.charts.components import ComponentContributions, pca_contributions
from gemba.stats.charts.contributions import Contributions, t2_contributions
from gemba.stats.charts.conventions import CONVENTIONS, TOTAL, Convention, convention_named
from gemba.stats.charts.events import Event, events_where_changed
from gemba.stats.charts.fit import control_chart, judge, known_limits
from gemba.stats.charts.kind import Kind, Words
from gemba.stats.charts.kinds import KINDS, kind_named
from gemba.stats.charts.limits import Limits
from gemba.stats.charts.panel import Panel
from gemba.stats.charts.report import report_dict
from gemba.stats.charts.spread import (
    mssd_bias,
    sigma_from_deviations,
    sigma_from_moves,
    sigma_from_ranges,
    sigma_pooled,
)
from gemba.stats.charts.stream import ChartState, Judgement, Mark, start, step, trace

__all__ = [
    "CONVENTIONS",
    "KINDS",
    "TOTAL",
    "Caution",
    "ChartState",
    "ComponentContributions",
    "Contributions",
    "ControlChart",
    "Convention",
    "Event",
    "Exclusion",
    "Judgement",
    "Kind",
    "Limits",
    "Mark",
    "Panel",
    "Stage",
    "Words",
    "control_chart",
    "convention_named",
    "events_where_changed",
    "judge",
    "kind_named",
    "known_limits",
    "mssd_bias",
    "pca_contributions",
    "report_dict",
    "sigma_from_deviations",
    "sigma_from_moves",
    "sigma_from_ranges",
    "sigma_pooled",
    "start",
    "step",
    "t2_contributions",
    "trace",
]
