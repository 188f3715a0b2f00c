"""The choices of competences in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.quality.people.roles import ROLES
from gemba.stats.results import N_

PROOFS: Mapping[str, str] = {
    "read": N_("Read and understood"),
    "test": N_("Test passed"),
    "observed": N_("Observed at work"),
    "certificate": N_("Certificate"),
}
NEEDED_AS: Mapping[str, str] = {"": N_("Not required for any step"), **ROLES}
NOTICE_DAYS = 30
"""How long before it runs out the holder is told."""
