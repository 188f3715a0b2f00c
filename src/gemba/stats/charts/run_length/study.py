"""The run length of a chart, and the limit for a wanted run length."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gemba.stats.charts.design import settle_values
from gemba.stats.charts.kind import Setting
from gemba.stats.charts.rules import RuleSet, rule_set
from gemba.stats.charts.rules.presets import RulesLike
from gemba.stats.charts.run_length import crosier, recursive, several
from gemba.stats.charts.run_length.automaton import MOVING
from gemba.stats.charts.run_length.law import Law
from gemba.stats.charts.run_length.result import POINTS, SHARES, AtShift, RunLength
from gemba.stats.charts.run_length.shewhart import shewhart_law
from gemba.stats.results import N_, DataError, UnknownName

SHIFTS = tuple(quarter / 4 for quarter in range(13))
LEAST_ERROR = 1e-12
EXTRA = 12
"""So many nodes more tell the error."""
NEAR = 1e-5
"""A limit that misses the logarithm of its run length by less is right to ten digits after one more step."""
WIDEST = 12.0
"""No limit is sought beyond so many sigma: no normal value would ever reach it."""


@dataclass(frozen=True)
class _Chart:
    """A chart whose run length can be had: its design values, and the one by which its limits stand."""

    name: str
    design: tuple[Setting, ...]
    reach: str


CHARTS = {
    "shewhart": _Chart("shewhart", (), "nsigma"),
    "ewma": _Chart(
        "ewma",
        (
            Setting("lam", 0.2, N_("weight of the newest point"), most=1.0),
            Setting("L", 3.0, N_("reach of the limits in standard deviations")),
            Setting("limits", "exact", N_("way to draw limits"), choices=("exact", "asymptotic")),
        ),
        "L",
    ),
    "cusum": _Chart(
        "cusum",
        (
            Setting("k", 0.5, N_("allowance in sigma, half the shift to find"), zero=True),
            Setting("h", 5.0, N_("decision interval in sigma")),
            Setting("fir", 0.0, N_("head start in sigma, often half of h"), zero=True),
            Setting("sums", "both", N_("number of sums"), choices=("both", "upper")),
        ),
        "h",
    ),
    "mewma": _Chart(
        "mewma",
        (
            Setting("variables", 2.0, N_("number of variables"), most=100, whole=True),
            Setting("lam", 0.1, N_("weight of the newest point"), most=1.0),
            Setting("h", math.nan, N_("limit of T²")),
        ),
        "h",
    ),
    "mcusum": _Chart(
        "mcusum",
        (
            Setting("variables", 2.0, N_("number of variables"), most=100, whole=True),
            Setting("k", 0.5, N_("allowance in sigma, half the distance to find")),
            Setting("h", math.nan, N_("limit of the sum")),
        ),
        "h",
    ),
}
_SEVERAL = ("mewma", "mcusum")
_SHEWHART = ("xbar-r", "xbar-s", "i-mr", "xbar", "individuals")


def run_length(
    kind: str = "shewhart",
    *,
    shift: float | Sequence[float] = SHIFTS,
    n: int = 1,
    rules: RulesLike = "bare",
    nsigma: float = 3.0,
    **design: Any,
) -> RunLength:
    """How long to a false alarm, and how soon is a shift found?

    Parameters
    ----------
    kind : str
        ``"shewhart"`` (also under the names of its charts, ``"xbar-r"`` or ``"i-mr"``), ``"ewma"``,
        ``"cusum"``, ``"mewma"`` or ``"mcusum"``.
    shift : float or sequence of float
        Shifts of the mean in sigma of single values; for mewma and mcusum the distance by the
        covariance. 0 to 3 by quarters when left out.
    n : int
        Size of the subgroups whose means are plotted.
    rules : RuleSet, str or sequence
        What judges the points of a Shewhart chart, as in ``rule_set``: any rules with any counts.
    nsigma : float
        Where the limits of a Shewhart chart stand.
    **design
        Design values of the others: ewma ``lam``, ``L``, ``limits``; cusum ``k``, ``h``, ``fir``, and
        ``sums="upper"`` for one side; mewma ``variables``, ``lam``, ``h``; mcusum
        ``variables``, ``k``, ``h``.

    Returns
    -------
    RunLength
        Average, standard deviation, percentiles, and the chance of a signal within so many points.

    Raises
    ------
    UnknownName
        For an unknown kind, rule or design value.
    DataError
        For values that cannot be, rules that remember too much, and limits that nothing ever passes.

    Examples
    --------
    >>> run_length(shift=[0, 1]).arl
    (370.398..., 43.894...)
    >>> found = run_length("ewma", lam=0.1, L=2.7, shift=1)
    >>> round(found.shifts[0].arl, 2)
    7.54
    """
    chart = _chart(kind)
    values = _settle(chart, design)
    chosen = rule_set(rules) if chart.reach == "nsigma" else None
    _check_number(nsigma, "nsigma")
    if chart.name in _SEVERAL and math.isnan(values["h"]):
        values["h"] = _sought(chart, values, chosen, 200.0)
    shifts = _shifts(shift)
    laws, error = _laws(chart.name, values, chosen, nsigma, [one * math.sqrt(_size(n)) for one in shifts])
    return RunLength(
        kind=chart.name,
        design=values,
        rules=chosen,
        nsigma=nsigma if chosen is not None else None,
        n=n,
        shifts=tuple(_at(one, law) for one, law in zip(shifts, laws, strict=True)),
        error=error,
    )


def run_length_limit(
    kind: str = "shewhart", *, arl: float, rules: RulesLike = "bare", **design: Any
) -> float:
    """Where do the limits stand for a wanted run length in control?

    Parameters
    ----------
    kind : str
        As in ``run_length``.
    arl : float
        Points to a false alarm on average.
    rules : RuleSet, str or sequence
        What judges the points of a Shewhart chart; one of them must be about points beyond the limits.
    **design
        The other design values, as in ``run_length``.

    Returns
    -------
    float
        ``nsigma`` of a Shewhart chart, ``L`` of an ewma, ``h`` of a cusum, mewma or mcusum.

    Raises
    ------
    UnknownName
        For an unknown kind, rule or design value.
    DataError
        When no limit gives that run length, or the limit itself is given.

    Examples
    --------
    >>> round(run_length_limit("ewma", arl=500, lam=0.1, limits="asymptotic"), 3)
    2.814
    >>> round(run_length_limit("cusum", arl=370, k=0.5), 4)
    4.7738
    """
    chart = _chart(kind)
    if chart.reach in design or (chart.reach == "nsigma" and "nsigma" in design):
        raise DataError(
            N_("the limit is what is sought"),
            mend=N_("Leave it out, or leave out arl"),
            argument=chart.reach,
        )
    values = _settle(chart, design)
    chosen = rule_set(rules) if chart.reach == "nsigma" else None
    if not 1 < arl < 1e9:
        raise DataError(
            N_("{value} is no average number of points to a false alarm"),
            mend=N_("Give a number above 1, such as 370 or 500"),
            argument="arl",
            value=arl,
        )
    return _sought(chart, values, chosen, float(arl))


def _sought(chart: _Chart, values: Mapping[str, Any], rules: RuleSet | None, arl: float) -> float:
    from scipy.optimize import brentq

    if chart.name == "ewma" and values["limits"] == "exact":
        return _sought_beside(chart, values, arl)
    length = _in_control(chart.name, values, rules)

    def miss(limit: float) -> float:
        return math.log(length(limit)) - math.log(arl)

    low, high = _bracket(chart.name, values, miss)
    found: float = brentq(miss, low, high, xtol=1e-10, rtol=1e-10)
    return found


def _sought_beside(chart: _Chart, values: Mapping[str, Any], arl: float) -> float:
    """The limit of an exact ewma, by secants from that of the long run, which costs little and rises so."""
    level = dict(values) | {"limits": "asymptotic"}
    length, rough = (_in_control(chart.name, of, None) for of in (values, level))
    limit = _sought(chart, level, None, arl)
    pace = math.log(rough(limit * 1.01) / rough(limit)) / (0.01 * limit)
    moved, missed = 0.0, math.inf
    while abs(missed) > NEAR:
        before, missed = missed, math.log(length(limit) / arl)
        if moved:
            pace = (missed - before) / moved
        moved = -missed / pace
        limit += moved
    return limit


def _bracket(name: str, values: Mapping[str, Any], miss: Callable[[float], float]) -> tuple[float, float]:
    """Two limits, one too narrow and one too wide, from a start where such charts mostly stand."""
    least = max(float(values.get("fir", 0.0)), 1e-3) if name == "cusum" else 1e-3
    most = {"cusum": 400.0, "mewma": 1000.0, "mcusum": 400.0}.get(name, WIDEST)
    start = {"cusum": 5.0, "mewma": 10.0, "mcusum": 6.0}.get(name, 3.0)
    low = high = min(max(start, least), most)
    if miss(low) > 0:
        while miss(low) > 0:
            low, high = low - 0.35 * (low - least), low
            if low - least < 1e-4:
                raise _no_limit()
        return low, high
    while miss(high) < 0:
        if high >= most:
            raise _no_limit()
        low, high = high, min(most, high * 1.3)
    return low, high


def _in_control(name: str, values: Mapping[str, Any], rules: RuleSet | None) -> Callable[[float], float]:
    """The average run length in control as a function of the limit."""
    if rules is not None:
        return lambda limit: _finite(shewhart_law(rules.rules, 0.0, limit).mean)
    if name == "ewma":
        return lambda limit: recursive.ewma_mean(values["lam"], limit, 0.0, exact=values["limits"] == "exact")
    if name == "cusum":
        mean = recursive.cusum_mean if values["sums"] == "upper" else recursive.cusum_both_mean
        return lambda limit: mean(values["k"], limit, 0.0, values["fir"])
    width = int(values["variables"])
    if name == "mcusum":
        return lambda limit: crosier.mcusum_mean(width, values["k"], limit, 0.0)
    return lambda limit: several.mewma_mean(width, values["lam"], limit, 0.0)


def _finite(mean: float) -> float:
    return min(mean, 1e300)


def _laws(
    name: str, values: Mapping[str, Any], rules: RuleSet | None, nsigma: float, shifts: Sequence[float]
) -> tuple[list[Law], float]:
    """The law at each shift, and the worst relative error of their means."""
    if rules is not None:
        laws = [shewhart_law(rules.rules, one, nsigma) for one in shifts]
        if not any(rule.test in MOVING for rule in rules.rules):
            return laws, 0.0
        finer = shewhart_law(rules.rules, shifts[0], nsigma, more=2).mean
        return laws, _error(laws[0].mean, finer)
    if name == "ewma":
        lam, reach, exact = values["lam"], values["L"], values["limits"] == "exact"
        laws = [recursive.ewma_law(lam, reach, one, exact=exact) for one in shifts]
        finer = recursive.ewma_mean(lam, reach, shifts[0], exact=exact, extra=EXTRA)
    elif name == "cusum":
        k, h, fir, upper = values["k"], values["h"], values["fir"], values["sums"] == "upper"
        law = recursive.cusum_law if upper else recursive.cusum_both_law
        laws = [law(k, h, one, fir) for one in shifts]
        mean = recursive.cusum_mean if upper else recursive.cusum_both_mean
        finer = mean(k, h, shifts[0], fir, extra=EXTRA)
    elif name == "mcusum":
        width, k, h = int(values["variables"]), values["k"], values["h"]
        laws = [crosier.mcusum_law(width, k, h, one) for one in shifts]
        hardest = min(range(len(shifts)), key=lambda at: (shifts[at] == 0, abs(shifts[at])))
        finer = crosier.mcusum_mean(width, k, h, shifts[hardest], extra=EXTRA // 2)
        return laws, _error(laws[hardest].mean, finer)
    else:
        width = int(values["variables"])
        laws = [several.mewma_law(width, values["lam"], values["h"], one) for one in shifts]
        finer = several.mewma_mean(width, values["lam"], values["h"], shifts[0], extra=EXTRA // 2)
    return laws, _error(laws[0].mean, finer)


def _error(mean: float, finer: float) -> float:
    return max(abs(mean / finer - 1.0), LEAST_ERROR) if math.isfinite(mean) else LEAST_ERROR


def _at(shift: float, law: Law) -> AtShift:
    if not math.isfinite(law.mean):
        raise DataError(
            N_("the limits are so wide that no point ever passes them"),
            mend=N_("Give narrower limits"),
            argument="nsigma",
        )
    return AtShift(
        shift=shift,
        arl=law.mean,
        sd=law.sd,
        quantiles=tuple(law.quantile(share) for share in SHARES),
        found=tuple(max(0.0, 1.0 - law.beyond(points)) for points in POINTS),
    )


def _chart(kind: str) -> _Chart:
    name = str(kind).lower().replace("_", "-")
    name = "shewhart" if name in _SHEWHART else name
    if name not in CHARTS:
        raise UnknownName(str(kind), CHARTS, what=N_("kind of chart with a run length"), argument="kind")
    return CHARTS[name]


def _settle(chart: _Chart, design: Mapping[str, Any]) -> dict[str, Any]:
    values = settle_values(chart, design)
    if chart.name in _SEVERAL and values["variables"] < 2:
        raise DataError(
            N_("a {kind} has several variables"),
            mend=N_("Give variables of at least 2, or use ewma or cusum"),
            kind=chart.name,
            argument="variables",
            value=values["variables"],
        )
    if chart.name == "cusum" and "h" in design and values["fir"] >= values["h"]:
        raise DataError(
            N_("a head start of {value} signals before the first point"),
            mend=N_("Give fir below h, often half of it"),
            argument="fir",
            value=values["fir"],
        )
    return values


def _shifts(shift: float | Sequence[float]) -> list[float]:
    listed = [shift] if isinstance(shift, int | float) else list(shift)
    found = [float(one) for one in listed]
    if not found or not all(math.isfinite(one) for one in found):
        raise DataError(
            N_("{value} is no shift"),
            mend=N_("Give finite numbers in sigma, such as 0, 1, 2"),
            argument="shift",
            value=next((one for one in found if not math.isfinite(one)), None),
        )
    return found


def _size(n: int) -> int:
    if not (1 <= n < math.inf) or n != int(n):
        raise DataError(
            N_("{value} is no size of a subgroup"),
            mend=N_("Give a whole number of at least 1"),
            argument="n",
            value=n,
        )
    return n


def _check_number(number: float, argument: str) -> None:
    if not 0 < number <= 40:
        raise DataError(
            N_("{value} is no reach of limits in sigma"),
            mend=N_("Give a number above 0 and up to 40, mostly 3"),
            argument=argument,
            value=number,
        )


def _no_limit() -> DataError:
    return DataError(
        N_("no limit gives this run length: the other rules alone signal sooner, or the wish is too small"),
        mend=N_("Ask for another run length, or leave out rules"),
        argument="arl",
    )
