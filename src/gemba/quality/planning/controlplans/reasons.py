"""The words of refusals about control plans, and of the tasks that they make."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

CONTROL_PLANS: Mapping[str, str] = {
    "controlplans.review_months": N_("'{field}' is a whole number of months from 1 to {most}."),
    "controlplans.line_number": N_("Line {line}: each line has a number of its own, from 1 upwards."),
    "controlplans.no_lines": N_("The plan has no line: say what is controlled."),
    "controlplans.line_field": N_("Line {line}: '{what}' is not filled in."),
    "controlplans.special_missing": N_(
        "The special characteristic {number} {name} of the product has no line."
    ),
    "controlplans.gauge": N_("The gauge {number} may not be used: it is '{state}'. Calibrate or replace it."),
    "controlplans.revision_begun": N_("The next revision is begun already: {number}."),
    "controlplans.task_approve": N_("{number} {title}: look at the control plan, approve or return it."),
    "controlplans.task_in_force": N_("{number} {title}: it is approved, put it in force."),
    "controlplans.task_review": N_(
        "{number} {title}: look at the control plan again, confirm it or begin the next revision."
    ),
}
