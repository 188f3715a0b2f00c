"""The study in words: the verdict, and how it was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gemba.stats.charts import CONVENTIONS
from gemba.stats.charts.rules.words import violation_words
from gemba.stats.charts.text import panel_word
from gemba.stats.results import N_, signed, translator

if TYPE_CHECKING:
    from gemba.stats.capability.result import Capability

NOT_MEANINGFUL = N_("not stable: not meaningful")
NOT_JUDGED = N_("stability not judged")

FORMULAS = {
    "pooled": N_("the pooled standard deviation of the subgroups"),
    "Rbar": N_("the ranges of the subgroups over d2, combined with least variance"),
    "Rbar unweighted": N_("the ranges of the subgroups over d2, averaged"),
    "Sbar": N_("the standard deviations of the subgroups over c4, combined with least variance"),
    "Sbar unweighted": N_("the standard deviations of the subgroups over c4, averaged"),
    "average moving range": N_("the average moving range of two over d2"),
    "median moving range": N_("the median moving range of two over d4"),
    "between/within": N_(
        "both variances, pooled within the subgroups and between them by moving ranges of means"
    ),
    "total": N_("the standard deviation of all values"),
    "sqrt(MSSD)": N_("the root of half the mean squared successive difference"),
}


def remark_of(study: Capability) -> str:
    """What stands beside every index: nothing for a stable process; a template for the translator."""
    if study.stable is None:
        return NOT_JUDGED
    return "" if study.stable else NOT_MEANINGFUL


def index_text(value: float) -> str:
    """An index as a person reads it: two decimals, none from a hundred on, a real minus, no minus zero.

    Examples
    --------
    >>> index_text(1.3349), index_text(-0.4), index_text(-0.001), index_text(2333.93)
    ('1.33', '−0.40', '0.00', '2334')
    """
    text = f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
    return signed(text.removeprefix("-") if float(text) == 0 else text.replace("-", "−"))


def reasons(study: Capability, language: str | None = None) -> tuple[str, ...]:
    """Why the process is not known to be stable: each rule that fired on each panel, with its points."""
    t = translator(language)
    if study.chart is None:
        return (t(N_("there is only one point in time, and nothing to compare it with")),)
    found = study.chart.violations
    texts = []
    for panel in found.panels:
        for rule in found.rules:
            points = found.of(panel, rule.code).points.values
            if len(points):
                words = violation_words(rule, tuple(np.unique(points).tolist()), language)
                texts.append(
                    t(N_("{violation}, panel {panel}")).format(
                        violation=words, panel=panel_word(panel, language)
                    )
                )
    return tuple(texts)


def headline(study: Capability, language: str | None = None) -> str:
    """The verdict in a sentence or two."""
    t = translator(language)
    lead, index = _lead_index(study)
    interval = study.confidence_interval(lead.lower(), study.confidence)
    numbers = {
        "index": lead,
        "value": index_text(index),
        "percent": f"{100 * study.confidence:g}",
        "lower": index_text(interval.lower),
        "upper": index_text(interval.upper),
        "wanted": f"{study.min_cpk:g}",
        "reasons": " ".join(_sentence(reason) for reason in reasons(study, language)),
    }
    if study.stable is not True:
        return t(_UNSTABLE if study.stable is False else _UNJUDGED).format(**numbers)
    bound = study.cpk_lower
    if bound is None:
        return t(_NO_WITHIN).format(**numbers)
    numbers["bound"] = index_text(bound)
    words = _CAPABLE if study.capable else _NOT_SHOWN if study.undecided else _NOT_CAPABLE
    return t(words).format(**numbers)


_UNSTABLE = N_(
    "Not stable: not meaningful. {reasons} Find and remove the cause first; until then {index} = {value} "
    "foretells nothing."
)
_UNJUDGED = N_("Stability is not judged, so there is no verdict: {reasons} {index} = {value}.")
_NO_WITHIN = N_(
    "No verdict: sigma within is zero, so Cpk does not exist. {index} = {value} ({percent} % interval "
    "{lower} to {upper})."
)
_CAPABLE = N_(
    "Capable: {index} = {value}, at least {bound} with {percent} % confidence, where {wanted} is wanted. "
    "The process is stable."
)
_NOT_SHOWN = N_(
    "Not shown to be capable: {index} = {value}, but with {percent} % confidence only at least {bound}, "
    "where {wanted} is wanted. More values narrow this. The process is stable."
)
_NOT_CAPABLE = N_(
    "Not capable: {index} = {value} ({percent} % interval {lower} to {upper}) does not reach {wanted}. The "
    "process is stable."
)


def _lead_index(study: Capability) -> tuple[str, float]:
    if study.cpk is not None:
        return "Cpk", study.cpk
    return "Ppk", study.ppk


def _sentence(text: str) -> str:
    return text if text.endswith((".", "⟧")) else f"{text}."


def explain(study: Capability, language: str | None = None) -> str:
    """Which sigma, which convention, which source, and why another program prints other numbers."""
    t = translator(language)
    parts = [
        _sigmas(study, language),
        _limits(study, language),
        _cpm(study, language),
        t(_INTERVALS).format(df=f"{study.within.df:.4g}", rest=study.n - 1),
    ]
    if study.convention is not None:
        parts.append(t(CONVENTIONS[study.convention].words))
    parts += [t(_PPM), _stability(study, language), t(_NORMALITY), t(_OTHERS)]
    return "\n".join(parts)


def _sigmas(study: Capability, language: str | None) -> str:
    t = translator(language)
    correction = N_("its bias is taken out") if study.within.unbiased else N_("its small bias is left in")
    return t(
        N_(
            "Sigma within = {within:.6g}, from {formula} ({method}; {correction}; {df:.4g} degrees of "
            "freedom); Cp, CPL, CPU and Cpk stand on it. Sigma overall = {overall:.6g}, the standard "
            "deviation of all {n} values with n - 1; Pp, PPL, PPU and Ppk stand on it. The two are never "
            "mixed; overall / within is the stability index."
        )
    ).format(
        within=study.sigma_within,
        formula=t(FORMULAS[study.within.method]),
        method=study.within.method,
        correction=t(correction),
        df=study.within.df,
        overall=study.sigma_overall,
        n=study.n,
    )


def _limits(study: Capability, language: str | None) -> str:
    t = translator(language)
    tolerance = study.tolerance
    texts = [
        t(N_("Indices: (USL - LSL) / 6 sigma; (mean - LSL) / 3 sigma; (USL - mean) / 3 sigma (ISO 22514-2)."))
    ]
    if tolerance.sides != "both":
        texts.append(
            t(
                N_(
                    "Only one side is a requirement, so Cp and Pp do not exist, and Cpk and Ppk are of "
                    "that side."
                )
            )
        )
    if tolerance.lower_natural or tolerance.upper_natural:
        texts.append(t(N_("A natural bound is no requirement: no index and no ppm is computed against it.")))
    return " ".join(texts)


def _cpm(study: Capability, language: str | None) -> str:
    if study.cpm is None:
        return translator(language)(
            N_("Cpm is computed only when a target is given; the middle of the limits is not taken for one.")
        )
    kind = N_("overall") if study.cpm_sigma == "overall" else N_("within")
    t = translator(language)
    return t(
        N_(
            "Cpm = distance from the target to the nearer limit / 3 tau, tau² = sigma² + (mean - target)², "
            "with sigma {kind} (Chan, Cheng and Spiring 1988)."
        )
    ).format(kind=t(kind))


def _stability(study: Capability, language: str | None) -> str:
    t = translator(language)
    if study.chart is None:
        return t(N_("Stability is not judged: {reasons}.")).format(reasons=reasons(study, language)[0])
    return t(
        N_(
            "Stability is judged by the {kind} chart, sigma by {method}, with the rules {rules}. Points "
            "beyond the limits are taken for chance in a series so long that chance more often than not puts "
            "one there, when they are no more than m + 3√m (m is how many chance gives) and none is so far "
            "out that its like comes once in a hundred such series."
        )
    ).format(
        kind=study.chart.kind,
        method=study.chart.limits.method,
        rules=", ".join(rule.code for rule in study.chart.rules.rules),
    )


_INTERVALS = N_(
    "Intervals: Pp is exact (chi-square, {rest} degrees of freedom); Cp is chi-square with the {df} "
    "degrees of freedom of sigma within (by variance, Patnaik 1950, where it is no pooled estimate); CPL, "
    "CPU, Cpk, PPL, PPU and Ppk are normal approximations (Bissell 1990); Cpm is an approximate chi-square "
    "(Boyles 1991)."
)
_PPM = N_(
    "Observed ppm counts values strictly outside; a value on a limit conforms. Expected ppm and Z.bench "
    "assume normal values and are given for each sigma apart. The sigma level is Z.bench overall, with a "
    "shift only when one is asked for."
)
_NORMALITY = N_(
    "Normality: Anderson-Darling with estimated mean and sigma, p after D'Agostino and Stephens (1986)."
)
_OTHERS = N_(
    "Other programs: Minitab has the same defaults (pooled, unbiased; the average moving range for "
    "individuals), but its Cp interval keeps the bias of sigma within in, and for the average moving range "
    "it takes n - 1 degrees of freedom, which is too many. JMP offers ranges, standard deviations or "
    "pooled for sigma within. AIAG's manual takes Rbar / d2 (within='Rbar'). R's qcc takes Rbar / d2, puts "
    "the target in the middle when none is given, uses sigma within in Cpm (cpm_sigma='within'), and n - 1 "
    "degrees of freedom for Cp."
)
