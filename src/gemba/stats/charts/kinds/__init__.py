"""The kinds of control charts, in one written list; each is three functions and its words."""

from __future__ import annotations

from typing import Any

from gemba.stats.charts.kind import Kind
from gemba.stats.charts.kinds.c import C
from gemba.stats.charts.kinds.cusum import CUSUM
from gemba.stats.charts.kinds.difference import DIFFERENCE
from gemba.stats.charts.kinds.ewma import EWMA
from gemba.stats.charts.kinds.g import G
from gemba.stats.charts.kinds.gv import GV
from gemba.stats.charts.kinds.i_mr import I_MR
from gemba.stats.charts.kinds.i_mr_r import I_MR_R
from gemba.stats.charts.kinds.i_mr_s import I_MR_S
from gemba.stats.charts.kinds.laney_p import LANEY_P
from gemba.stats.charts.kinds.laney_u import LANEY_U
from gemba.stats.charts.kinds.levey_jennings import LEVEY_JENNINGS
from gemba.stats.charts.kinds.ma import MA
from gemba.stats.charts.kinds.mcusum import MCUSUM
from gemba.stats.charts.kinds.median import MEDIAN
from gemba.stats.charts.kinds.mewma import MEWMA
from gemba.stats.charts.kinds.mr import MR
from gemba.stats.charts.kinds.np import NP
from gemba.stats.charts.kinds.p import P
from gemba.stats.charts.kinds.pca import PCA
from gemba.stats.charts.kinds.r import R
from gemba.stats.charts.kinds.regression import REGRESSION
from gemba.stats.charts.kinds.residual import RESIDUAL
from gemba.stats.charts.kinds.s import S
from gemba.stats.charts.kinds.t import T
from gemba.stats.charts.kinds.t2 import T2
from gemba.stats.charts.kinds.u import U
from gemba.stats.charts.kinds.xbar_r import XBAR_R
from gemba.stats.charts.kinds.xbar_s import XBAR_S
from gemba.stats.charts.kinds.z_mr import Z_MR
from gemba.stats.charts.kinds.zone import ZONE
from gemba.stats.results import N_, UnknownName

KINDS: tuple[Kind[Any], ...] = (
    *(XBAR_R, XBAR_S, I_MR),
    *(MEDIAN, R, S, MR, LEVEY_JENNINGS),
    *(P, NP, C, U),
    *(EWMA, CUSUM, MA),
    *(LANEY_P, LANEY_U, G, T),
    *(I_MR_R, I_MR_S),
    *(T2, MEWMA, GV, MCUSUM, PCA),
    *(REGRESSION, RESIDUAL),
    *(ZONE, DIFFERENCE, Z_MR),
)
"""Every kind that ``control_chart`` draws."""

BY_NAME = {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> Kind[Any]:
    """The kind of that name.

    Raises
    ------
    UnknownName
        When there is none; the nearest name is offered.
    """
    kind = BY_NAME.get(name)
    if kind is None:
        raise UnknownName(str(name), BY_NAME, what=N_("chart kind"), argument="kind")
    return kind
