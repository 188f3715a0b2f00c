"""What follows from what is planned: control plans, the gauges they measure with, the people who can."""

from __future__ import annotations

from gemba.quality.consequences import (
    OWNER,
    SHIFT,
    TO_MANAGER,
    draft_from_gauge,
    ends,
    list_impact,
    look_at_plans,
    next_task,
)
from gemba.quality.control.gauges import events as gauges
from gemba.quality.people.competences import events as competences
from gemba.quality.planning.controlplans import events as plans
from gemba.quality.planning.products import events as products
from gemba.quality.records.outbox import Reaction
from gemba.stats.results import N_

PLANNED: tuple[Reaction, ...] = (
    next_task(
        gauges.DUE_SOON,
        "gauge-due",
        N_("When a gauge will soon be due, an inspector has it calibrated."),
        what="gauges.task_due",
        role="inspector",
        minutes=10 * SHIFT,
    ),
    next_task(
        gauges.LOCKED,
        "gauge-locked",
        N_("When the calibration of a gauge runs out, it is locked and an inspector has it calibrated."),
        what="gauges.task_locked",
        role="inspector",
        minutes=SHIFT,
        ladder=TO_MANAGER,
        done=["gauges.task_due"],
    ),
    Reaction(
        gauges.FAILED,
        "list-impact",
        N_("When a gauge is found out of tolerance, all it measured since it was last good is answered for."),
        list_impact,
    ),
    Reaction(
        gauges.SUSPECTED,
        "draft-from-gauge",
        N_("When a gauge that failed has made product suspect, a nonconformance is drafted."),
        draft_from_gauge,
    ),
    ends(
        gauges.CALIBRATED,
        "calibrated-tasks",
        N_("When a gauge is calibrated and good, nothing about it is left on a list."),
    ),
    ends(
        gauges.RELEASED, "released-tasks", N_("When a gauge is released, nothing about it is left on a list.")
    ),
    ends(
        gauges.OUT_OF_USE,
        "unused-tasks",
        N_("When a gauge is not used any more, nobody is asked to calibrate it."),
    ),
    ends(
        gauges.ENDED,
        "ended-gauge-tasks",
        N_("When a gauge is retired or scrapped, nothing about it is left on a list."),
    ),
    next_task(
        competences.DUE_SOON,
        "qualification-due",
        N_("When what somebody has shown will soon lapse, he shows it anew."),
        what="competences.task_renew",
        role=OWNER,
        minutes=10 * SHIFT,
        ladder=TO_MANAGER,
    ),
    next_task(
        competences.LAPSED,
        "qualification-lapsed",
        N_("When a qualification lapses, the steps that need it are barred and its holder shows it anew."),
        what="competences.task_lapsed",
        role=OWNER,
        minutes=5 * SHIFT,
        ladder=TO_MANAGER,
        done=["competences.task_renew"],
    ),
    ends(
        competences.CONFIRMED,
        "confirmed-tasks",
        N_("When somebody has shown a competence, nothing about it is left on a list."),
    ),
    ends(
        competences.ENDED,
        "ended-qualification",
        N_("When a qualification is withdrawn, nothing about it is left on a list."),
    ),
    Reaction(
        products.RELEASED,
        "look-at-plans",
        N_("When a characteristic is released anew, each control plan in force is looked at again."),
        look_at_plans,
    ),
    next_task(
        plans.SUBMITTED,
        "approve-plan",
        N_("When a control plan is submitted, an approver approves or returns it."),
        what="controlplans.task_approve",
        role="approver",
        minutes=2 * SHIFT,
        ladder=TO_MANAGER,
    ),
    next_task(
        plans.APPROVED,
        "plan-in-force",
        N_("When a control plan is approved, an approver puts it in force."),
        what="controlplans.task_in_force",
        role="approver",
        minutes=2 * SHIFT,
        done=["controlplans.task_approve"],
    ),
    next_task(
        plans.REVIEW_DUE,
        "review-plan",
        N_("When a control plan is to be reviewed, an engineer looks at it and revises it where needed."),
        what="controlplans.task_review",
        role="engineer",
        minutes=10 * SHIFT,
        ladder=TO_MANAGER,
    ),
    ends(
        plans.RETURNED,
        "returned-plan",
        N_("When a control plan is returned, nobody is asked to approve it."),
    ),
    ends(
        plans.IN_FORCE,
        "plan-tasks",
        N_("When a control plan is in force, nothing about it is left on a list."),
    ),
    ends(
        plans.CONFIRMED,
        "confirmed-plan",
        N_("When a control plan is confirmed, nobody is asked to review it."),
    ),
    ends(plans.ENDED, "ended-plan", N_("When a control plan has ended, nothing about it is left on a list.")),
)
"""The lines of the table that are about them."""
