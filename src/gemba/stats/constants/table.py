"""The factors of control charts for any subgroup size, and the printed table that checks them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import ClassVar

import numpy as np

from gemba.stats.constants.deviations import c4_of, c5_of
from gemba.stats.constants.ranges import d2_of, d3_of, d4_of
from gemba.stats.constants.sizes import check_size
from gemba.stats.results import N_, Column, Floats, Ints, Result, Table, frozen_array, translator

_BASIC = ("c4", "c5", "d2", "d3", "d4")
_LIMITS = ("A", "A2", "A3", "B3", "B4", "B5", "B6", "D1", "D2", "D3", "D4", "E2")


@dataclass(frozen=True, kw_only=True, eq=False)
class ChartConstants(Result):
    """The factors of three-sigma control charts, one element for each subgroup size in ``n``.

    ``A``, ``A2``, ``A3`` times sigma, mean range, mean standard deviation give the half width of the limits
    of means; ``E2`` times the mean range that of individual values. ``B5``, ``B6`` and ``D1``, ``D2`` times
    sigma are the limits of standard deviations and ranges; ``B3``, ``B4`` and ``D3``, ``D4`` do the same
    times the mean standard deviation and the mean range. ``d2``, ``d3``, ``d4`` are mean, standard deviation
    and median of the relative range; ``c4``, ``c5`` mean and standard deviation of the relative standard
    deviation.
    """

    NAME: ClassVar[str] = "chart_constants"

    n: Ints
    A: Floats
    A2: Floats
    A3: Floats
    c4: Floats
    c5: Floats
    B3: Floats
    B4: Floats
    B5: Floats
    B6: Floats
    d2: Floats
    d3: Floats
    d4: Floats
    D1: Floats
    D2: Floats
    D3: Floats
    D4: Floats
    E2: Floats

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_("Factors of three-sigma control charts for subgroups of {first} to {last} values.")
        ).format(first=self.n.min(), last=self.n.max())

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = [Column("n", "n"), *(Column(name, name, decimals=4) for name in _BASIC + _LIMITS)]
        rows = list(zip(self.n, *(getattr(self, name) for name in _BASIC + _LIMITS), strict=True))
        return (Table.build(t(N_("Control chart factors")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "d2, d3 and d4 are the mean, standard deviation and median of the range of n independent "
                "normal values with sigma 1, by numerical integration. c4 and c5 are the mean and standard "
                "deviation of their standard deviation (divisor n - 1), in closed form. "
                "A = 3/√n, A2 = A/d2, A3 = A/c4, E2 = 3/d2; D1, D2 = d2 ∓ 3 d3; D3, D4 = D1/d2, D2/d2; "
                "B5, B6 = c4 ∓ 3 c5; B3, B4 = B5/c4, B6/c4; a factor below zero is zero. "
                "Printed tables (ASTM E2587; Montgomery, Appendix VI) carry three decimals, and some of them "
                "were computed from rounded d2 and d3: they differ by up to 0.002."
            )
        )


def control_chart_constants(n: int | Iterable[int] = range(2, 26)) -> ChartConstants:
    """Which factors turn an average spread into control limits, for subgroups of n values?

    Parameters
    ----------
    n : int or iterable of int
        Subgroup sizes, each at least 2; 2 to 25 when left out.

    Returns
    -------
    ChartConstants
        One array a factor, one element a size.

    Raises
    ------
    DataError
        For a size below 2.

    Notes
    -----
    The definitions of ASTM E2587 and Montgomery, Introduction to Statistical Quality Control, Appendix VI,
    from computed d2, d3, c4 and c5.

    Examples
    --------
    >>> factors = control_chart_constants(5)
    >>> float(factors.A2[0].round(4)), float(factors.D4[0].round(4))
    (0.5768, 2.1145)
    """
    listed = [n] if isinstance(n, int) else list(n)
    for size in listed:
        check_size(size)
    sizes: Ints = frozen_array(listed, np.int64)
    a = 3.0 / np.sqrt(sizes)
    mean_r, sd_r, mean_s, sd_s = d2_of(sizes), d3_of(sizes), c4_of(sizes), c5_of(sizes)
    d_low, d_high = np.maximum(mean_r - 3.0 * sd_r, 0.0), mean_r + 3.0 * sd_r
    b_low, b_high = np.maximum(mean_s - 3.0 * sd_s, 0.0), mean_s + 3.0 * sd_s
    factors = {
        "A": a, "A2": a / mean_r, "A3": a / mean_s, "E2": 3.0 / mean_r,
        "c4": mean_s, "c5": sd_s, "d2": mean_r, "d3": sd_r, "d4": d4_of(sizes),
        "B3": b_low / mean_s, "B4": b_high / mean_s, "B5": b_low, "B6": b_high,
        "D1": d_low, "D2": d_high, "D3": d_low / mean_r, "D4": d_high / mean_r,
    }  # fmt: skip
    return ChartConstants(n=sizes, **{name: frozen_array(values) for name, values in factors.items()})


def published_constants() -> dict[str, list[float]]:
    """What do printed tables of control chart factors say for n = 2 to 25?

    Returns
    -------
    dict of str to list of float
        The column ``n`` and one column a factor, with the rounding of the source (Montgomery, Introduction
        to Statistical Quality Control, Appendix VI; ASTM E2587 prints the same). A check, never an input.

    Examples
    --------
    >>> published_constants()["d2"][:3]
    [1.128, 1.693, 2.059]
    """
    text = (resources.files(__package__) / "published.csv").read_text(encoding="utf-8")
    head, *rows = csv.reader(text.splitlines())
    columns = zip(*rows, strict=True)
    return {name: [float(cell) for cell in column] for name, column in zip(head, columns, strict=True)}
