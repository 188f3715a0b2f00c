"""Confidence intervals of capability indices."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gemba.stats.distributions import chi2_ppf, normal_ppf
from gemba.stats.results import N_, DataError


@dataclass(frozen=True)
class Interval:
    """The bounds ``lower`` and ``upper`` of an index; the upper is infinite for a one-sided lower bound."""

    lower: float
    upper: float


def chi_square_interval(index: float, df: float, tails: tuple[float, float]) -> Interval:
    """An index that is a constant over a sigma with ``df`` degrees of freedom; exact for normal values.

    ``tails`` are the probabilities left out below and above; none above leaves the interval open.
    Source: Kotz and Johnson, Process Capability Indices (1993), section 2.3.
    """
    below, above = tails

    def bound(share: float) -> float:
        return index * math.sqrt(float(chi2_ppf(share, df)) / df)

    return Interval(bound(below), bound(1 - above))


def bissell_interval(index: float, n: int, df: float, tails: tuple[float, float]) -> Interval:
    """An index of one side, or the worse of two, by its normal approximation.

    index +- z sqrt(1 / 9n + index^2 / 2 df). Source: A. F. Bissell, Applied Statistics 39 (1990), 331-340.
    """
    below, above = tails
    error = math.sqrt(1 / (9 * n) + index**2 / (2 * df))
    return Interval(index + float(normal_ppf(below)) * error, index - float(normal_ppf(above)) * error)


def boyles_interval(cpm: float, n: int, offset: float, tails: tuple[float, float]) -> Interval:
    """Cpm, whose squared scatter about the target is nearly chi-square.

    ``offset`` is (mean - target) / sigma; the degrees of freedom are n (1 + a^2)^2 / (1 + 2 a^2).
    Source: R. A. Boyles, Journal of Quality Technology 23 (1991), 17-26.
    """
    square = offset**2
    return chi_square_interval(cpm, n * (1 + square) ** 2 / (1 + 2 * square), tails)


def check_level(level: float, *, argument: str) -> None:
    """Refuse a confidence that is none."""
    if not 0 < level < 1:
        raise DataError(
            N_("a confidence of {value} is impossible"),
            mend=N_("Give a number between 0 and 1, such as 0.95"),
            argument=argument,
            value=level,
        )
