"""The verdict on an action the slow way: chances by counting and by Simpson's rule, bounds by halving."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any


def simpson(f: Callable[[float], float], low: float, high: float, panels: int = 3000) -> float:
    step = (high - low) / panels
    inner = math.fsum((4 if k % 2 else 2) * f(low + k * step) for k in range(1, panels))
    return (f(low) + inner + f(high)) * step / 3


def t_above(t: float, df: float) -> float:
    """With t = sqrt(df) tan(angle) the density is a power of a cosine."""
    angle = math.atan(t / math.sqrt(df))
    density = lambda a: math.cos(a) ** (df - 1)  # noqa: E731 (one line of a book)
    return simpson(density, angle, math.pi / 2) / (2 * simpson(density, 0.0, math.pi / 2))


def f_above(f: float, df1: float, df2: float) -> float:
    """With df1 f / df2 = cot(angle)^2 the density is powers of sine and cosine."""
    angle = math.atan(math.sqrt(df2 / (df1 * f)))
    density = lambda a: math.sin(a) ** (df2 - 1) * math.cos(a) ** (df1 - 1)  # noqa: E731
    return simpson(density, 0.0, angle) / simpson(density, 0.0, math.pi / 2)


def chi2_above(x: float, df: float) -> float:
    density = lambda y: y ** (df - 1) * math.exp(-y * y / 2)  # noqa: E731
    far = math.sqrt(df) + 14
    return simpson(density, math.sqrt(x), far) / simpson(density, 0.0, far)


def halved(rises: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    for _ in range(48):
        middle = (low + high) / 2
        low, high = (low, middle) if rises(middle) > wanted else (middle, high)
    return (low + high) / 2


def moments(values: Sequence[float]) -> tuple[float, float]:
    exact = [Fraction(v) for v in values]
    mean = sum(exact, Fraction(0)) / len(exact)
    return float(mean), math.sqrt(sum((v - mean) ** 2 for v in exact) / (len(exact) - 1))


def at_most(count: int, n: int, p: float) -> float:
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(count + 1))


def fisher(x0: int, n0: int, x1: int, n1: int) -> float:
    every = math.comb(n0 + n1, x0 + x1)
    ways = sum(math.comb(n1, k) * math.comb(n0, x0 + x1 - k) for k in range(x1 + 1))
    return float(Fraction(ways, every))


def poisson_at_most(count: int, mean: float) -> float:
    return math.fsum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count + 1))


def of_mean(before: Sequence[float], after: Sequence[float], target: float, alpha: float) -> dict[str, Any]:
    """Less is better."""
    (m0, s0), (m1, s1) = moments(before), moments(after)
    v0, v1 = s0**2 / len(before), s1**2 / len(after)
    df = (v0 + v1) ** 2 / (v0**2 / (len(before) - 1) + v1**2 / (len(after) - 1))
    t, own, error = (m1 - m0) / math.sqrt(v0 + v1), len(after) - 1, math.sqrt(v1)
    half = halved(lambda q: 1 - t_above(q, own), 1 - alpha, 0.0, 50.0) * error
    return {
        "statistic": t,
        "df": df,
        "p_change": t_above(-t, df),
        "p_short": t_above((m1 - target) / error, own),
        "lower": m1 - half,
        "upper": m1 + half,
    }


def of_sd(before: Sequence[float], after: Sequence[float], target: float, alpha: float) -> dict[str, Any]:
    (_, s0), (_, s1) = moments(before), moments(after)
    df0, df1 = len(before) - 1, len(after) - 1
    squares = df1 * s1**2

    def above(wanted: float) -> float:
        return halved(lambda x: -chi2_above(x, df1), -wanted, 1e-6, 20.0 * df1)

    return {
        "statistic": (s1 / s0) ** 2,
        "p_change": f_above((s0 / s1) ** 2, df0, df1),
        "p_short": chi2_above(squares / target**2, df1),
        "lower": math.sqrt(squares / above(alpha)),
        "upper": math.sqrt(squares / above(1 - alpha)),
    }


def of_fraction(
    before: tuple[int, int], after: tuple[int, int], target: float, alpha: float
) -> dict[str, Any]:
    (x0, n0), (x1, n1) = before, after
    return {
        "statistic": x1,
        "p_change": fisher(x0, n0, x1, n1),
        "p_short": 1 - at_most(x1 - 1, n1, target),
        "lower": halved(lambda p: 1 - at_most(x1 - 1, n1, p), alpha, 0.0, 1.0),
        "upper": halved(lambda p: -at_most(x1, n1, p), -alpha, 0.0, 1.0),
    }


def of_rate(before: tuple[int, int], after: tuple[int, int], target: float, alpha: float) -> dict[str, Any]:
    (x0, t0), (x1, t1) = before, after
    far = 40.0 * (x1 + 10) / t1
    return {
        "statistic": x1,
        "p_change": at_most(x1, x0 + x1, t1 / (t0 + t1)),
        "p_short": 1 - poisson_at_most(x1 - 1, target * t1),
        "lower": halved(lambda r: 1 - poisson_at_most(x1 - 1, r * t1), alpha, 0.0, far),
        "upper": halved(lambda r: -poisson_at_most(x1, r * t1), -alpha, 0.0, far),
    }


def window(x0: int, n0: int, target: float, alpha: float, power: float) -> int:
    """The first number of items in which some count shows an improvement and is likely at the target."""
    for n in range(1, 10_000):
        allowed = next(x for x in range(n + 1) if fisher(x0, n0, x, n) > alpha) - 1
        if allowed >= 0 and at_most(allowed, n, target) >= power:
            return n
    raise ValueError("no window")


def verdict(figures: Mapping[str, Any], alpha: float, beta: float) -> str:
    changed = figures["p_change"] <= alpha
    if figures["p_short"] <= (min(alpha, beta) if changed else beta):
        return "not effective"
    return "effective" if changed else "not yet shown"
