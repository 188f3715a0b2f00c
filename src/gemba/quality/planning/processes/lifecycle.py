"""The table of states and moves of a process. Pure."""

from __future__ import annotations

from gemba.quality.planning.processes.rules import steps_make_a_way
from gemba.quality.records.lifecycle import (
    Lifecycle,
    Move,
    State,
    by_a_person,
    filled,
    not_who,
    nothing_in_force,
)
from gemba.stats.results import N_

MAKERS = ("engineer", "quality_manager")
DECIDERS = ("approver", "quality_manager")

LIFECYCLE = Lifecycle(
    "process",
    "draft",
    (
        State("draft", "draft", N_("Draft")),
        State("released", "effective", N_("Released")),
        State("under_change", "effective", N_("Under change"), beside=True),
        State("obsolete", "closed", N_("Obsolete")),
        State("discarded", "void", N_("Discarded")),
    ),
    (
        Move("release", ("draft", "under_change"), "released", DECIDERS, N_("Release"),
             guards=(by_a_person, filled("purpose"), steps_make_a_way, not_who("create", "edit"))),
        Move("start_change", ("released",), "under_change", MAKERS, N_("Start a change"),
             guards=(by_a_person,), needs_reason=True),
        Move("retire", ("released", "under_change"), "obsolete", DECIDERS, N_("Retire"),
             guards=(by_a_person, nothing_in_force("contains")), needs_reason=True),
        Move("discard", ("draft",), "discarded", MAKERS, N_("Discard"),
             guards=(by_a_person,), needs_reason=True),
    ),
)  # fmt: skip
EDITABLE = ("draft", "under_change")
