"""The tests of counts: exact for nonconforming items and for defects or signals per unit.

The count before the action is given when a window is planned, so the power is that of the test as it will
be made, with this baseline.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from gemba.stats.distributions import chi2_ppf
from gemba.stats.inference.criterion import Criterion, Method, Tested, find_smallest
from gemba.stats.inference.observed import Observed
from gemba.stats.inference.tails import binomial_cdf, hypergeometric_cdf, poisson_cdf

Chance = Callable[[float, float, float], float]
"""The chance of at most ``count`` in ``n`` at a fraction or rate."""


@dataclass(frozen=True)
class Kind:
    """Items or events: their distribution, the interval of their level, the tests by name."""

    cdf: Chance
    bounds: Callable[[float, float, float], tuple[float, float]]
    unchanged: Callable[[Observed, float, float], float]
    whole: bool
    tests: tuple[str, str]

    def p_change(self, base: Observed, count: float, n: float) -> float:
        """The chance of so few after the action if nothing had changed."""
        return self.cdf(count, n, base.mean) if base.is_known else self.unchanged(base, count, n)

    def most_allowed(self, base: Observed, n: float, alpha: float) -> int:
        """The largest count that still shows an improvement; -1 where even zero does not."""
        low, high = -1, math.ceil(n * base.mean) + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.p_change(base, middle, n) <= alpha else (low, middle)
        return low

    def judge(self, criterion: Criterion, after: Observed, alpha: float) -> Tested:
        """The exact test against the baseline, and that against the target."""
        base, count, n = criterion.baseline, after.count, after.n
        lower, upper = self.bounds(count, n, alpha)
        return Tested(
            test=self.tests[0] if base.is_known else self.tests[1],
            statistic=count,
            df=math.nan,
            p_change=self.p_change(base, count, n),
            p_short=1.0 - self.cdf(count - 1, n, criterion.target),
            estimate=after.mean,
            lower=lower,
            upper=upper,
        )

    def power(self, criterion: Criterion, n: float, sd: float, alpha: float) -> float:  # noqa: ARG002 (counts)
        """The chance of a count that shows an improvement, at the target."""
        return self.cdf(self.most_allowed(criterion.baseline, n, alpha), n, criterion.target)

    def needed(self, criterion: Criterion, sd: float, alpha: float, power: float) -> float:  # noqa: ARG002
        """The window in which the fewest allowed nonconforming leave the power planned."""
        base = criterion.baseline

        def shortest(allowed: float) -> float:
            start = allowed + 1 if self.whole else max(1e-9, allowed / max(base.mean, 1e-300) / 4)
            return find_smallest(lambda n: self.p_change(base, allowed, n) <= alpha, start, whole=self.whole)

        def works(allowed: float) -> bool:
            return self.cdf(allowed, shortest(allowed), criterion.target) >= power

        return shortest(find_smallest(works, 0))


def _unchanged_items(base: Observed, count: float, n: float) -> float:
    """Fisher's exact test (Fisher 1935; conditional on the total count)."""
    marked, total = round(base.count + count), round(base.n + n)
    return hypergeometric_cdf(round(count), round(n), marked, total)


def _unchanged_events(base: Observed, count: float, n: float) -> float:
    """Przyborowski and Wilenski (1940), Biometrika 31:313: binomial, given the total count."""
    return binomial_cdf(count, base.count + count, n / (base.n + n))


def clopper_pearson(count: float, n: float, alpha: float) -> tuple[float, float]:
    """The exact bounds of a fraction, each at ``1 - alpha``. Clopper and Pearson (1934), Biometrika 26:404.

    Examples
    --------
    >>> [round(bound, 6) for bound in clopper_pearson(682, 925, 0.025)]
    [0.707668, 0.765407]
    """
    from scipy.special import betaincinv

    lower = 0.0 if count == 0 else float(betaincinv(count, n - count + 1, alpha))
    upper = 1.0 if count == n else float(betaincinv(count + 1, n - count, 1 - alpha))
    return lower, upper


def garwood(count: float, n: float, alpha: float) -> tuple[float, float]:
    """The exact bounds of a rate, each at ``1 - alpha``. Garwood (1936), Biometrika 28:437.

    Examples
    --------
    >>> [round(bound, 6) for bound in garwood(137, 24.19893, 0.025)]
    [4.753125, 6.692709]
    """
    lower = 0.0 if count == 0 else float(chi2_ppf(alpha, 2 * count)) / (2 * n)
    return lower, float(chi2_ppf(1 - alpha, 2 * count + 2)) / (2 * n)


ITEMS = Kind(binomial_cdf, clopper_pearson, _unchanged_items, whole=True, tests=("binomial", "fisher"))
EVENTS = Kind(
    lambda count, n, rate: poisson_cdf(count, n * rate),
    garwood,
    _unchanged_events,
    whole=False,
    tests=("poisson", "poisson ratio"),
)

FRACTION = Method(ITEMS.judge, ITEMS.power, ITEMS.needed)
RATE = Method(EVENTS.judge, EVENTS.power, EVENTS.needed)
