"""The written lists of a requirement: each value and what people call it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

SOURCES: Mapping[str, str] = {
    "customer": N_("Customer"),
    "statute": N_("Law or regulation"),
    "standard": N_("Clause of a standard"),
    "interested": N_("Other interested party"),
    "internal": N_("Our own"),
}
KANO: Mapping[str, str] = {
    "": "",
    "basic": N_("Basic: expected, missed only when it is not there"),
    "performance": N_("Performance: the more, the better"),
    "delight": N_("Delight: nobody asked for it"),
}
IMPORTANCE: Mapping[str, str] = {"low": N_("Low"), "medium": N_("Medium"), "high": N_("High")}
SEVERITIES: Mapping[str, str] = {
    "": "",
    "critical": N_("Critical"),
    "major": N_("Major"),
    "minor": N_("Minor"),
}
SPECIAL_CLASSES: Mapping[str, str] = {
    "": "",
    "CC": N_("CC, critical characteristic"),
    "SC": N_("SC, significant characteristic"),
}
FEASIBLE: Mapping[str, str] = {"yes": N_("Yes"), "no": N_("No")}
IMPACT_ANSWERS: Mapping[str, str] = {
    "unaffected": N_("It stays as it is"),
    "changed": N_("It is changed with it"),
}
