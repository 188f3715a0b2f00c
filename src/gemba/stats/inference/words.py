"""The words of a criterion and of its verdict."""

from __future__ import annotations

import math

from gemba.stats.inference.criterion import Metric
from gemba.stats.results import N_, Translate, signed

METRICS: dict[Metric, str] = {
    "mean": N_("mean"),
    "shift": N_("distance of the mean from the nominal"),
    "sd": N_("standard deviation"),
    "fraction": N_("nonconforming fraction"),
    "rate": N_("rate per unit"),
}

TESTS = {
    "welch": N_("Welch's t test of two means"),
    "t": N_("Student's t test against a known mean"),
    "tost": N_("two one-sided t tests about the nominal"),
    "f": N_("F test of two variances"),
    "chi-square": N_("chi-square test against a known variance"),
    "fisher": N_("Fisher's exact test of two fractions"),
    "binomial": N_("exact binomial test against a known fraction"),
    "poisson ratio": N_("exact test of two Poisson rates, given their total"),
    "poisson": N_("exact Poisson test against a known rate"),
}

SOURCES = {
    "welch": N_("B. L. Welch, Biometrika 34 (1947), 28"),
    "t": N_("Student, Biometrika 6 (1908), 1"),
    "tost": N_("D. J. Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15 (1987), 657"),
    "f": N_("NIST/SEMATECH e-Handbook, section 1.3.5.9"),
    "chi-square": N_("NIST/SEMATECH e-Handbook, section 1.3.5.8"),
    "fisher": N_("R. A. Fisher, The Design of Experiments (1935)"),
    "binomial": N_("C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), 404"),
    "poisson ratio": N_("J. Przyborowski and H. Wilenski, Biometrika 31 (1940), 313"),
    "poisson": N_("F. Garwood, Biometrika 28 (1936), 437"),
}

ASSUMED = {
    "welch": N_("Values are taken as independent and nearly normal; their scatter may have changed."),
    "t": N_("Values are taken as independent and nearly normal."),
    "tost": N_("Values are taken as independent and nearly normal."),
    "f": N_(
        "Values are taken as independent and normal: heavy tails upset a test of scatter, also in large data."
    ),
    "chi-square": N_("Values are taken as independent and normal: heavy tails upset a test of scatter."),
    "fisher": N_("Items are taken as independent; given the total, the test is exact."),
    "binomial": N_("Items are taken as independent; the test is exact."),
    "poisson ratio": N_("Events are taken as independent; given the total, the test is exact."),
    "poisson": N_("Events are taken as independent; the test is exact."),
}

HOW_MUCH = {
    "mean": N_("{n} values"),
    "shift": N_("{n} values"),
    "sd": N_("{n} values"),
    "fraction": N_("{n} items"),
    "rate": N_("{n} units"),
}


def amount(metric: Metric, n: float, t: Translate) -> str:
    """How much was looked at, with its word."""
    return t(HOW_MUCH[metric]).format(n=signed(f"{n:,.0f}" if n == math.floor(n) else f"{n:.4g}"))


def chance(p: float) -> str:
    """A chance as a sentence shows it."""
    if math.isnan(p):
        return "-"
    return signed(f"p = {p:.3g}" if p >= 0.0005 else "p < 0.0005")
