"""The table of states and moves of a gauge. Pure."""

from __future__ import annotations

from gemba.quality.control.gauges import events, rules
from gemba.quality.records.lifecycle import LOCKED, Lifecycle, Move, State, by_a_person, filled, not_who
from gemba.stats.results import N_

KEEPERS = ("inspector", "engineer", "quality_manager")
RELEASERS = ("approver", "quality_manager")
SYSTEM_ONLY: tuple[str, ...] = ()
_SAID = filled("calibrated_at", "performer", "certificate")
_CALIBRATABLE = ("received", "in_service", "restricted", "overdue", "at_calibration", "stored", "lost")

LIFECYCLE = Lifecycle(
    "gauge",
    "received",
    (
        State("received", "open", N_("Received")),
        State("in_service", "effective", N_("In service")),
        State("restricted", "effective", N_("In restricted use")),
        State("overdue", "open", N_("Overdue, locked")),
        State("at_calibration", "open", N_("At calibration")),
        State("stored", "open", N_("Stored")),
        State("out_of_tolerance", "open", N_("Out of tolerance")),
        State("lost", "open", N_("Lost")),
        State("retired", "closed", N_("Retired")),
        State("scrapped", "closed", N_("Scrapped")),
        State("void", "void", N_("Void")),
    ),
    (
        Move(
            "pass",
            _CALIBRATABLE,
            "in_service",
            KEEPERS,
            N_("Calibrated: good as found"),
            guards=(by_a_person, _SAID, rules.done_in_order, rules.not_due_already, rules.found_good),
            event=events.CALIBRATED,
        ),
        Move(
            "fail",
            _CALIBRATABLE,
            "out_of_tolerance",
            KEEPERS,
            N_("Calibrated: out of tolerance as found"),
            guards=(by_a_person, _SAID, rules.done_in_order, rules.found_bad),
            event=events.FAILED,
        ),
        Move(
            "investigate",
            ("out_of_tolerance",),
            "out_of_tolerance",
            KEEPERS,
            N_("Answer the impact"),
            guards=(by_a_person, rules.answers_have_words),
        ),
        Move(
            "repair",
            ("out_of_tolerance",),
            "out_of_tolerance",
            KEEPERS,
            N_("Calibrated after repair"),
            guards=(by_a_person, _SAID, filled("as_left"), rules.done_in_order, rules.left_good_by_numbers),
        ),
        Move(
            "release",
            ("out_of_tolerance",),
            "in_service",
            RELEASERS,
            N_("Release"),
            guards=(
                by_a_person,
                rules.impact_is_answered,
                rules.is_left_good,
                rules.not_due_already,
                not_who("fail", "repair", "investigate"),
            ),
            signature="released",
            event=events.RELEASED,
        ),
        Move(
            "restrict",
            ("in_service", "out_of_tolerance"),
            "restricted",
            RELEASERS,
            N_("Restrict its use"),
            guards=(
                by_a_person,
                rules.impact_is_answered,
                rules.not_due_already,
                filled("restriction"),
                not_who("fail", "repair", "investigate"),
            ),
            signature="released",
            event=events.RELEASED,
        ),
        Move(
            "lock",
            rules.IN_USE,
            "overdue",
            SYSTEM_ONLY,
            N_("Lock: its calibration ran out"),
            guards=(rules.past_due,),
            event=events.LOCKED,
        ),
        Move(
            "send",
            ("received", "in_service", "restricted", "overdue", "stored"),
            "at_calibration",
            KEEPERS,
            N_("Send to calibration"),
            guards=(by_a_person,),
            event=events.OUT_OF_USE,
        ),
        Move(
            "store",
            ("received", "in_service", "restricted", "overdue", "at_calibration"),
            "stored",
            KEEPERS,
            N_("Put in store"),
            guards=(by_a_person,),
            event=events.OUT_OF_USE,
        ),
        Move(
            "issue",
            ("stored",),
            "in_service",
            KEEPERS,
            N_("Take out of store"),
            guards=(by_a_person, rules.was_found_good, rules.not_due_already, rules.is_not_restricted),
        ),
        Move(
            "lose",
            ("received", "in_service", "restricted", "overdue", "at_calibration", "stored"),
            "lost",
            KEEPERS,
            N_("Report as lost"),
            guards=(by_a_person,),
            needs_reason=True,
            event=events.OUT_OF_USE,
        ),
        Move(
            "retire",
            ("received", "in_service", "restricted", "overdue", "at_calibration", "stored", "lost"),
            "retired",
            RELEASERS,
            N_("Retire"),
            guards=(by_a_person,),
            needs_reason=True,
            event=events.ENDED,
        ),
        Move(
            "scrap",
            ("out_of_tolerance",),
            "scrapped",
            RELEASERS,
            N_("Scrap"),
            guards=(by_a_person, rules.impact_is_answered),
            needs_reason=True,
            event=events.ENDED,
        ),
        Move(
            "void",
            ("received",),
            "void",
            KEEPERS,
            N_("Void: entered by mistake"),
            guards=(by_a_person,),
            needs_reason=True,
            event=events.ENDED,
        ),
    ),
)
EDIT_ROLES = {
    state.name: KEEPERS
    for state in LIFECYCLE.states
    if state.category not in LOCKED and state.name != "out_of_tolerance"
}
"""Who may amend the description; the tolerance stays while a failure is investigated."""
