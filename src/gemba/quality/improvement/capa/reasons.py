"""The words of refusals and tasks about corrective actions."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

CAPA: Mapping[str, str] = {
    "capa.nonconformance_unknown": N_("There is no reported nonconformance {given} at this site."),
    "capa.already_open": N_("{number} already corrects {given}: work there."),
    "capa.cause_missing": N_("No cause is verified in this cycle: add one and show that it is the cause."),
    "capa.human_alone": N_(
        "Human error alone is no cause to act on: verify why the system allowed it."
    ),
    "capa.line_unknown": N_("There is no line {number} to answer."),
    "capa.nothing_open": N_("No line is left to answer."),
    "capa.plan_not_in_force": N_("{number} is named as updated, but it is not in force: {state}."),
    "capa.action_missing": N_("The plan needs an action, each with what, owner and due date."),
    "capa.criterion": N_("The criterion cannot be judged. {why}"),
    "capa.stream_unknown": N_("{characteristic} has no stream '{given}' with readings; known are: {known}."),
    "capa.baseline_order": N_("The baseline ends before it begins."),
    "capa.baseline_ahead": N_("The baseline must lie before now: it is what was, not what will be."),
    "capa.window_short": N_(
        "A window of {days} days brings about {expected} readings, but {needed} are needed: "
        "plan at least {least} days, or accept less power."
    ),
    "capa.action_open": N_("Action {number} is not done: {what}"),
    "capa.change_open": N_("'{about}': say whether it was updated, or why that does not apply."),
    "capa.change_words": N_("'{about}': name the revision, or why it does not apply."),
    "capa.program_only": N_("The verdict is computed by the program when the window has elapsed."),
    "capa.window_open": N_("The window has not elapsed yet: it was fixed in advance and is judged once."),
    "capa.not_shown": N_("Only what the data show to be effective is closed; the verdict is '{verdict}'."),
    "capa.nothing_to_extend": N_("Only what is not yet shown is extended; the verdict is '{verdict}'."),
    "capa.days": N_("Give the days as a whole number from 1 to 3650."),
    "capa.task_triage": N_("{number} {title}: how much is at risk? Accept it, or decline it with a reason."),
    "capa.task_contain": N_("{number} {title}: keep it from everybody else, within a day if it has shipped."),
    "capa.task_investigate": N_("{number} {title}: find and verify the cause, then propose the plan."),
    "capa.task_approve": N_("{number} {title}: is the plan with its criterion right? Approve or send back."),
    "capa.task_implement": N_("{number} {title}: do the actions, each with its evidence."),
    "capa.task_prevent": N_(
        "{number} {title}: every action is done. Say what was changed with it, here and elsewhere."
    ),
    "capa.task_verify": N_(
        "{number} {title}: the actions are done. Verify them, and what was changed with them."
    ),
    "capa.task_judged": N_("{number} {title}: the verdict is there. Sign it, or wait longer."),
}  # fmt: skip
