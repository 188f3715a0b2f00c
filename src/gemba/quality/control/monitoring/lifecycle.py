"""The tables of states and moves of signals and limit sets. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.quality.control.monitoring import events
from gemba.quality.control.monitoring.rules import (
    event_code_given,
    holds_from_given,
    reaction_done,
    steps_can_be_ticked,
    why_given,
)
from gemba.quality.records.lifecycle import Lifecycle, Move, State, by_a_person, filled, not_who
from gemba.stats.results import N_

REACTING = ("operator", "inspector", "engineer", "quality_manager")
STUDYING = ("inspector", "engineer", "quality_manager")
APPROVING = ("approver", "quality_manager")
SYSTEM_ONLY: tuple[str, ...] = ()
OPEN_STATES = ("open", "acknowledged", "cause_found", "none_found", "action_done")
TICKS: Mapping[str, str] = {
    "acknowledged": "tick",
    "cause_found": "tick_after_cause",
    "none_found": "tick_without_cause",
    "action_done": "tick_after_action",
}
"""The states in which steps of the reaction plan are ticked off, and the move that does it there."""

SIGNAL_LIFECYCLE = Lifecycle(
    "signal",
    "open",
    (
        State("open", "open", N_("Open")),
        State("acknowledged", "open", N_("Acknowledged")),
        State("cause_found", "open", N_("Cause found")),
        State("none_found", "open", N_("No cause found")),
        State("action_done", "open", N_("Action done")),
        State("closed", "closed", N_("Closed")),
        State("withdrawn", "void", N_("Withdrawn: basis corrected")),
    ),
    (
        Move(
            "acknowledge",
            ("open",),
            "acknowledged",
            REACTING,
            N_("Acknowledge"),
            guards=(by_a_person,),
            event=events.ACKNOWLEDGED,
        ),
        Move(
            "find_cause",
            ("acknowledged", "none_found"),
            "cause_found",
            STUDYING,
            N_("Cause found"),
            guards=(by_a_person, filled("cause")),
        ),
        Move(
            "find_none",
            ("acknowledged",),
            "none_found",
            STUDYING,
            N_("No cause found"),
            guards=(by_a_person,),
            needs_reason=True,
        ),
        Move(
            "do_action",
            ("cause_found", "none_found"),
            "action_done",
            REACTING,
            N_("Action done"),
            guards=(by_a_person, filled("action")),
        ),
        *(
            Move(
                name,
                (state,),
                state,
                REACTING,
                N_("Tick off the reaction plan"),
                guards=(by_a_person, steps_can_be_ticked),
            )
            for state, name in TICKS.items()
        ),
        Move(
            "close",
            ("action_done",),
            "closed",
            STUDYING,
            N_("Close"),
            guards=(by_a_person, event_code_given, reaction_done),
            event=events.CLOSED,
        ),
        Move(
            "withdraw",
            OPEN_STATES,
            "withdrawn",
            SYSTEM_ONLY,
            N_("Withdraw: basis corrected"),
            needs_reason=True,
            event=events.WITHDRAWN,
        ),
    ),
)
LIMIT_SET_LIFECYCLE = Lifecycle(
    "limit-set",
    "proposed",
    (
        State("proposed", "open", N_("Proposed")),
        State("approved", "effective", N_("Approved")),
        State("superseded", "closed", N_("Superseded")),
        State("rejected", "void", N_("Rejected")),
    ),
    (
        Move(
            "approve",
            ("proposed",),
            "approved",
            APPROVING,
            N_("Approve"),
            guards=(by_a_person, holds_from_given, why_given, not_who("create", "edit")),
            signature="approved",
            event=events.APPROVED,
        ),
        Move(
            "reject",
            ("proposed",),
            "rejected",
            (*APPROVING, "engineer"),
            N_("Reject"),
            guards=(by_a_person,),
            needs_reason=True,
            event=events.REJECTED,
        ),
        Move(
            "supersede",
            ("approved",),
            "superseded",
            SYSTEM_ONLY,
            N_("Supersede"),
            needs_reason=True,
        ),
    ),
)
