"""The tests of measured values: of the mean, of its distance from a nominal, and of the scatter.

The scatter after the action is never assumed to be that before it. A baseline of endless size is a known
figure, and each test becomes that of one sample.
"""

from __future__ import annotations

import math

from gemba.stats.distributions import chi2_ppf, chi2_sf, f_ppf, f_sf, t_ppf, t_sf
from gemba.stats.inference.criterion import Criterion, Method, Tested, find_smallest
from gemba.stats.inference.observed import Observed
from gemba.stats.inference.tails import noncentral_t_sf


def _judge_mean(criterion: Criterion, after: Observed, alpha: float) -> Tested:
    """Welch (1947), Biometrika 34:28; against the target Student's t of the values after the action."""
    base, sign = criterion.baseline, criterion.sign
    error, df = _welch(base, after.n, after.sd)
    t = (after.mean - base.mean) / error
    half, one, own = _of_mean(after, alpha)
    short = sign * (after.mean - criterion.target) / one
    return Tested(
        test="t" if base.is_known else "welch",
        statistic=t,
        df=df,
        p_change=float(t_sf(-sign * t, df)),
        p_short=float(t_sf(short, own)),
        estimate=after.mean,
        lower=after.mean - half,
        upper=after.mean + half,
    )


def _welch(base: Observed, n: float, sd: float) -> tuple[float, float]:
    """The standard error of the difference of two means, and its degrees of freedom."""
    now = sd**2 / n
    then = 0.0 if base.is_known else base.sd**2 / base.n
    total = now + then
    spread = now**2 / (n - 1) + (then**2 / (base.n - 1) if then else 0.0)
    return math.sqrt(total), total**2 / spread


def _of_mean(after: Observed, alpha: float) -> tuple[float, float, float]:
    """Half the interval of the mean, its standard error and its degrees of freedom."""
    error, df = after.sd / math.sqrt(after.n), after.n - 1
    return float(t_ppf(1 - alpha, df)) * error, error, df


def _power_mean(criterion: Criterion, n: float, sd: float, alpha: float) -> float:
    """By the noncentral t (Cohen 1988, section 2.2), with Welch's degrees of freedom."""
    if n < 2:
        return 0.0
    error, df = _welch(criterion.baseline, n, sd)
    step = abs(criterion.target - criterion.baseline.mean)
    return noncentral_t_sf(float(t_ppf(1 - alpha, df)), df, step / error)


def _needed_mean(criterion: Criterion, sd: float, alpha: float, power: float) -> float:
    return find_smallest(lambda n: _power_mean(criterion, n, sd, alpha) >= power, 2)


def _judge_shift(criterion: Criterion, after: Observed, alpha: float) -> Tested:
    """Two one-sided tests (Schuirmann 1987); off the nominal by Student's t of both sides."""
    half, error, df = _of_mean(after, alpha)
    off = after.mean - criterion.target
    p_inside = float(t_sf((criterion.margin - abs(off)) / error, df))
    return Tested(
        test="tost",
        statistic=off / error,
        df=df,
        p_change=p_inside,
        p_short=2 * float(t_sf(abs(off) / error, df)),
        estimate=after.mean,
        lower=after.mean - half,
        upper=after.mean + half,
    )


def _power_shift(criterion: Criterion, n: float, sd: float, alpha: float) -> float:
    """At least this chance for a mean on the nominal: both sides by the noncentral t, by Bonferroni."""
    if n < 2:
        return 0.0
    one = noncentral_t_sf(float(t_ppf(1 - alpha, n - 1)), n - 1, criterion.margin / (sd / math.sqrt(n)))
    return max(0.0, 2 * one - 1)


def _needed_shift(criterion: Criterion, sd: float, alpha: float, power: float) -> float:
    return find_smallest(lambda n: _power_shift(criterion, n, sd, alpha) >= power, 2)


def _judge_sd(criterion: Criterion, after: Observed, alpha: float) -> Tested:
    """The F test of two variances, chi-square against a known one and against the target."""
    base, df = criterion.baseline, after.n - 1
    squares = df * after.sd**2
    ratio = (after.sd / base.sd) ** 2
    change = 1 - chi2_sf(df * ratio, df) if base.is_known else f_sf(1 / ratio, base.n - 1, df)
    return Tested(
        test="chi-square" if base.is_known else "f",
        statistic=df * ratio if base.is_known else ratio,
        df=df,
        p_change=float(change),
        p_short=float(chi2_sf(squares / criterion.target**2, df)),
        estimate=after.sd,
        lower=math.sqrt(squares / float(chi2_ppf(1 - alpha, df))),
        upper=math.sqrt(squares / float(chi2_ppf(alpha, df))),
    )


def _power_sd(criterion: Criterion, n: float, sd: float, alpha: float) -> float:  # noqa: ARG001 (is the metric)
    """Exact: the ratio of the two variances times that of the two sigmas is F again."""
    if n < 2:
        return 0.0
    base = criterion.baseline
    gain = (base.sd / criterion.target) ** 2
    if base.is_known:
        return 1 - float(chi2_sf(gain * float(chi2_ppf(alpha, n - 1)), n - 1))
    return float(f_sf(float(f_ppf(1 - alpha, base.n - 1, n - 1)) / gain, base.n - 1, n - 1))


def _needed_sd(criterion: Criterion, sd: float, alpha: float, power: float) -> float:
    return find_smallest(lambda n: _power_sd(criterion, n, sd, alpha) >= power, 2)


MEAN = Method(_judge_mean, _power_mean, _needed_mean)
SHIFT = Method(_judge_shift, _power_shift, _needed_shift)
SD = Method(_judge_sd, _power_sd, _needed_sd)
