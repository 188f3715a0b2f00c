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
}
SPECIAL_CLASSES: Mapping[str, str] = {
    "": "",
    "CC": N_("CC, critical characteristic"),
    "SC": N_("SC, significant characteristic"),
}
CHART_KINDS: Mapping[str, str] = {
    "": N_("No chart"),
    "xbar-r": N_("X̄-R: means and ranges of subgroups"),
    "i-mr": N_("I-MR: single values and moving ranges"),
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
