"""The table of states and moves of a requirement. Pure."""

from __future__ import annotations

from gemba.quality.planning.requirements import events, rules
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
    "requirement",
    "proposed",
    (
        State("proposed", "draft", N_("Proposed")),
        State("under_review", "open", N_("Under review")),
        State("agreed", "effective", N_("Agreed")),
        State("under_change", "effective", N_("Under change"), beside=True),
        State("rejected", "open", N_("Rejected"), beside=True),
        State("superseded", "closed", N_("Superseded"), beside=True),
        State("withdrawn", "closed", N_("Withdrawn"), beside=True),
        State("void", "void", N_("Void"), beside=True),
    ),
    (
        Move("submit", ("proposed",), "under_review", MAKERS, N_("Submit for review"),
             guards=(by_a_person, filled("need"), rules.limits_make_sense), event=events.SUBMITTED),
        Move("assess", ("under_review",), "under_review", MAKERS, N_("Answer: feasible?"),
             guards=(by_a_person, rules.answer_says_why)),
        Move("assess_change", ("under_change",), "under_change", MAKERS, N_("Answer: feasible?"),
             guards=(by_a_person, rules.answer_says_why)),
        Move("answer_impacts", ("under_change",), "under_change", MAKERS, N_("Answer the impact list"),
             guards=(by_a_person, rules.impacts_are_known)),
        Move("agree", ("under_review", "under_change"), "agreed", DECIDERS, N_("Agree"),
             guards=(by_a_person, filled("need", "definition", "owner", "verification"),
                     rules.limits_make_sense, rules.feasible, rules.impacts_answered,
                     not_who("create", "edit")),
             event=events.AGREED),
        Move("reject", ("under_review",), "rejected", DECIDERS, N_("Reject"),
             guards=(by_a_person,), needs_reason=True, event=events.REJECTED),
        Move("renegotiate", ("rejected",), "under_review", MAKERS, N_("Renegotiate"),
             guards=(by_a_person,), needs_reason=True, event=events.SUBMITTED),
        Move("start_change", ("agreed",), "under_change", MAKERS, N_("Start a change"),
             guards=(by_a_person,), needs_reason=True, event=events.CHANGE_STARTED),
        Move("supersede", ("agreed", "under_change"), "superseded", DECIDERS, N_("Supersede"),
             guards=(by_a_person, nothing_in_force(*rules.STANDS_ON), rules.successor_is_agreed),
             needs_reason=True, event=events.SUPERSEDED),
        Move("withdraw", ("proposed", "under_review", "rejected", "agreed", "under_change"), "withdrawn",
             DECIDERS, N_("Withdraw"), guards=(by_a_person, nothing_in_force(*rules.STANDS_ON)),
             needs_reason=True, event=events.WITHDRAWN),
        Move("void", ("proposed",), "void", MAKERS, N_("Void: entered by mistake"),
             guards=(by_a_person,), needs_reason=True),
    ),
)  # fmt: skip
EDITABLE = ("proposed", "under_review", "under_change")
IN_FORCE = ("agreed", "under_change")
"""The states in which the last agreed revision counts."""
