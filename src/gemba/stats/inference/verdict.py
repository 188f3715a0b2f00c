"""Did the action work, by the data, against the criterion fixed in advance?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from gemba.stats.data import Frame
from gemba.stats.figures import Figure
from gemba.stats.inference.criterion import Tested
from gemba.stats.inference.observed import Observed
from gemba.stats.inference.picture import Level, draw
from gemba.stats.inference.plan import COUNTED, METHODS, EffectivenessPlan, observe
from gemba.stats.inference.words import ASSUMED, METRICS, SOURCES, TESTS, amount, chance
from gemba.stats.results import N_, Column, DataError, Result, Table, Translate, translator

Verdict = Literal["effective", "not effective", "not yet shown"]

VERDICTS: dict[Verdict, str] = {
    "effective": N_("Effective"),
    "not effective": N_("Not effective"),
    "not yet shown": N_("Not yet shown"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Effectiveness(Result):
    """The verdict on an action.

    ``plan`` is the criterion, ``after`` what was observed; ``verdict`` is "effective", "not effective" or
    "not yet shown". ``look`` counts the judgements by this criterion; ``alpha`` and ``beta`` are the chances
    of error spent on this one. ``test`` with ``statistic`` and ``df`` gave ``p_change``, the chance of such
    data if nothing had changed, and ``p_short``, that of data at least as bad if the target had been reached.
    ``estimate`` lies between ``lower`` and ``upper`` with ``confidence``. ``power`` is the chance that these
    data had to show the target, ``needed`` the window that the power planned takes with the scatter seen.
    """

    NAME: ClassVar[str] = "effectiveness"

    plan: EffectivenessPlan
    after: Observed
    verdict: Verdict
    look: int
    alpha: float
    beta: float
    test: str
    statistic: float
    df: float
    p_change: float
    p_short: float
    estimate: float
    lower: float
    upper: float
    confidence: float
    power: float
    needed: float

    @property
    def is_judged(self) -> bool:
        """Whether the data allowed a test at all."""
        return not math.isnan(self.p_change)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        if not self.is_judged:
            return self._without_test(t)
        plan = self.plan
        what = t(N_("the mean")) if plan.metric == "shift" else t(N_("the {metric}"))
        figures = t(
            N_(
                "{verdict}: {what} of {name} is {estimate:.4g} ({lower:.4g} to {upper:.4g} at {level:g} %), "
                "from {before:.4g} before, with a target of {target:.4g}{margin}."
            )
        ).format(
            verdict=t(VERDICTS[self.verdict]),
            what=what.format(metric=t(METRICS[plan.metric])),
            name=plan.name,
            estimate=self.estimate,
            lower=self.lower,
            upper=self.upper,
            level=round(100 * self.confidence, 6),
            before=plan.before,
            target=plan.target,
            margin=f" ± {plan.margin:.4g}" if plan.metric == "shift" else "",
        )
        return f"{figures} {self._why(t)}"

    def _why(self, t: Translate) -> str:
        if self.verdict == "not yet shown":
            text = N_(
                "{amount} had a chance of {power:.0f} % to show the target; {needed} would give the "
                "{planned:.0f} % planned."
            )
        elif self.verdict == "effective":
            text = (
                N_("A mean outside the margin gives such data with {change}.")
                if self.plan.metric == "shift"
                else N_("No change at all gives such data with {change}.")
            )
        elif self.p_change <= self.alpha:
            text = N_(
                "It improved ({change}), but an action that reaches the target gives such data with {short}."
            )
        else:
            text = N_("An action that reaches the target gives such data with {short}.")
        return t(text).format(
            amount=amount(self.plan.metric, self.after.n, t),
            needed=amount(self.plan.metric, self.needed, t),
            power=100 * self.power,
            planned=100 * (1 - self.beta),
            change=chance(self.p_change),
            short=chance(self.p_short),
        )

    def _without_test(self, t: Translate) -> str:
        if self.after.n < 2:
            text = N_("Not yet shown: {amount} tell nothing; the plan needs {needed}.")
        else:
            text = N_(
                "Not yet shown: all {amount} are equal, so their scatter is unknown. "
                "Check the resolution of the gauge."
            )
        metric = self.plan.metric
        return t(text).format(amount=amount(metric, self.after.n, t), needed=amount(metric, self.plan.n, t))

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = (Column("figure", t(N_("Figure")), align="left"), Column("value", t(N_("Value")), digits=6))
        figures = [
            (t(N_("Before")), self.plan.before),
            (t(N_("After")), self.estimate),
            (t(N_("Lower bound")), self.lower),
            (t(N_("Upper bound")), self.upper),
            (t(N_("Target")), self.plan.target),
            (t(N_("Looked at before")), self.plan.baseline.n),
            (t(N_("Looked at after")), self.after.n),
            (t(N_("Statistic")), self.statistic),
            (t(N_("Degrees of freedom")), self.df),
            (t(N_("p, nothing changed")), self.p_change),
            (t(N_("p, target reached")), self.p_short),
            (t(N_("Power at the target")), self.power),
        ]
        rows = [(name, None if math.isnan(value) else value) for name, value in figures]
        notes = [t(TESTS[self.test])] if self.test else []
        return (Table.build(t(N_("Verdict")), columns, rows, notes),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        parts = [
            t(
                N_(
                    "Effective: no change would give such data with a chance of {alpha:g} at most, and the "
                    "target is not ruled out as surely. Not effective: an action that reaches the target "
                    "would give such data with a chance of {beta:g} at most ({least:g} if it improved). "
                    "Neither: not yet shown."
                )
            ).format(alpha=self.alpha, beta=self.beta, least=min(self.alpha, self.beta))
        ]
        if self.test:
            parts += [f"{t(TESTS[self.test])} ({t(SOURCES[self.test])}).", t(ASSUMED[self.test])]
        if self.look > 1:
            parts.append(
                t(
                    N_(
                        "This is judgement {look} by the same criterion. Each later one is given half the "
                        "chance of error, so that all together err at most twice as often as planned."
                    )
                ).format(look=self.look)
            )
        if self.after.missing:
            parts.append(t(N_("{missing} missing values were left out.")).format(missing=self.after.missing))
        return " ".join(parts)

    def plot(self, *, language: str | None = None) -> Figure:
        """The time before and after the action, against the target."""
        level = Level(self.estimate, self.lower, self.upper)
        return draw(self.plan, self.after.series, level, self.headline(language), language=language)


def effectiveness(
    plan: EffectivenessPlan,
    after: Frame | Observed,
    *,
    value: str | None = None,
    n: str | float | None = None,
    look: int = 1,
) -> Effectiveness:
    """Did the action work, by the data, against the criterion fixed in advance?

    Parameters
    ----------
    plan : EffectivenessPlan
        The criterion that ``effectiveness_plan`` fixed.
    after : Frame or Observed
        What was observed in the window after the action: data or figures.
    value : str, optional
        The column of measurements or counts.
    n : str or float, optional
        For counts: the column of sizes, or one size for all.
    look : int
        How often this criterion has been judged, this time included.

    Returns
    -------
    Effectiveness
        The verdict with test, estimate, interval, power and a plain sentence.

    Raises
    ------
    DataError
        For text or infinity in the data, counts that are none, or a ``look`` below 1.

    Notes
    -----
    Two tests of the same data. Against the baseline at ``alpha``: an action that changed nothing is called
    effective at most that often. Against the target at ``1 - power`` (at ``alpha`` if it improved): one that
    reached it is called not effective at most that often. Missing values are left out and counted; fewer
    than two values, no item at all, or values that are all equal give "not yet shown". Judgement k is given
    1 / 2^(k - 1) of both chances.

    Examples
    --------
    >>> from gemba.stats.inference import effectiveness_plan
    >>> plan = effectiveness_plan("fraction", Observed(n=2000, count=60), target=0.01)
    >>> effectiveness(plan, Observed(n=700, count=7)).verdict
    'effective'
    """
    if look < 1:
        raise DataError(
            N_("{value} is no number of judgements"),
            mend=N_("Count the judgements by this criterion from 1"),
            argument="look",
            value=look,
        )
    found, _ = observe(plan.metric, after, value, n, argument="after")
    if found.is_known:
        raise DataError(
            N_("what was observed after the action has a size, and {value} is a bare figure"),
            mend=N_("Give the data, or Observed(...) with its n"),
            argument="after",
            value=found.mean,
        )
    share = 0.5 ** (look - 1)
    alpha, beta = plan.alpha * share, (1 - plan.power) * share
    blank = found.n == 0 if plan.metric in COUNTED else found.n < 2 or found.sd == 0
    return _blank(plan, found, look, alpha, beta) if blank else _judge(plan, found, look, alpha, beta)


def _judge(plan: EffectivenessPlan, after: Observed, look: int, alpha: float, beta: float) -> Effectiveness:
    method, criterion = METHODS[plan.metric], plan.criterion
    tested = method.judge(criterion, after, alpha)
    return Effectiveness(
        plan=plan,
        after=after,
        verdict=_verdict(plan, tested, alpha, beta),
        look=look,
        alpha=alpha,
        beta=beta,
        test=tested.test,
        statistic=tested.statistic,
        df=tested.df,
        p_change=tested.p_change,
        p_short=tested.p_short,
        estimate=tested.estimate,
        lower=tested.lower,
        upper=tested.upper,
        confidence=1 - 2 * alpha,
        power=method.power(criterion, after.n, after.sd, alpha),
        needed=_needed(plan, after, alpha, beta),
        backend=plan.backend,
    )


def _verdict(plan: EffectivenessPlan, tested: Tested, alpha: float, beta: float) -> Verdict:
    """What improved misses its target only on evidence as strong; what did not, on that of the plan.

    So no action that reaches its target loses more than the power planned leaves. Within the margin is
    within, however surely off the nominal.
    """
    if tested.p_change <= alpha:
        missed = plan.metric != "shift" and tested.p_short <= min(alpha, beta)
        return "not effective" if missed else "effective"
    return "not effective" if tested.p_short <= beta else "not yet shown"


def _needed(plan: EffectivenessPlan, after: Observed, alpha: float, beta: float) -> float:
    """The window with the scatter seen; infinite where the baseline is too short for any."""
    try:
        return float(METHODS[plan.metric].needed(plan.criterion, after.sd, alpha, 1 - beta))
    except DataError:
        return math.inf


def _blank(plan: EffectivenessPlan, after: Observed, look: int, alpha: float, beta: float) -> Effectiveness:
    """What nothing, a single value or constant values say."""
    nothing = math.nan
    return Effectiveness(
        plan=plan,
        after=after,
        verdict="not yet shown",
        look=look,
        alpha=alpha,
        beta=beta,
        test="",
        statistic=nothing,
        df=nothing,
        p_change=nothing,
        p_short=nothing,
        estimate=after.sd if plan.metric == "sd" else after.mean,
        lower=nothing,
        upper=nothing,
        confidence=1 - 2 * alpha,
        power=nothing,
        needed=plan.n,
        backend=plan.backend,
    )
