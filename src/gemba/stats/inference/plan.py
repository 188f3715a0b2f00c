"""The criterion of an action, fixed in advance: how much data must be waited for?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, get_args

from gemba.stats.data import Frame, backend_of
from gemba.stats.figures import Figure
from gemba.stats.inference.counted import FRACTION, RATE
from gemba.stats.inference.criterion import Criterion, Direction, Method, Metric
from gemba.stats.inference.measured import MEAN, SD, SHIFT
from gemba.stats.inference.observed import Observed, observe_counts, observe_values
from gemba.stats.inference.picture import Level, draw
from gemba.stats.inference.words import METRICS, amount
from gemba.stats.results import N_, Column, DataError, Result, Table, UnknownName, translator

METHODS: dict[Metric, Method] = {"mean": MEAN, "shift": SHIFT, "sd": SD, "fraction": FRACTION, "rate": RATE}
COUNTED = ("fraction", "rate")


@dataclass(frozen=True, kw_only=True, eq=False)
class EffectivenessPlan(Result):
    """By what will be judged whether an action worked, and how long must one wait?

    ``metric`` of ``name`` shall go from that of the ``baseline`` to ``target``, in ``direction`` (for a
    shift: within ``margin`` of the nominal ``target``). ``alpha`` is the chance to call an action effective
    that changed nothing, 1 - ``power`` that to call one not effective that reached the target. ``n`` is the
    window that this takes, in values, items or units; ``days`` the same in days at ``per_day``. ``sd`` is the
    scatter expected of measured values.
    """

    NAME: ClassVar[str] = "effectiveness_plan"

    name: str
    metric: Metric
    direction: Direction
    baseline: Observed
    target: float
    margin: float
    sd: float
    alpha: float
    power: float
    n: float
    per_day: float
    days: float

    @property
    def before(self) -> float:
        """The metric before the action."""
        return self.baseline.sd if self.metric == "sd" else self.baseline.mean

    @property
    def criterion(self) -> Criterion:
        """What the tests need of the plan."""
        return Criterion(
            baseline=self.baseline,
            target=self.target,
            direction=self.direction,
            margin=self.margin,
            sd=self.sd,
        )

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        if self.metric == "shift":
            text = t(
                N_("The mean of {name} shall lie within {margin:.5g} of {target:.5g}: {amount} show it.")
            )
        else:
            text = t(
                N_("The {metric} of {name} shall go from {before:.4g} to {target:.4g}: {amount} show it.")
            )
        told = text.format(
            metric=t(METRICS[self.metric]),
            name=self.name,
            margin=self.margin,
            before=self.before,
            target=self.target,
            amount=amount(self.metric, self.n, t),
        )
        if math.isfinite(self.days):
            told += " " + t(N_("At {rate:g} a day that takes {days:.0f} days.")).format(
                rate=self.per_day, days=self.days
            )
        return told

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (Column("figure", t(N_("Figure")), align="left"), Column("value", t(N_("Value")), digits=6))
        rows = [
            (t(N_("Baseline")), self.before),
            (t(N_("Baseline, how much")), self.baseline.n),
            (t(N_("Target")), self.target),
            (t(N_("Alpha")), self.alpha),
            (t(N_("Power")), self.power),
            (t(N_("Window")), self.n),
        ]
        return (Table.build(t(N_("Criterion")), columns, rows),)

    def plot(self, *, language: str | None = None) -> Figure:
        """The time before the action, against the target."""
        return draw(self, None, Level(), self.headline(language), language=language)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "The window is the smallest in which an action that reaches the target is called effective "
                "with the power planned, while one that changes nothing is called so with chance alpha at "
                "most. Power of means by the noncentral t (a shift: at least), of scatter by F, of counts "
                "exactly, with the baseline as it was counted. The baseline must stand for the time before: "
                "one chosen because it was bad makes every action look good."
            )
        )


def effectiveness_plan(
    metric: Metric,
    baseline: Frame | Observed | float,
    *,
    target: float,
    value: str | None = None,
    n: str | float | None = None,
    margin: float | None = None,
    direction: Direction | None = None,
    sd: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    per_day: float | None = None,
) -> EffectivenessPlan:
    """By what will be judged whether an action worked, and how much data does that take?

    Parameters
    ----------
    metric : {"mean", "shift", "sd", "fraction", "rate"}
        The mean, its distance from a nominal, the standard deviation, the fraction of nonconforming items,
        or the rate of defects or signals per unit.
    baseline : Frame, Observed or float
        The time before the action: its data, its figures, or a number that is known without error.
    target : float
        What the metric shall reach; for a shift the nominal.
    value : str, optional
        The column of measurements or counts.
    n : str or float, optional
        For counts: the column of sizes, or one size for all.
    margin : float, optional
        For a shift: how far from the nominal the mean may lie.
    direction : {"lower", "higher", "nominal"}, optional
        The better side; follows from baseline and target, and is checked where it is given.
    sd : float, optional
        The scatter expected after the action, if not that of the baseline.
    alpha : float
        The chance to call an action effective that changed nothing.
    power : float
        The chance to call one effective that reaches the target.
    per_day : float, optional
        How many values, items or units come a day.

    Returns
    -------
    EffectivenessPlan
        The criterion with the window ``n`` that it takes; ``effectiveness`` judges by it.

    Raises
    ------
    DataError
        For a target that the baseline meets already or that lies on the worse side, a baseline of one value
        or without scatter, a chance that is none, or a window beyond ten million.

    Notes
    -----
    Power by the noncentral t (Cohen 1988, chapter 2), F, or exactly for counts.

    Examples
    --------
    >>> plan = effectiveness_plan("fraction", Observed(n=2000, count=60), target=0.01, per_day=50)
    >>> plan.n, plan.days
    (364.0, 8.0)
    """
    if metric not in METRICS:
        raise UnknownName(str(metric), METRICS, what=N_("metric"), argument="metric")
    found, name = observe(metric, baseline, value, n, argument="baseline")
    found = _with_scatter(metric, found, sd)
    _check_chance(alpha, 0.5, "alpha", N_("Give a number between 0 and 0.5, such as 0.05"))
    _check_chance(power, 1.0, "power", N_("Give a number between 0 and 1, such as 0.8"))
    criterion = Criterion(
        baseline=found,
        target=_checked_target(metric, target),
        direction=_direction(metric, found, target, direction),
        margin=_checked_margin(metric, margin),
        sd=found.sd if sd is None else sd,
    )
    needed = METHODS[metric].needed(criterion, criterion.sd, alpha, power)
    daily = math.nan if per_day is None else _checked_daily(per_day)
    return EffectivenessPlan(
        name=name,
        metric=metric,
        direction=criterion.direction,
        baseline=found,
        target=criterion.target,
        margin=criterion.margin,
        sd=criterion.sd,
        alpha=alpha,
        power=power,
        n=_round_up(needed),
        per_day=daily,
        days=math.nan if per_day is None else float(math.ceil(needed / daily)),
        backend="dict" if isinstance(baseline, Observed) else backend_of(baseline),
    )


def observe(
    metric: Metric,
    given: Frame | Observed | float,
    value: str | None,
    n: str | float | None,
    *,
    argument: str,
) -> tuple[Observed, str]:
    """Data or figures as what a test of the metric needs, and their name."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        number = float(given)
        _check_finite(number, argument)
        known = Observed(n=math.inf, sd=number) if metric == "sd" else Observed(n=math.inf, mean=number)
        return known, value or "value"
    if isinstance(given, Observed):
        return _complete(metric, given, argument), value or "value"
    if metric in COUNTED:
        return observe_counts(given, value, n, items=metric == "fraction", argument=argument)
    return observe_values(given, value, argument=argument)


def _complete(metric: Metric, given: Observed, argument: str) -> Observed:
    needed = {"fraction": ("count",), "rate": ("count",), "sd": ("sd",)}.get(metric, ("mean", "sd"))
    if given.is_known:
        needed = ("sd",) if metric == "sd" else ("mean",)
    lacking = [name for name in needed if math.isnan(getattr(given, name))]
    if lacking and given.n > (0 if metric in COUNTED else 1):
        raise DataError(
            N_("a {metric} needs the figure {value}"),
            mend=N_(
                "Give Observed(n=..., count=...) for counts, Observed(n=..., mean=..., sd=...) for values"
            ),
            argument=argument,
            value=lacking[0],
            metric=metric,
        )
    if metric == "fraction" and not given.is_known and given.n != math.floor(given.n):
        raise DataError(
            N_("{value} is no whole number of items"),
            mend=N_("Correct it, or use the metric rate for defects per unit"),
            argument=argument,
            value=given.n,
        )
    if metric == "fraction" and given.count > given.n:
        raise DataError(
            N_("{value} nonconforming items of {n} is impossible"),
            mend=N_("Correct one of them, or use the metric rate if an item can have several defects"),
            argument=argument,
            value=given.count,
            n=f"{given.n:g}",
        )
    return given


def _with_scatter(metric: Metric, base: Observed, sd: float | None) -> Observed:
    """The baseline, refused where it is too short or without scatter."""
    if base.n < (1 if metric in COUNTED else 2):
        raise DataError(
            N_("the baseline holds {value} value(s), too few to compare with"),
            mend=N_("Take a longer time before the action, or give a known number"),
            argument="baseline",
            value=base.n,
        )
    if metric in COUNTED:
        return base
    scatter = base.sd if sd is None or metric == "sd" or not base.is_known else sd
    if not 0 < scatter < math.inf or (sd is not None and not 0 < sd < math.inf):
        raise DataError(
            N_("the baseline has no scatter to compare with: its standard deviation is {value}"),
            mend=N_(
                "Check the resolution of the gauge; beside a known number give the expected scatter as sd"
            ),
            argument="sd" if base.is_known else "baseline",
            value=float(scatter),
        )
    return base


def _direction(metric: Metric, base: Observed, target: float, given: Direction | None) -> Direction:
    """The better side, from the baseline to the target."""
    if metric == "shift":
        follows: Direction = "nominal"
    else:
        before = base.sd if metric == "sd" else base.mean
        follows = "higher" if metric == "mean" and target > before else "lower"
        if target == before or (target > before and follows == "lower"):
            raise DataError(
                N_("the baseline of {before} is no worse than the target {value}"),
                mend=N_("Give a target on the better side of the baseline: less is better for this metric")
                if metric != "mean"
                else N_("Give a target that differs from the baseline"),
                argument="target",
                value=float(target),
                before=float(before),
            )
    if given not in (None, follows):
        if given not in get_args(Direction):
            raise UnknownName(str(given), get_args(Direction), what=N_("direction"), argument="direction")
        raise DataError(
            N_("the direction is {value}, but from the baseline to the target it is {follows}"),
            mend=N_("Correct the direction or the target"),
            argument="direction",
            value=given,
            follows=follows,
        )
    return follows


def _checked_target(metric: Metric, target: float) -> float:
    _check_finite(target, "target")
    least = -math.inf if metric in ("mean", "shift") else 0.0
    if target < least or (metric == "sd" and target == 0):
        raise DataError(
            N_("the target {value} cannot be reached: it is below what the metric can be"),
            mend=N_("Give a number above zero; a fraction or a rate may be zero"),
            argument="target",
            value=float(target),
        )
    return float(target)


def _checked_margin(metric: Metric, margin: float | None) -> float:
    if metric != "shift":
        return math.nan
    if margin is None or not 0 < margin < math.inf:
        raise DataError(
            N_("a shift needs its margin, and {value} is none"),
            mend=N_("Give how far from the nominal the mean may lie, above zero"),
            argument="margin",
            value=margin,
        )
    return float(margin)


def _checked_daily(per_day: float) -> float:
    if not 0 < per_day < math.inf:
        raise DataError(
            N_("{value} a day is no pace"),
            mend=N_("Give how many values, items or units come a day, above zero"),
            argument="per_day",
            value=per_day,
        )
    return float(per_day)


def _check_finite(value: float, argument: str) -> None:
    if not math.isfinite(value):
        raise DataError(
            N_("{value} is no finite number"), mend=N_("Give a number"), argument=argument, value=value
        )


def _check_chance(value: float, below: float, argument: str, mend: str) -> None:
    if not 0 < value < below:
        raise DataError(N_("a chance of {value} is impossible"), mend=mend, argument=argument, value=value)


def _round_up(n: float) -> float:
    """Whole numbers as they are, exposures up to four digits."""
    if n == math.floor(n):
        return float(n)
    step = 10.0 ** (math.floor(math.log10(n)) - 3)
    return round(math.ceil(n / step) * step, 12)
