"""The written lists of a control plan: each value and what people call it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gemba.stats.results import N_

PHASES: Mapping[str, str] = {
    "prototype": N_("Prototype"),
    "pre_launch": N_("Pre-launch"),
    "safe_launch": N_("Safe launch"),
    "production": N_("Production"),
}
METHODS: Mapping[str, str] = {
    "": "",
    "chart": N_("Control chart"),
    "check_sheet": N_("Check sheet"),
    "error_proofing": N_("Error-proofing"),
    "all": N_("100 % inspection"),
    "first_piece": N_("First piece"),
    "parameter": N_("Process parameter watched"),
}
SPECIAL_CLASSES: Mapping[str, str] = {
    "": "",
    "CC": N_("CC, critical characteristic"),
    "SC": N_("SC, significant characteristic"),
}
OWNERS: Mapping[str, str] = {
    "operator": N_("Operator"),
    "inspector": N_("Inspector"),
    "engineer": N_("Engineer"),
    "quality_manager": N_("Quality manager"),
}
LINE_FIELDS: Mapping[str, str] = {
    "characteristic": N_("Characteristic"),
    "technique": N_("Measuring technique"),
    "sample_size": N_("Sample size"),
    "frequency": N_("How often"),
    "method": N_("Control method"),
    "containment": N_("Reaction: contain"),
    "call": N_("Reaction: who to call"),
    "resume": N_("Reaction: when to resume"),
}
"""What each line must say before the plan is approved."""


def specification_in_words(lsl: Decimal | None, usl: Decimal | None, unit: str) -> str:
    """What a line says of the limits of its characteristic."""
    low, high = (None if bound is None else f"{bound.normalize():f}" for bound in (lsl, usl))
    if low is None or high is None:
        bounds = f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else ""
    else:
        bounds = f"{low} … {high}"
    return f"{bounds} {unit}".strip() if bounds else ""
