"""The study as the few plain values that a program asks for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from gemba.stats.capability.indices import EACH
from gemba.stats.capability.result import Capability
from gemba.stats.results.codec import encode


def capability_dict(study: Capability, language: str | None = None) -> dict[str, Any]:
    """Indices, intervals and ppm by name, for JSON; ``None`` where one does not exist.

    Unlike ``Capability.to_dict``, which stores everything for ``from_dict``, this leaves out the data.

    Parameters
    ----------
    study : Capability
        The study.
    language : str, optional
        Of the warnings.

    Returns
    -------
    dict
        The indices; mean, sigmas, Z and counts; ``intervals`` by index as [lower, upper]; ``ppm`` as
        observed, expected_within and expected_overall, each with below, above and total; ``stable``,
        ``capable`` (``None`` when the process is not known to be stable) and ``warnings``.

    Examples
    --------
    >>> from gemba.stats.capability import capability
    >>> plain = capability_dict(capability([9.8, 10.1, 10.0, 9.9, 10.3, 10.1, 9.7, 10.0], usl=11))
    >>> plain["cp"], round(plain["ppk"], 3), plain["stable"]
    (None, 1.79, True)
    """
    intervals = study.intervals
    numbers = (
        *EACH, "mean", "sigma_within", "sigma_overall", "stability_index", "z_bench_within",
        "z_bench_overall", "sigma_level", "confidence", "min_cpk", "n", "missing",
        "stable", "capable", "cpk_lower",
    )  # fmt: skip
    ppm = {
        "observed": study.ppm_observed,
        "expected_within": study.ppm_within,
        "expected_overall": study.ppm_overall,
    }
    values: dict[str, Any] = {
        **{name: getattr(study, name) for name in numbers},
        "within_method": study.within.method,
        "within_df": study.within.df,
        "tolerance": study.tolerance,
        "intervals": {
            name: [intervals[name].lower, intervals[name].upper] if name in intervals else None
            for name in EACH
        },
        "ppm": {name: None if part is None else asdict(part) for name, part in ppm.items()},
        "normality": {"anderson_darling": study.anderson_darling, "p": study.normality_p},
        "warnings": study.warnings(language),
    }
    plain: dict[str, Any] = encode(values)
    return plain
