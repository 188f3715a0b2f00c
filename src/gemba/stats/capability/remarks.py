"""What a reader must know beside the numbers: kept as code and values, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from gemba.stats.capability.chance import Beyond, explained_by_chance
from gemba.stats.charts import ControlChart
from gemba.stats.data import Tolerance
from gemba.stats.distributions import normal_sf
from gemba.stats.results import N_, Floats, signed, translator

FEW_VALUES = 50
FEW_SUBGROUPS = 20
ALPHA = 0.05
"""The p below which the values are said not to look normal."""

_WORDS: Mapping[str, str] = {
    "missing": N_("Missing values, left out: {count}."),
    "few-values": N_("Number of values: {count}; give 50, better 100, before anything is decided."),
    "few-subgroups": N_(
        "Number of points in time: {count}; 20 or more are needed to see whether a process is stable."
    ),
    "not-normal": N_(
        "The values do not look normal (Anderson-Darling A² = {a2:.3g}, p {p}): the indices and the "
        "expected ppm assume that they are."
    ),
    "normality-unknown": N_("Normality is not judged: the test needs 8 values or more (there: {count})."),
    "coarse": N_(
        "The values step by {step:.6g}, which is more than sigma within ({sigma:.3g}): the gauge is too "
        "coarse, or the values were rounded."
    ),
    "beyond-natural": N_(
        "Values beyond the natural bound {bound:.6g}: {count}; the bound or the values are wrong."
    ),
    "chance": N_(
        "Beyond the limits of panel {panel}: {count} of {points} points. Chance gives about {expected}, so "
        "they do not speak against stability."
    ),
    "more-than-chance": N_(
        "Of {points} points about {expected} lie beyond the limits of a panel by chance alone; what fired is "
        "more than that."
    ),
    "no-spread-within": N_(
        "The values inside the subgroups do not differ, so sigma within is zero and Cp and Cpk do not exist: "
        "the gauge is too coarse, or values were copied."
    ),
}


@dataclass(frozen=True)
class Remark:
    """A warning as a value: its ``code``, and the ``values`` that its sentence is filled with."""

    code: str
    values: Mapping[str, int | float | str] = field(default_factory=dict)

    def words(self, language: str | None = None) -> str:
        """The warning as a sentence."""
        return translator(language)(_WORDS[self.code]).format(**self.values)


def remarks_on_data(
    values: Floats, groups: int, missing: int, sigma_within: float, tolerance: Tolerance
) -> tuple[Remark, ...]:
    """Every warning that the data themselves deserve."""
    found: list[Remark] = []
    if missing:
        found.append(Remark("missing", {"count": missing}))
    if len(values) < FEW_VALUES:
        found.append(Remark("few-values", {"count": len(values)}))
    if groups < FEW_SUBGROUPS:
        found.append(Remark("few-subgroups", {"count": groups}))
    if sigma_within == 0:
        found.append(Remark("no-spread-within"))
    elif (step := float(np.diff(np.unique(values)).min())) > sigma_within:
        found.append(Remark("coarse", {"step": step, "sigma": sigma_within}))
    return (*found, *_beyond_natural(values, tolerance))


def remarks_on_chance(chart: ControlChart | None) -> tuple[Remark, ...]:
    """What chance has to do with the signals of a series so long that one must be expected."""
    if chart is None or chart.stable:
        return ()
    found = explained_by_chance(chart)
    if found:
        return remarks_of(found)
    points = len(chart.panels[0].points)
    expected = points * 2 * float(normal_sf(chart.limits.nsigma))
    values = {"points": points, "expected": round(expected)}
    return (Remark("more-than-chance", values),) if expected >= 1 else ()


def remarks_of(found: Sequence[Beyond]) -> tuple[Remark, ...]:
    """What lies beyond the limits of each panel and is chance; few expected points are told to a tenth."""
    rounded = [round(one.expected) if one.expected >= 10 else round(one.expected, 1) for one in found]
    return tuple(
        Remark("chance", asdict(one) | {"expected": expected})
        for one, expected in zip(found, rounded, strict=True)
    )


def p_text(p: float) -> str:
    """A p-value with its sign: three decimals tell enough."""
    return signed(f"= {p:.3f}" if p >= 0.001 else "< 0.001")


def remarks_on_normality(n: int, a_squared: float | None, p: float | None) -> tuple[Remark, ...]:
    """A warning when the values contradict a normal distribution, or when nobody can tell."""
    if a_squared is None or p is None:
        return (Remark("normality-unknown", {"count": n}),)
    return (Remark("not-normal", {"a2": a_squared, "p": p_text(p)}),) if p < ALPHA else ()


def _beyond_natural(values: Floats, tolerance: Tolerance) -> list[Remark]:
    bounds = (
        (tolerance.lsl if tolerance.lower_natural else None, -1),
        (tolerance.usl if tolerance.upper_natural else None, 1),
    )
    counts = [
        (bound, int(np.count_nonzero(side * (values - bound) > 0)))
        for bound, side in bounds
        if bound is not None
    ]
    return [Remark("beyond-natural", {"count": n, "bound": bound}) for bound, n in counts if n]
