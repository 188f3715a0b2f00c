"""Phase I and Phase II: estimate limits from data, judge data by limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np

from gemba.stats.charts.advice import find_cautions
from gemba.stats.charts.chart import ControlChart, Stage
from gemba.stats.charts.conventions import convention_named
from gemba.stats.charts.design import (
    Covariance,
    Mean,
    Scale,
    check_known,
    check_parameters,
    choose_method,
    parts_of,
    settle_design,
    several_of,
)
from gemba.stats.charts.estimation import Promise, check_promise, correct
from gemba.stats.charts.intake import (
    Columns,
    Intake,
    Value,
    find_excluded,
    find_stages,
    take_in,
    used_points,
)
from gemba.stats.charts.kind import Band, Basis, Estimate, Kind, Parameters
from gemba.stats.charts.kinds import kind_named
from gemba.stats.charts.limits import Limits
from gemba.stats.charts.panel import Panel, as_level, join_panels, level_band, make_panel, stepped_band
from gemba.stats.charts.rules import (
    BARE,
    RuleSet,
    RulesLike,
    Violations,
    find_violations,
    rule_set,
    rules_for,
)
from gemba.stats.charts.sequence import in_sequence
from gemba.stats.data import Frame, backend_of, count_missing
from gemba.stats.data.subgroups import Returning
from gemba.stats.kernels import Engine, engine_name, working
from gemba.stats.results import N_, Bools, DataError, Floats, Marked, UnknownName


def control_chart(
    kind: str,
    frame: Frame,
    *,
    value: Value = None,
    subgroup: str | None = None,
    size: int | None = None,
    n: str | float | None = None,
    part: str | None = None,
    nominal: str | float | None = None,
    label: str | None = None,
    rules: RulesLike = BARE,
    exclude: Mapping[Any, str] | None = None,
    stages: str | None = None,
    frozen: Mapping[Any, Limits] | None = None,
    nsigma: float = 3.0,
    sigma_method: str | None = None,
    unbiased: bool = True,
    mean: Mean | None = None,
    sigma: Scale | None = None,
    covariance: Covariance | None = None,
    returning: Returning | None = None,
    engine: Engine = None,
    convention: str | None = None,
    corrected: Promise | None = None,
    **design: Any,
) -> ControlChart:
    """Is the process stable? Phase I: limits from the data themselves.

    Parameters
    ----------
    kind : {"xbar-r", "xbar-s", "i-mr", "p", "np", "c", "u", "ewma", "cusum", "ma", "laney-p", "laney-u",
        "g", "t", "i-mr-r", "i-mr-s", "t2", "mewma", "gv", "zone", "difference", "z-mr", "median", "r", "s",
        "mr", "levey-jennings", "mcusum", "pca", "regression", "residual"}
        The kind of chart.
    frame : Frame
        The data: a pandas, Polars or PyArrow frame, a dict of columns, a NumPy array or a list.
    value : str or list of str, optional
        The column of measurements or counts; several columns are the members of subgroups, and the variables
        of ``t2``, ``mewma``, ``mcusum``, ``pca`` and ``gv``; for ``regression`` the measurement first, then
        what drives it.
    subgroup, size : str, int, optional
        For ``xbar-r``, ``xbar-s``, ``median``, ``r``, ``s``, ``i-mr-r`` and ``i-mr-s``: the column that
        names the subgroup of each value, or how many rows in order make one. ``ewma``, ``cusum``, ``ma`` and
        ``zone`` take subgroups or, without both, single values; ``t2`` and ``mewma`` the same with rows;
        ``gv`` subgroups of rows.
        For other kinds ``subgroup`` names the points, as ``label`` does.
    n : str or float, optional
        For ``p``, ``np``, ``u``, ``laney-p`` and ``laney-u``: the column of the items or units inspected, or
        one number. For ``t2``, ``mewma``, ``mcusum`` and ``pca``: how many items each row is the mean of.
    part, nominal : str, optional
        For ``z-mr`` the column of the part that each value belongs to; for ``difference`` the column of
        nominals, or one number.
    label : str, optional
        A column that names the points.
    rules : RuleSet, str or sequence
        Run rules: ``"nelson"``, ``"western-electric"``, ``"1,2,5"``, a ``RuleSet``. Default: the limits only.
    exclude : mapping, optional
        Points to leave out of the estimate, by label or number from 1, each with its reason. They stay on
        the chart and are judged.
    stages : str, optional
        A column; wherever it changes, a stage with limits of its own begins, and rules start afresh.
    frozen : mapping, optional
        Stage -> limits to judge that stage by, instead of estimating them.
    nsigma : float
        Distance of the limits in standard deviations of the plotted statistic.
    sigma_method : str, optional
        ``"Rbar"``, ``"Rbar unweighted"``, ``"Sbar"``, ``"Sbar unweighted"``, ``"pooled"``; for individuals
        ``"average moving range"``, ``"median moving range"``, ``"sqrt(MSSD)"``. The first of a kind is its
        default. For unequal sizes ``Rbar`` and ``Sbar`` are minimum-variance estimates.
    unbiased : bool
        Take the bias out of ``pooled`` and ``sqrt(MSSD)``.
    mean, sigma : float, optional
        Historical parameters, used instead of estimates. For p and np the mean is a share, for c and u a
        rate, for g a count between events; for t both are of the transformed times; for several variables
        the mean is a mapping of name -> mean, or one number for each; for ``z-mr`` both are mappings of
        part -> number (of logarithms with ``pooling="relative"``).
    covariance : table, optional
        Historical covariance of several variables, row by row, beside their mean.
    returning : {"new", "join"}, optional
        What it means when a subgroup id returns later.
    engine : {"numpy", "fast"}, optional
        What computes: NumPy, or the compiled loops of the extra ``fast``, whose signals are the same. Without
        it the loops where they are installed and the data are many; ``chart.engine`` says which it was.
    convention : {"gemba", "minitab", "jmp", "aiag", "iso22514", "qcc"}, optional
        Whose way to take where nothing is said; see ``compare_conventions``.
    corrected : {"guaranteed", "average", "run length"}, optional
        For ``xbar-r``, ``xbar-s`` and ``i-mr``: limits of means or single values that keep their promise
        though mean and sigma are estimated from few points, as ``limit_correction`` has it.
    design : optional
        Design values of the kind by name: ``limits`` (``"normal"`` or ``"exact"``) of ``p``, ``np``, ``c``
        and ``u``; ``lam``, ``L`` and ``limits`` (``"exact"`` or ``"asymptotic"``)
        of ``ewma``; ``k``, ``h``, ``fir`` and ``after`` of ``cusum``; ``span`` of ``ma``; ``power`` of ``t``;
        ``between``, a historical sigma between subgroups, of ``i-mr-r`` and ``i-mr-s``; ``alpha`` of
        ``t2``; ``lam`` and ``h`` of ``mewma``; ``inner`` and ``after`` of ``zone``; ``pooling`` of ``z-mr``;
        ``k``, ``h`` and ``after`` of ``mcusum``; ``components``, ``share``, ``scale`` and ``alpha`` of
        ``pca``; ``limits`` (``"plain"`` or ``"prediction"``) of ``regression``; ``model`` (``"ar1"`` or
        ``"ima"``), ``phi`` and ``lam`` of ``residual``.

    Returns
    -------
    ControlChart
        ``limits``, ``panels``, ``violations``, ``stable``, ``excluded``, ``warnings``.

    Raises
    ------
    DataError
        When the data cannot make this chart, naming the row and the mend.

    Examples
    --------
    >>> chart = control_chart("i-mr", [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> round(chart.limits.sigma, 4), chart.stable
    (1.6641, True)
    """
    chosen = kind_named(kind)
    settled, nsigma = settle_design(chosen, design, nsigma)
    check_known(chosen, sigma_method)
    check_parameters(chosen, mean, sigma, nsigma, covariance)
    check_promise(kind, corrected, given=mean is not None or sigma is not None)
    asked = rule_set(rules)
    columns = Columns(value, subgroup, size, n, label, returning, part, nominal)
    intake = take_in(chosen, frame, columns)
    method = choose_method(
        chosen, intake.data, sigma_method, unbiased=unbiased, convention=convention_named(convention)
    )
    excluded = find_excluded(exclude, intake)
    used = used_points(excluded, intake.count)
    plan = _Plan(chosen, asked, method, unbiased, nsigma, mean, sigma, settled, covariance, corrected)
    pieces = []
    with working(engine, intake.count):
        for name, first, stop in find_stages(frame, stages, intake):
            limits = _frozen_for(name, frozen, kind)
            here = None if used is None or limits is not None else used[first:stop]
            pieces.append(_judge_stage(plan, intake, name, first, stop, here, limits))
        _refuse_unknown_stages(frozen, pieces)
        cautions = find_cautions(intake, [piece.stage for piece in pieces], estimated=True)
        return _chart(plan, "I", intake, pieces, frame, excluded=excluded, warnings=cautions)


def judge(
    limits: Limits,
    frame: Frame,
    *,
    value: Value = None,
    subgroup: str | None = None,
    size: int | None = None,
    n: str | float | None = None,
    part: str | None = None,
    nominal: str | float | None = None,
    label: str | None = None,
    rules: RulesLike = BARE,
    returning: Returning | None = None,
    training: bool = False,
    engine: Engine = None,
) -> ControlChart:
    """Is the process still what it was? Phase II: new data, frozen limits.

    Parameters
    ----------
    limits : Limits
        ``chart.limits`` of Phase I, or ``known_limits(...)``.
    frame, value, subgroup, size, n, part, nominal, label, rules, returning, engine
        As in ``control_chart``.
    training : bool
        The data are those that the limits were learned from: a t2 chart has other limits for them.

    Returns
    -------
    ControlChart
        With ``phase="II"``. Nothing is estimated from the new data.

    Examples
    --------
    >>> phase1 = control_chart("i-mr", [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> judge(phase1.limits, [50.0, 57.0, 51.0]).panel("i").beyond
    array([2])
    """
    kind = kind_named(limits.kind)
    columns = Columns(value, subgroup, size, n, label, returning, part, nominal)
    intake = take_in(kind, frame, columns)
    plan = _Plan(kind, rule_set(rules), limits.method, limits.unbiased, limits.nsigma, None, None, {})
    learned = np.ones(intake.count, dtype=np.bool_) if training else None
    with working(engine, intake.count):
        piece = _judge_stage(plan, intake, None, 0, intake.count, learned, limits)
        cautions = find_cautions(intake, [piece.stage], estimated=False)
        return _chart(plan, "II", intake, [piece], frame, excluded=(), warnings=cautions)


def known_limits(
    kind: str,
    *,
    mean: Mean | None = None,
    sigma: Scale | None = None,
    covariance: Covariance | None = None,
    nsigma: float = 3.0,
    name: str = "",
    **design: Any,
) -> Limits:
    """Limits from historical parameters, without data.

    Parameters
    ----------
    kind : str
        The kind of chart.
    mean : float, optional
        The process mean; for p and np a share, for c and u a rate; for several variables, and for the parts
        of ``z-mr``, as in ``control_chart``. Only ``r``, ``s`` and ``mr`` do without.
    sigma : float, optional
        The standard deviation within subgroups; not for counts, where it follows from the mean.
    covariance : table, optional
        The covariance of several variables, row by row.
    nsigma : float
        Distance of the limits in standard deviations of the plotted statistic.
    name : str
        The characteristic.
    design : optional
        Design values of the kind by name, as in ``control_chart``.

    Returns
    -------
    Limits
        To give to ``judge`` or ``start``.

    Raises
    ------
    UnknownName
        For a kind that does not exist.
    DataError
        For a sigma that is missing, not above zero, or given for counts; for a mean that cannot be.

    Examples
    --------
    >>> known_limits("c", mean=16).lines(1)[0]
    Lines(center=16.0, lcl=4.0, ucl=28.0, sigma=4.0)
    >>> known_limits("cusum", mean=10, sigma=2, h=4).design
    {'k': 0.5, 'h': 4.0, 'fir': 0.0, 'after': 'go on'}
    """
    chosen = kind_named(kind)
    settled, nsigma = settle_design(chosen, design, nsigma)
    mean = _known_mean(chosen, mean)
    check_parameters(chosen, mean, sigma, nsigma, covariance)
    if sigma is None and not chosen.sigma_follows and chosen.layout != "vectors":
        raise DataError(
            N_("a chart of measurements needs sigma"),
            mend=N_("Give the standard deviation within subgroups"),
            argument="sigma",
        )
    unknown = chosen.unknown(settled)
    if unknown is not None:
        raise DataError(
            N_("without data a chart of kind {kind} needs this too: {what}"),
            mend=N_("Give {name}"),
            argument=unknown.name,
            kind=chosen.name,
            what=Marked(unknown.words),
            name=unknown.name,
        )
    plan = _Plan(chosen, BARE, chosen.methods[0], True, nsigma, mean, sigma, settled, covariance)
    return _freeze(plan, None, name)


def _known_mean(kind: Kind[Any], mean: Mean | None) -> Mean:
    """The mean that was given; where it moves no line it may be left out."""
    if mean is None and not kind.spread_only:
        raise DataError(
            N_("a chart of kind {kind} needs the process mean"),
            mend=N_("Give mean"),
            argument="mean",
            kind=kind.name,
        )
    return 0.0 if mean is None else mean


@dataclass(frozen=True)
class _Plan:
    """What was asked of a chart, checked."""

    kind: Kind[Any]
    rules: RuleSet
    method: str
    unbiased: bool
    nsigma: float
    mean: Mean | None
    sigma: Scale | None
    design: Mapping[str, Any]
    covariance: Covariance | None = None
    corrected: Promise | None = None

    @property
    def known(self) -> bool:
        """Whether nothing is left to estimate."""
        scale = self.kind.sigma_follows or self.sigma is not None or self.covariance is not None
        return self.mean is not None and scale and self.kind.unknown(self.design) is None


@dataclass(frozen=True)
class _Piece:
    """One judged stage."""

    stage: Stage
    panels: tuple[Panel, ...]
    violations: tuple[Violations, ...]


def _judge_stage(
    plan: _Plan, intake: Intake, name: Any, first: int, stop: int, used: Bools | None, limits: Limits | None
) -> _Piece:
    whole = stop - first == intake.count
    data = intake.data if whole else intake.data.part(first, stop)
    points, sizes = plan.kind.statistic(data), intake.sizes[first:stop]
    learned = used
    if limits is None:
        estimate = None if plan.known else _estimate(plan, data, points, used, name)
        limits = _freeze(plan, estimate, intake.name, getattr(data, "names", ()))
        learned = np.broadcast_to(np.True_, stop - first) if used is None else used
    if plan.kind.course is None:
        bands = _lines(limits, sizes, same=intake.same_size)
    else:
        points, bands = plan.kind.course.along(limits.parameters, points, sizes, learned)
    panels = tuple(
        make_panel(panel, values, band, sizes)
        for panel, values, band in zip(plan.kind.panels, points, bands, strict=True)
    )
    found = tuple(_violations(panel, plan.rules) for panel in panels)
    return _Piece(Stage(name, first + 1, stop, limits), panels, found)


def _estimate(plan: _Plan, data: Any, points: tuple[Floats, ...], used: Bools | None, name: Any) -> Estimate:
    first = points[0][:, 0] if points[0].ndim > 1 else points[0]
    tried = first if used is None else first[used]
    enough = len(tried) - count_missing(tried)
    if enough < 2:
        raise DataError(
            N_("limits need at least two points with values, and the data have {count}")
            if name is None
            else N_("limits need at least two points with values, and stage {value} has {count}"),
            mend=N_("Give more data, or give mean and sigma"),
            argument="frame" if name is None else "stages",
            value=name,
            count=enough,
        )
    estimate = plan.kind.spread(Basis(data, points, used, plan.method, plan.unbiased, plan.design))
    unknown = math.isnan(estimate.sigma) and estimate.several is None
    if unknown and not plan.kind.sigma_follows and plan.sigma is None:
        raise DataError(
            N_("no two values stand together, so there is nothing to estimate sigma from"),
            mend=N_("Exclude fewer points, or give sigma"),
            argument="frame",
        )
    if plan.corrected is not None:
        return correct(estimate, plan.kind.name, plan.method, plan.corrected, plan.nsigma)
    return estimate


def _freeze(plan: _Plan, estimate: Estimate | None, name: str, variables: tuple[str, ...] = ()) -> Limits:
    """Limits from the estimate, with historical parameters in its place where they are given."""
    learned = estimate or Estimate(math.nan, math.nan, 0, 0.0, math.nan, math.nan)
    known = {"mean": plan.mean, "sigma": plan.sigma, "covariance": plan.covariance}
    mean, sigma, several = learned.mean, learned.sigma, learned.several
    parts = learned.parts
    if plan.kind.layout == "vectors":
        several = several or several_of(plan.mean, plan.covariance, variables)
    elif plan.kind.layout == "runs":
        parts = parts or parts_of(plan.kind, plan.mean, plan.sigma)
        mean, sigma = 0.0, 1.0
    else:
        mean = mean if plan.mean is None else float(cast("float", plan.mean))
        sigma = sigma if plan.sigma is None else float(cast("float", plan.sigma))
    if plan.kind.sigma_follows:
        of_one = plan.kind.limits(Parameters(mean, math.nan, 3.0, math.nan, math.nan), np.ones(1))
        sigma = float(of_one[0].sigma[0])
    given = plan.sigma is not None or plan.covariance is not None
    return Limits(
        kind=plan.kind.name,
        mean=mean,
        sigma=sigma,
        method="historical" if given else plan.method,
        nsigma=float(plan.nsigma),
        unbiased=plan.unbiased,
        points=learned.points,
        values=learned.values,
        smallest=learned.smallest,
        largest=learned.largest,
        dispersion=learned.dispersion if plan.sigma is None else math.nan,
        historical=tuple(key for key, value in known.items() if value is not None),
        name=name,
        design=plan.design,
        further=learned.further,
        several=several,
        parts=parts,
    )


def _lines(limits: Limits, sizes: Floats, *, same: bool) -> tuple[Band, ...]:
    """The lines of every point; constants are looked up once for each distinct size."""
    if same:
        return tuple(level_band(band, len(sizes)) for band in limits.bands(sizes[:1]))
    if kind_named(limits.kind).layout != "subgroups":
        return limits.bands(sizes)
    present = np.bincount(sizes.astype(np.int64)) > 0
    places = (np.cumsum(present) - 1)[sizes.astype(np.int64)]
    bands = limits.bands(np.flatnonzero(present).astype(np.float64))
    return tuple(stepped_band(band, places) for band in bands)


def _violations(panel: Panel, rules: RuleSet) -> Violations:
    suited = rules_for(panel.name, rules).rules
    center, sigma, lcl, ucl = map(as_level, (panel.center, panel.sigma, panel.lcl, panel.ucl))
    return find_violations(panel.name, panel.points, center, sigma, lcl, ucl, suited)


def _chart(
    plan: _Plan, phase: Literal["I", "II"], intake: Intake, pieces: list[_Piece], frame: Frame, **rest: Any
) -> ControlChart:
    panels = tuple(join_panels(parts) for parts in zip(*(piece.panels for piece in pieces), strict=True))
    found = [in_sequence(parts) for parts in zip(*(piece.violations for piece in pieces), strict=True)]
    return ControlChart(
        kind=plan.kind.name,
        phase=phase,
        stages=tuple(piece.stage for piece in pieces),
        panels=panels,
        rules=plan.rules,
        violations=Violations.join(found),
        labels=intake.labels,
        name=intake.name,
        axis=intake.axis,
        backend=backend_of(frame),
        engine=engine_name(),
        **rest,
    )


def _frozen_for(name: Any, frozen: Mapping[Any, Limits] | None, kind: str) -> Limits | None:
    limits = (frozen or {}).get(name)
    if limits is not None and limits.kind != kind:
        raise DataError(
            N_("the frozen limits of stage {stage} are of kind {value}, not {kind}"),
            mend=N_("Give limits of the same kind of chart"),
            argument="frozen",
            value=limits.kind,
            stage=name,
            kind=kind,
        )
    return limits


def _refuse_unknown_stages(frozen: Mapping[Any, Limits] | None, pieces: list[_Piece]) -> None:
    names = [piece.stage.name for piece in pieces]
    for name in frozen or {}:
        if name not in names:
            raise UnknownName(str(name), map(str, names), what=N_("stage"), argument="frozen")
