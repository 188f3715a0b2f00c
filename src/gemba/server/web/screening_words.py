"""What a screening finds, how a chart stands, and by what streams are ranked, as people call it."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_
from gemba.stats.screening.words import NAMES

WORDS: Mapping[str, str] = {
    **NAMES,
    "signal": N_("signal open"),
    "in control": N_("in control"),
    "collecting": N_("collecting"),
    "concern": N_("concern"),
    "ppk": N_("Ppk"),
    "signals": N_("signals"),
    "name": N_("name"),
}
