"""The table of states and moves of a control plan. Pure."""

from __future__ import annotations

from gemba.quality.planning.controlplans import events, rules
from gemba.quality.records.lifecycle import Lifecycle, Move, State, by_a_person, filled, not_who
from gemba.stats.results import N_

MAKERS = ("engineer", "quality_manager")
DECIDERS = ("approver", "quality_manager")
SYSTEM_ONLY: tuple[str, ...] = ()
IN_FORCE = ("effective", "review_due")
"""The states in which people work by the plan."""

LIFECYCLE = Lifecycle(
    "control-plan",
    "draft",
    (
        State("draft", "draft", N_("Draft")),
        State("in_review", "open", N_("In review")),
        State("approved", "approved", N_("Approved")),
        State("effective", "effective", N_("In force")),
        State("review_due", "effective", N_("In force, review due")),
        State("superseded", "closed", N_("Superseded")),
        State("obsolete", "closed", N_("Obsolete")),
        State("discarded", "void", N_("Discarded")),
    ),
    (
        Move("submit", ("draft",), "in_review", MAKERS, N_("Submit for review"),
             guards=(by_a_person, filled("product"), rules.has_lines), event=events.SUBMITTED),
        Move("return", ("in_review",), "draft", (*DECIDERS, "engineer"), N_("Return to draft"),
             guards=(by_a_person,), needs_reason=True, event=events.RETURNED),
        Move("approve", ("in_review",), "approved", DECIDERS, N_("Approve"),
             guards=(by_a_person, filled("team"), rules.lines_are_complete, rules.special_are_controlled,
                     rules.gauges_are_in_date, not_who("create", "edit", "submit")),
             signature="approved", event=events.APPROVED),
        Move("put_in_force", ("approved",), "effective", DECIDERS, N_("Put in force"),
             guards=(by_a_person, rules.gauges_are_in_date), event=events.IN_FORCE),
        Move("ask_review", ("effective",), "review_due", (*MAKERS, "approver"), N_("Ask for a review"),
             guards=(rules.review_has_come,), event=events.REVIEW_DUE),
        Move("confirm", ("review_due",), "effective", DECIDERS, N_("Confirm: nothing to change"),
             guards=(by_a_person, rules.nothing_follows_yet), needs_reason=True, event=events.CONFIRMED),
        Move("revise", IN_FORCE, "review_due", MAKERS, N_("Begin the next revision"),
             guards=(by_a_person, rules.nothing_follows_yet), needs_reason=True),
        Move("supersede", IN_FORCE, "superseded", SYSTEM_ONLY, N_("Supersede"),
             needs_reason=True, event=events.ENDED),
        Move("retire", ("approved", *IN_FORCE), "obsolete", DECIDERS, N_("Retire"),
             guards=(by_a_person,), needs_reason=True, event=events.ENDED),
        Move("discard", ("draft", "in_review"), "discarded", MAKERS, N_("Discard"),
             guards=(by_a_person,), needs_reason=True, event=events.ENDED),
    ),
)  # fmt: skip
