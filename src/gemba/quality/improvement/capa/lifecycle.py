"""The table of states and moves of a corrective action. Pure."""

from __future__ import annotations

from gemba.quality.improvement.capa import events, rules
from gemba.quality.records.lifecycle import Lifecycle, Move, State, by_a_person, filled, not_who
from gemba.stats.results import N_

MAKERS = ("engineer", "quality_manager")
DOERS = ("operator", "inspector", "engineer", "quality_manager")
DECIDERS = ("approver", "quality_manager")

LIFECYCLE = Lifecycle(
    "capa",
    "submitted",
    (
        State("submitted", "open", N_("Submitted")),
        State("containment", "open", N_("Containment")),
        State("investigation", "open", N_("Investigation")),
        State("plan_approval", "open", N_("Plan approval")),
        State("implementation", "approved", N_("Implementation")),
        State("monitoring", "effective", N_("Effectiveness monitoring")),
        State("judged", "effective", N_("Judged")),
        State("closed", "closed", N_("Closed, effective")),
        State("declined", "void", N_("Declined: correction only")),
        State("void", "void", N_("Void")),
    ),
    (
        Move("accept", ("submitted",), "containment", DECIDERS, N_("Accept"),
             guards=(by_a_person, filled("risk", "problem")), event=events.ACCEPTED),
        Move("decline", ("submitted",), "declined", DECIDERS, N_("Decline"),
             guards=(by_a_person,), needs_reason=True, event=events.DECLINED),
        Move("contain", ("containment",), "investigation", MAKERS, N_("Contain"),
             guards=(by_a_person, filled("containment")), event=events.CONTAINED),
        Move("add_cause", ("investigation",), "investigation", MAKERS, N_("Add a cause"),
             guards=(by_a_person, rules.typed("cause"))),
        Move("verify_cause", ("investigation",), "investigation", MAKERS, N_("Verify a cause"),
             guards=(by_a_person, rules.line_is_known("causes"), rules.typed("evidence"))),
        Move("propose", ("investigation",), "plan_approval", MAKERS, N_("Propose the plan"),
             guards=(by_a_person, rules.a_cause_is_verified, rules.actions_are_complete,
                    rules.criterion_holds),
             event=events.PROPOSED),
        Move("send_back", ("plan_approval",), "investigation", DECIDERS, N_("Send back"),
             guards=(by_a_person,), needs_reason=True, event=events.SENT_BACK),
        Move("approve", ("plan_approval",), "implementation", DECIDERS, N_("Approve the plan"),
             guards=(by_a_person, not_who("propose")), signature="approved", event=events.APPROVED),
        Move("do_action", ("implementation",), "implementation", DOERS, N_("Do an action"),
             guards=(by_a_person, rules.line_is_known("actions"), rules.typed("evidence")),
             event=events.ACTION_DONE),
        Move("prevent", ("implementation",), "implementation", MAKERS, N_("Prevent recurrence"),
             guards=(by_a_person, rules.changes_have_words, rules.named_plans_are_in_force),
             event=events.PREVENTED),
        Move("verify", ("implementation",), "monitoring", DECIDERS, N_("Verify the implementation"),
             guards=(by_a_person, rules.actions_are_done, rules.changes_are_answered, not_who("do_action")),
             event=events.IMPLEMENTED),
        Move("judge", ("monitoring",), "judged", (), N_("Judge"),
             guards=(rules.by_the_program, rules.window_elapsed), event=events.JUDGED),
        Move("fail", ("monitoring",), "investigation", (), N_("Begin the next cycle: not effective"),
             guards=(rules.by_the_program, rules.window_elapsed), event=events.FAILED),
        Move("close", ("judged",), "closed", DECIDERS, N_("Sign the verdict and close"),
             guards=(by_a_person, rules.is_effective, filled("lessons"), not_who("do_action")),
             signature="verified", event=events.CLOSED),
        Move("extend", ("judged",), "monitoring", DECIDERS, N_("Extend the window"),
             guards=(by_a_person, rules.is_not_yet_shown, not_who("do_action")),
             signature="approved", needs_reason=True, event=events.EXTENDED),
        Move("begin_again", ("judged",), "investigation", DECIDERS, N_("Begin the next cycle"),
             guards=(by_a_person,), needs_reason=True, event=events.FAILED),
        Move("void", ("submitted", "containment", "investigation", "plan_approval"), "void", DECIDERS,
             N_("Void"), guards=(by_a_person, not_who("create")), needs_reason=True, event=events.VOIDED),
    ),
)  # fmt: skip
EDITABLE = ("submitted", "containment", "investigation")
