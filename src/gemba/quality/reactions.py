"""What follows from what: one line a sentence of the quality manual, across all slices.

A reaction runs from the outbox, after the commit that made its event true, each exactly once.
"""

from __future__ import annotations

from gemba.quality.consequences import (
    HOUR,
    SHIFT,
    TO_MANAGER,
    approve_limits,
    ask_for_correction,
    carry_out_plan,
    draft_beyond,
    draft_nonconforming,
    ends,
    look_again,
    mend_quarantine,
    next_task,
    released,
    report_locked_signing,
    settle_quarantine,
    verify_actions,
    verify_when_done,
)
from gemba.quality.control.collecting import events as collecting
from gemba.quality.control.monitoring import events as monitoring
from gemba.quality.control.nonconformance import events as nonconformance
from gemba.quality.improvement.capa import events as capa
from gemba.quality.people.signing import LOCKED_EVENT
from gemba.quality.planned import PLANNED
from gemba.quality.planning.products import events as products
from gemba.quality.planning.requirements import events as requirements
from gemba.quality.records.outbox import Reaction
from gemba.stats.results import N_

REACTIONS: tuple[Reaction, ...] = (
    next_task(
        requirements.SUBMITTED,
        "agree-requirement",
        N_("When a requirement is submitted, quality asks whether it is feasible and agrees or rejects it."),
        what="requirements.task_agree",
        role="quality_manager",
        minutes=5 * SHIFT,
    ),
    next_task(
        requirements.CHANGE_STARTED,
        "answer-impacts",
        N_("When a requirement is opened for change, an engineer answers its impact list."),
        what="requirements.task_impacts",
        role="engineer",
        minutes=5 * SHIFT,
        ladder=TO_MANAGER,
    ),
    ends(
        requirements.AGREED,
        "agreed-requirement",
        N_("When a requirement is agreed, nothing about it is left on a list."),
    ),
    ends(
        requirements.REJECTED,
        "rejected-requirement",
        N_("When a requirement is rejected, nothing about it is left on a list."),
    ),
    ends(
        requirements.SUPERSEDED,
        "superseded-requirement",
        N_("When a requirement is superseded, nothing about it is left on a list."),
    ),
    ends(
        requirements.WITHDRAWN,
        "withdrawn-requirement",
        N_("When a requirement is withdrawn, nothing about it is left on a list."),
    ),
    Reaction(
        monitoring.RAISED,
        "carry-out-plan",
        N_(
            "When a chart signals, the steps of its reaction plan are on its page, and whose it is does them."
        ),
        carry_out_plan,
    ),
    Reaction(
        monitoring.RAISED,
        "draft-beyond-limits",
        N_("When a point beyond the limits makes product suspect, all since the last good point is drafted."),
        draft_beyond,
    ),
    Reaction(
        monitoring.WITHDRAWN,
        "look-again",
        N_("When a signal is withdrawn, an engineer looks again at what was raised from it."),
        look_again,
    ),
    Reaction(
        collecting.NONCONFORMING,
        "draft-nonconforming",
        N_("When a reading does not conform, all since the last good one is drafted, once an episode."),
        draft_nonconforming,
    ),
    ends(
        monitoring.CLOSED, "signal-tasks", N_("When a signal is closed, nothing about it is left on a list.")
    ),
    ends(
        monitoring.WITHDRAWN,
        "withdrawn-tasks",
        N_("When a signal is withdrawn, nothing about it is left on a list."),
    ),
    Reaction(
        collecting.QUARANTINED,
        "mend-quarantine",
        N_("When a reading waits in quarantine, an inspector mends and releases it, or discards it."),
        mend_quarantine,
    ),
    Reaction(
        monitoring.PROPOSED,
        "approve-limits",
        N_("When limits are proposed, an approver looks at them, approves or rejects them."),
        approve_limits,
    ),
    Reaction(
        collecting.DECIDED,
        "settle-quarantine",
        N_("When nothing waits in quarantine any more, nobody is asked to look there."),
        settle_quarantine,
    ),
    ends(
        monitoring.APPROVED,
        "approved-tasks",
        N_("When limits are approved, nothing about them is left on a list."),
    ),
    ends(
        monitoring.REJECTED,
        "rejected-tasks",
        N_("When limits are rejected, nothing about them is left on a list."),
    ),
    next_task(
        nonconformance.DRAFTED,
        "report",
        N_("When a nonconformance is drafted, an inspector looks at it and reports or discards it."),
        what="nonconformance.task_report",
        role="inspector",
        minutes=2 * HOUR,
        ladder=TO_MANAGER,
    ),
    next_task(
        nonconformance.REPORTED,
        "contain",
        N_("When a nonconformance is reported, everything suspect is found and secured within a shift."),
        what="nonconformance.task_contain",
        role="inspector",
        minutes=SHIFT,
        ladder=TO_MANAGER,
        done=["nonconformance.task_report"],
    ),
    next_task(
        nonconformance.CONTAINED,
        "review-engineering",
        N_("When a nonconformance is contained, engineering reviews it."),
        what="nonconformance.task_engineering",
        role="engineer",
        minutes=2 * SHIFT,
        ladder=TO_MANAGER,
        done=["nonconformance.task_contain"],
    ),
    next_task(
        nonconformance.CONTAINED,
        "review-quality",
        N_("When a nonconformance is contained, quality reviews it and decides on it."),
        what="nonconformance.task_quality",
        role="quality_manager",
        minutes=3 * SHIFT,
    ),
    next_task(
        nonconformance.REVIEWED_AGAIN,
        "review-again",
        N_("When a decision is reviewed again, quality decides on what is left."),
        what="nonconformance.task_quality",
        role="quality_manager",
        minutes=2 * SHIFT,
        done=["nonconformance.task_execute", "nonconformance.task_verify", "nonconformance.task_close"],
    ),
    next_task(
        nonconformance.DISPOSITIONED,
        "execute",
        N_("When a disposition is decided, its lines are carried out."),
        what="nonconformance.task_execute",
        role="operator",
        minutes=2 * SHIFT,
        ladder=TO_MANAGER,
        done=["nonconformance.task_engineering", "nonconformance.task_quality"],
    ),
    Reaction(
        nonconformance.LINE_DONE,
        "verify",
        N_("When the last line is carried out, somebody who did not do it verifies that it holds."),
        verify_when_done,
    ),
    next_task(
        nonconformance.VERIFIED,
        "close",
        N_("When a nonconformance is verified, an approver closes it with a signature."),
        what="nonconformance.task_close",
        role="approver",
        minutes=2 * SHIFT,
        ladder=TO_MANAGER,
        done=["nonconformance.task_execute", "nonconformance.task_verify"],
    ),
    next_task(
        nonconformance.REOPENED,
        "contain-again",
        N_("When a nonconformance is opened again, every location is asked again."),
        what="nonconformance.task_contain",
        role="inspector",
        minutes=SHIFT,
        ladder=TO_MANAGER,
    ),
    ends(
        nonconformance.CLOSED,
        "close-tasks",
        N_("When a nonconformance is closed, nothing about it is left on a list."),
    ),
    ends(
        nonconformance.VOIDED,
        "void-tasks",
        N_("When a nonconformance is void, nothing about it is left on a list."),
    ),
    *PLANNED,
    Reaction(
        products.RELEASED,
        "released",
        N_("When a characteristic is released, the readings of the file that was brought for it are taken."),
        released,
    ),
    ends(
        products.PRODUCT_RELEASED,
        "released-product",
        N_("When a product is released, nothing about it is left on a list."),
    ),
    Reaction(
        LOCKED_EVENT,
        "locked-signing",
        N_("When signing is locked after failures, an access administrator finds out why."),
        report_locked_signing,
    ),
    Reaction(
        nonconformance.CORRECTIVE_NEEDED,
        "ask-for-correction",
        N_("When a nonconformance needs a corrective action, it is asked for, and both are linked."),
        ask_for_correction,
    ),
    next_task(
        capa.SUBMITTED,
        "triage-capa",
        N_("When a corrective action is asked for, quality accepts it by its risk or declines it."),
        what="capa.task_triage",
        role="quality_manager",
        minutes=SHIFT,
    ),
    next_task(
        capa.ACCEPTED,
        "contain-capa",
        N_("When a corrective action is accepted, an engineer keeps the problem from everybody else."),
        what="capa.task_contain",
        role="engineer",
        minutes=SHIFT,
        ladder=TO_MANAGER,
        done=("capa.task_triage",),
    ),
    next_task(
        capa.CONTAINED,
        "investigate-capa",
        N_("When the problem is contained, an engineer verifies the cause and proposes the plan."),
        what="capa.task_investigate",
        role="engineer",
        minutes=10 * SHIFT,
        ladder=TO_MANAGER,
        done=("capa.task_contain",),
    ),
    next_task(
        capa.PROPOSED,
        "approve-capa",
        N_("When a plan with its criterion is proposed, somebody else approves it by signature."),
        what="capa.task_approve",
        role="approver",
        minutes=2 * SHIFT,
        ladder=TO_MANAGER,
        done=("capa.task_investigate",),
    ),
    next_task(
        capa.SENT_BACK,
        "investigate-capa-again",
        N_("When a plan is sent back, the investigation goes on."),
        what="capa.task_investigate",
        role="engineer",
        minutes=5 * SHIFT,
        done=("capa.task_approve",),
    ),
    next_task(
        capa.APPROVED,
        "implement-capa",
        N_("When a plan is approved, its actions are done, each with its evidence."),
        what="capa.task_implement",
        role="engineer",
        minutes=10 * SHIFT,
        ladder=TO_MANAGER,
        done=("capa.task_approve",),
    ),
    Reaction(
        capa.ACTION_DONE,
        "verify-capa",
        N_("When the last action is done, an engineer says what was changed with it; then it is verified."),
        verify_actions,
    ),
    Reaction(
        capa.PREVENTED,
        "verify-capa-prevented",
        N_("When everything that was changed is answered for, somebody else verifies the implementation."),
        verify_actions,
    ),
    next_task(
        capa.JUDGED,
        "sign-capa",
        N_("When the window has elapsed and the data are judged, somebody who did not implement signs."),
        what="capa.task_judged",
        role="quality_manager",
        minutes=2 * SHIFT,
    ),
    next_task(
        capa.FAILED,
        "begin-cycle-of-capa",
        N_("When an action was not effective, the next cycle begins at its causes by itself."),
        what="capa.task_investigate",
        role="engineer",
        minutes=5 * SHIFT,
        ladder=TO_MANAGER,
        done=("capa.task_judged",),
    ),
    ends(
        capa.IMPLEMENTED, "wait-for-data", N_("When an implementation is verified, its data are waited for.")
    ),
    ends(capa.EXTENDED, "wait-longer", N_("When a window is extended, the data are waited for longer.")),
    ends(capa.CLOSED, "closed-capa", N_("When a verdict is signed, nothing about it is left on a list.")),
    ends(
        capa.DECLINED, "declined-capa", N_("When a corrective action is declined, nothing is left on a list.")
    ),
    ends(capa.VOIDED, "voided-capa", N_("When a corrective action is voided, nothing is left on a list.")),
)
