"""The capability study: from a frame and limits to one answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gemba.stats.capability.indices import compute_cpm, compute_indices
from gemba.stats.capability.intervals import check_level
from gemba.stats.capability.nonconforming import expected_ppm, observed_ppm, z_bench
from gemba.stats.capability.remarks import Remark, remarks_on_chance, remarks_on_data, remarks_on_normality
from gemba.stats.capability.result import Capability, Sigma
from gemba.stats.capability.stability import judge_stability
from gemba.stats.capability.within import by_convention
from gemba.stats.charts import ControlChart, Convention, convention_named
from gemba.stats.charts.rules import BARE, RulesLike
from gemba.stats.data import Frame, Subgroups, Tolerance, backend_of
from gemba.stats.data.subgroups import Returning, is_wide
from gemba.stats.data.tolerance import Number
from gemba.stats.distributions import anderson_darling, mean, standard_deviation
from gemba.stats.results import N_, DataError, Floats, UnknownName


def capability(
    frame: Frame,
    *,
    value: str | Sequence[str] | None = None,
    subgroup: str | None = None,
    size: int | None = None,
    lsl: Number | None = None,
    usl: Number | None = None,
    target: Number | None = None,
    lower_natural: bool = False,
    upper_natural: bool = False,
    within: str | None = None,
    unbiased: bool = True,
    cpm_sigma: Sigma | None = None,
    z_shift: float | None = None,
    confidence: float = 0.95,
    min_cpk: float = 1.33,
    rules: RulesLike = BARE,
    returning: Returning | None = None,
    convention: str | None = None,
) -> Capability:
    """Can the process keep its specification, and is it stable enough to say so?

    Parameters
    ----------
    frame : Frame
        Measurements in time order: long (one value a row), wide (one subgroup a row), or bare numbers.
    value : str or list of str, optional
        The column, or the columns of wide data.
    subgroup, size : str, int, optional
        The column that names the subgroup, or how many rows make one. Without either the values are
        individuals.
    lsl, usl : number or text, optional
        Specification limits; a blank is no limit, never zero.
    target : number or text, optional
        The wanted value. Cpm is computed only when it is given.
    lower_natural, upper_natural : bool
        The limit is a bound that cannot be passed, such as zero for roundness: no index against it.
    within : str, optional
        Estimator of sigma within. Subgroups: ``"pooled"`` (default), ``"Rbar"``, ``"Sbar"``, or
        ``"between/within"`` where batches differ by nature; individuals:
        ``"average moving range"`` (default), ``"median moving range"``, ``"sqrt(MSSD)"``.
    unbiased : bool
        Take the small bias out of ``"pooled"`` and ``"sqrt(MSSD)"``.
    cpm_sigma : {"overall", "within"}, optional
        The sigma in Cpm; overall, unless the convention takes the other.
    z_shift : float, optional
        Added to Z.bench overall in the sigma level, such as 1.5. Default: no shift.
    confidence : float
        Of the intervals, above 0 and below 1.
    min_cpk : float
        What Cpk must reach with confidence, by its lower bound, for the process to be called capable.
    rules : RuleSet, str or sequence
        Run rules of the control chart that judges stability; default only the control limits.
    returning : {"new", "join"}, optional
        What a subgroup id means that returns after others.
    convention : {"gemba", "minitab", "jmp", "aiag", "iso22514", "qcc"}, optional
        Whose way to take where nothing is said; see ``compare_conventions``.

    Returns
    -------
    Capability
        Indices within and overall, intervals, ppm, stability, normality, verdict.

    Raises
    ------
    DataError
        For fewer than two values, constant values, no limit, a lower limit not below the upper, a target
        outside the limits, a confidence outside 0 to 1, text or infinity in the column.
    UnknownName
        For an unknown column, estimator or rule.

    Notes
    -----
    Cp and Cpk stand on sigma within, Pp and Ppk on sigma overall; the two are never mixed. Of constant data
    nothing can be said, so they are refused. Where only sigma within is zero, Cp and Cpk are ``None``. The
    indices of an unstable process are there as numbers, and whatever shows them says "not stable: not
    meaningful". Sources: ISO 22514-2:2017; AIAG, Statistical Process Control, 2nd ed. (2005); Montgomery,
    Introduction to Statistical Quality Control, 7th ed., chapter 8. ``explain()`` names the rest.

    Examples
    --------
    >>> study = capability([9.8, 10.1, 10.0, 9.9, 10.3, 10.1, 9.7, 10.0], lsl=9, usl=11)
    >>> round(study.ppk, 2), study.stable
    (1.75, True)
    """
    way = convention_named(convention)
    cpm_sigma = _check_arguments(confidence, min_cpk, cpm_sigma, way)
    given = Tolerance.of(lsl, usl, target, lower_natural=lower_natural, upper_natural=upper_natural)
    tolerance = replace(given, target=given.middle) if way.middle and given.target is None else given
    layout = _layout(frame, value, subgroup, size, returning)
    subgroups = Subgroups.of(frame, **layout)
    _check_spread(subgroups)
    sigma, estimator = by_convention(subgroups, within, way, unbiased=unbiased)
    values = subgroups.values
    center, overall = mean(values), standard_deviation(values)
    chart = judge_stability(subgroups, frame, layout, estimator, rules)
    a_squared, p = _normality(values)
    groups = int(np.count_nonzero(subgroups.sizes))
    return Capability(
        name=subgroups.name,
        values=values,
        n=len(values),
        missing=subgroups.missing,
        groups=groups,
        mean=center,
        sigma_within=sigma,
        sigma_overall=overall,
        within=estimator,
        tolerance=tolerance,
        **_index_fields(center, sigma, overall, tolerance),
        cpm=compute_cpm(center, overall if cpm_sigma == "overall" else sigma, tolerance),
        cpm_sigma=cpm_sigma,
        **_tail_fields(values, center, sigma, overall, tolerance),
        z_shift=z_shift,
        chart=chart,
        anderson_darling=a_squared,
        normality_p=p,
        remarks=_remarks(subgroups, groups, sigma, tolerance, chart, a_squared, p),
        confidence=confidence,
        min_cpk=min_cpk,
        convention=None if convention is None else way.name,
        backend=backend_of(frame),
    )


def _remarks(
    subgroups: Subgroups,
    groups: int,
    sigma: float,
    tolerance: Tolerance,
    chart: ControlChart | None,
    a_squared: float | None,
    p: float | None,
) -> tuple[Remark, ...]:
    values = subgroups.values
    return (
        *remarks_on_data(values, groups, subgroups.missing, sigma, tolerance),
        *remarks_on_chance(chart),
        *remarks_on_normality(len(values), a_squared, p),
    )


def _index_fields(center: float, sigma: float, overall: float, tolerance: Tolerance) -> dict[str, Any]:
    """The indices of both sigmas under their names."""
    fields: dict[str, Any] = {}
    for names, spread in ((("cp", "cpl", "cpu", "cpk"), sigma), (("pp", "ppl", "ppu", "ppk"), overall)):
        fields |= zip(names, compute_indices(center, spread, tolerance), strict=True)
    return fields


def _tail_fields(
    values: Floats, center: float, sigma: float, overall: float, tolerance: Tolerance
) -> dict[str, Any]:
    """What lies outside the limits, seen and expected."""
    return {
        "ppm_observed": observed_ppm(values, tolerance),
        "ppm_within": expected_ppm(center, sigma, tolerance) if sigma > 0 else None,
        "ppm_overall": expected_ppm(center, overall, tolerance),
        "z_bench_within": z_bench(center, sigma, tolerance) if sigma > 0 else None,
        "z_bench_overall": z_bench(center, overall, tolerance),
    }


def _layout(
    frame: Frame,
    value: str | Sequence[str] | None,
    subgroup: str | None,
    size: int | None,
    returning: Returning | None,
) -> dict[str, Any]:
    """The arguments that make the subgroups; without a word about them each value is its own."""
    alone = subgroup is None and size is None and not is_wide(frame, value)
    return {"value": value, "subgroup": subgroup, "size": 1 if alone else size, "returning": returning}


def _check_spread(subgroups: Subgroups) -> None:
    values = subgroups.values
    if len(values) < 2:
        raise DataError(
            N_("there is one value, and one value has no spread"),
            mend=N_("Give at least two values, better 100"),
            column=subgroups.name,
        )
    if values.min() == values.max():
        raise DataError(
            N_("all {count} values are {value}, so there is no spread and no capability to state"),
            mend=N_("Check that this is the right column and that the gauge resolves the tolerance"),
            column=subgroups.name,
            value=float(values[0]),
            count=len(values),
        )


def _check_arguments(confidence: float, min_cpk: float, cpm_sigma: Sigma | None, way: Convention) -> Sigma:
    """The sigma of Cpm, asked or of the convention, when all of them can be."""
    check_level(confidence, argument="confidence")
    if not 0 < min_cpk < math.inf:
        raise DataError(
            N_("a wanted Cpk of {value} is impossible"),
            mend=N_("Give a number above zero, such as 1.33"),
            argument="min_cpk",
            value=min_cpk,
        )
    if cpm_sigma is None:
        return "within" if way.cpm_within else "overall"
    if cpm_sigma not in ("overall", "within"):
        raise UnknownName(cpm_sigma, ("overall", "within"), what=N_("sigma"), argument="cpm_sigma")
    return cpm_sigma


def _normality(values: Floats) -> tuple[float | None, float | None]:
    """A squared and its p, of three values or more."""
    if len(values) < 3:
        return None, None
    test = anderson_darling(values)
    return test.statistic, test.p
