"""The words of refusals about nonconformances, and of the tasks that they make."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

NONCONFORMANCE: Mapping[str, str] = {
    "nonconformance.choice_unknown": N_("'{field}' cannot be '{given}'; known are {known}."),
    "nonconformance.quantity_invalid": N_(
        "'{field}' is {given}: a number from 0 is needed, with at most {digits} digits and {places} decimals."
    ),
    "nonconformance.quantity_zero": N_("'{field}' must be more than 0."),
    "nonconformance.quantity_order": N_(
        "{nonconforming} do not conform, but only {inspected} were inspected."
    ),
    "nonconformance.characteristic_unknown": N_("There is no released characteristic {given} at this site."),
    "nonconformance.location_open": N_("'{location}' is not answered: is suspect product there?"),
    "nonconformance.location_words": N_("'{location}': say what was looked at or done."),
    "nonconformance.location_quantity": N_("'{location}': say how much was found and secured."),
    "nonconformance.review_role": N_("For '{function}' one of the roles {roles} must speak."),
    "nonconformance.review_words": N_("A review needs words: what do you advise, and why?"),
    "nonconformance.review_missing": N_("The review of '{function}' is missing."),
    "nonconformance.review_one_person": N_("Engineering and quality must be two persons."),
    "nonconformance.finder_decides": N_("Whoever found it does not decide on it."),
    "nonconformance.nothing_pending": N_("Every line is carried out."),
    "nonconformance.line_unknown": N_("There is no line {line} to carry out."),
    "nonconformance.line_field": N_("Line {line}: '{field}' is not filled in."),
    "nonconformance.lines_sum": N_("The lines add up to {sum} {unit}, but {quantity} {unit} do not conform."),
    "nonconformance.concession_missing": N_(
        "Line {line} ({decision}) needs a concession: none is linked to this nonconformance."
    ),
    "nonconformance.concession_not_approved": N_(
        "Line {line} ({decision}) needs an approved concession: {number} is '{state}'."
    ),
    "nonconformance.line_quantity": N_("Line {line} is about {quantity}; {given} cannot have been done."),
    "nonconformance.evidence_missing": N_("Say what was done, or where it can be seen."),
    "nonconformance.reinspection_missing": N_(
        "Line {line} ({decision}): no reading with the purpose '{purpose}' was taken of {characteristic} "
        "since the decision."
    ),
    "nonconformance.reinspection_failed": N_(
        "Line {line} ({decision}): the last re-inspection of {characteristic} does not conform ({text})."
    ),
    "nonconformance.reinspection_reference": N_(
        "Line {line} ({decision}): say where the passed re-inspection can be read."
    ),
    "nonconformance.cost_missing": N_(
        "Line {line}: scrap is posted with its cost and its currency, such as EUR."
    ),
    "nonconformance.line_pending": N_("Line {line} ({decision}) is still to do."),
    "nonconformance.rest_open": N_(
        "{sum} of {quantity} {unit} were carried out: decide on the rest in a new review."
    ),
    "nonconformance.line_not_done": N_("Line {line} was not carried out: nothing to overturn."),
    "nonconformance.line_gone": N_("Line {line} ({decision}) cannot be taken back."),
    "nonconformance.corrective_open": N_("Answer first: is a corrective action needed, and why?"),
    "nonconformance.corrective_reason": N_("Say why a corrective action is needed or not."),
    "nonconformance.customer_not_informed": N_(
        "Suspect product is at the customer: say how the customer was informed."
    ),
    "nonconformance.capa_open": N_("The corrective action {number} is still open; work there instead."),
    "nonconformance.task_report": N_(
        "{title}: look at it, then report the nonconformance or discard the draft."
    ),
    "nonconformance.task_contain": N_(
        "{number} {title}: secure all that is suspect, in stock, in work, in transit, at the customer."
    ),
    "nonconformance.task_engineering": N_("{number} {title}: review it for engineering."),
    "nonconformance.task_quality": N_("{number} {title}: review it for quality and decide the disposition."),
    "nonconformance.task_execute": N_("{number} {title}: carry out the disposition, line by line."),
    "nonconformance.task_verify": N_("{number} {title}: every line is done, verify that it holds."),
    "nonconformance.task_close": N_(
        "{number} {title}: say whether a corrective action is needed, then close it."
    ),
    "nonconformance.task_look_again": N_(
        "{number} {title}: the signal {signal} was withdrawn, its basis was corrected. Void it or go on."
    ),
}
