"""Chart constants by other roads: exact products for c4, tanh-sinh sums of order statistics for ranges."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")


def c4(n: int) -> Decimal:
    """Double factorials in exact integers, one square root in 50 digits.

    Gamma(n/2) / Gamma((n-1)/2) is a rational number times sqrt(pi) or its inverse.
    """
    with localcontext() as context:
        context.prec = 50
        if n % 2 == 0:
            # Gamma(m) / Gamma(m - 1/2), m = n/2
            m = n // 2
            ratio = Fraction(math.factorial(m - 1) ** 2 * 4 ** (m - 1), math.factorial(2 * m - 2))
            gammas = _decimal(ratio) / _PI.sqrt()
        else:
            # Gamma(m + 1/2) / Gamma(m), m = (n - 1)/2
            m = (n - 1) // 2
            ratio = Fraction(math.factorial(2 * m), 4**m * math.factorial(m) * math.factorial(m - 1))
            gammas = _decimal(ratio) * _PI.sqrt()
        return (Decimal(2) / (n - 1)).sqrt() * gammas


def c5(n: int) -> Decimal:
    with localcontext() as context:
        context.prec = 50
        return (1 - c4(n) ** 2).sqrt()


def d2(n: int) -> float:
    """Twice the mean of the largest of n."""
    return 2.0 * _over_line(lambda x: x * n * _density(x) * _below(x) ** (n - 1))


def d3(n: int) -> float:
    """From the variance of the largest and the covariance of the smallest and the largest."""
    square = _over_line(lambda x: x * x * n * _density(x) * _below(x) ** (n - 1))
    mean = d2(n) / 2.0
    levels = 96 if n <= 100 else 192
    product = n * (n - 1) * _over_line(lambda x: x * _density(x) * _partner(x, n, 2 * levels), levels=levels)
    return math.sqrt(2.0 * (square - mean**2) - 2.0 * (product + mean**2))


def chance_of_range(width: float, n: int) -> float:
    """P(W <= w), the smallest value at the middle of the integral."""
    return _over_line(lambda x: n * _density(x) * (_below(x + width) - _below(x)) ** (n - 1))


def _partner(low: float, n: int, levels: int) -> float:
    def weighted(gap: float) -> float:
        return (low + gap) * _density(low + gap) * (_below(low + gap) - _below(low)) ** (n - 2)

    return _half_line(weighted, levels)


def _over_line(f: Callable[[float], float], levels: int = 512) -> float:
    """The double-exponential sum x = sinh(t) of ``f`` over the real line."""
    step = 6.0 / levels
    points = (k * step for k in range(-levels, levels + 1))
    return step * math.fsum(f(math.sinh(t)) * math.cosh(t) for t in points if abs(math.sinh(t)) < 36)


def _half_line(f: Callable[[float], float], levels: int) -> float:
    """The double-exponential sum x = exp(t - exp(-t)) of ``f`` from zero to infinity."""
    step = 4.0 / levels
    total = []
    for k in range(-levels, levels + 1):
        t = k * step
        x = math.exp(t - math.exp(-t))
        total.append(f(x) * x * (1.0 + math.exp(-t)))
    return step * math.fsum(total)


def _density(x: float) -> float:
    return math.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi)


def _below(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
