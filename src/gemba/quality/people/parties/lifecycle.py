"""The table of states and moves of a party. Pure."""

from __future__ import annotations

from gemba.quality.records.lifecycle import Lifecycle, Move, State, by_a_person
from gemba.stats.results import N_

KEEPERS = ("engineer", "quality_manager")

LIFECYCLE = Lifecycle(
    "party",
    "active",
    (
        State("active", "effective", N_("Active")),
        State("ended", "closed", N_("Ended")),
        State("void", "void", N_("Void")),
    ),
    (
        Move("end", ("active",), "ended", KEEPERS, N_("End"), guards=(by_a_person,), needs_reason=True),
        Move(
            "void", ("active", "ended"), "void", KEEPERS, N_("Void"), guards=(by_a_person,), needs_reason=True
        ),
        Move("resume", ("ended",), "active", KEEPERS, N_("Resume"), guards=(by_a_person,), needs_reason=True),
    ),
)
