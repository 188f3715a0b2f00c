"""The written lists of a characteristic: each value and what people call it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

DATA_KINDS: Mapping[str, str] = {
    "continuous": N_("Measured value"),
    "nonconforming-units": N_("Nonconforming units"),
    "nonconformities": N_("Nonconformities"),
    "pass-fail": N_("Pass or fail"),
    "time-to-event": N_("Time to an event"),
    "ordinal": N_("Grade"),
    "text": N_("Text"),
    "several": N_("Several characteristics together"),
}
SPECIAL_CLASSES: Mapping[str, str] = {
    "": "",
    "CC": N_("CC, critical characteristic"),
    "SC": N_("SC, significant characteristic"),
}
CHART_KINDS: Mapping[str, str] = {
    "": N_("No chart"),
    "xbar-r": N_("X̄-R: means and ranges of subgroups"),
    "xbar-s": N_("X̄-S: means and standard deviations of subgroups"),
    "median": N_("Median and R: medians and ranges of subgroups"),
    "r": N_("R: ranges of subgroups alone"),
    "s": N_("S: standard deviations of subgroups alone"),
    "i-mr": N_("I-MR: single values and moving ranges"),
    "i-mr-r": N_("I-MR-R: subgroups between and within, by ranges"),
    "i-mr-s": N_("I-MR-S: subgroups between and within, by standard deviations"),
    "ewma": N_("EWMA: weighted means, for small shifts"),
    "cusum": N_("CUSUM: cumulative sums, for a small shift of known size"),
    "ma": N_("MA: moving averages"),
    "zone": N_("Zone: scores that people add up"),
    "difference": N_("Difference: short runs, each value less its nominal"),
    "z-mr": N_("Z-MR: short runs, each value on the scale of its part"),
    "levey-jennings": N_("Levey-Jennings: control material of a laboratory"),
    "mr": N_("MR: moving ranges alone"),
    "residual": N_("Residual: values that follow one another, less their forecast"),
    "p": N_("p: share of nonconforming units"),
    "np": N_("np: number of nonconforming units in equal samples"),
    "laney-p": N_("Laney p': share of nonconforming units in large samples"),
    "c": N_("c: nonconformities in equal samples"),
    "u": N_("u: nonconformities a unit"),
    "laney-u": N_("Laney u': nonconformities a unit in large samples"),
    "g": N_("g: counts between rare events"),
    "t": N_("t: times between rare events"),
    "t2": N_("T²: several characteristics together"),
    "mewma": N_("MEWMA: several together, for small shifts"),
    "mcusum": N_("MCUSUM: several together, for a small shift of known size"),
    "pca": N_("PCA: many together, by their principal components"),
    "regression": N_("Regression: the first one against those that drive it"),
}
SUSPECT_WHEN: Mapping[str, str] = {
    "either": N_("A reading outside the specification, or a point beyond the control limits"),
    "nonconforming": N_("A reading outside the specification"),
    "beyond": N_("A point beyond the control limits"),
    "never": N_("Never"),
}
CONFIGURATIONS: Mapping[str, str] = {
    "serial": N_("Serial number"),
    "lot": N_("Lot"),
    "none": N_("Nothing"),
}
