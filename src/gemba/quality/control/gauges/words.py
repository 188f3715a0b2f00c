"""The written lists of a gauge: each value and what people call it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

HOLDERS: Mapping[str, str] = {
    "own": N_("Ours"),
    "customer": N_("The customer's"),
    "supplier": N_("The supplier's"),
}
VERDICTS: Mapping[str, str] = {
    "conform": N_("Conforms as found"),
    "adjusted": N_("Out of tolerance as found, conforms after adjustment"),
    "nonconform": N_("Out of tolerance"),
    "repaired": N_("Conforms after repair"),
}
LEFT_GOOD = ("conform", "adjusted", "repaired")
"""The verdicts after which the gauge is good."""

ANSWERS: Mapping[str, str] = {
    "no_effect": N_("No effect: the error is small against the tolerance"),
    "checked": N_("Product was measured again and conforms"),
    "suspect": N_("Product is suspect: open a nonconformance"),
}
