"""The words of refusals and tasks about requirements."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

REQUIREMENTS: Mapping[str, str] = {
    "requirements.order": N_(
        "'{low}' is {low_value} and '{high}' is {high_value}: they are the wrong way round."
    ),
    "requirements.feasibility_missing": N_(
        "Nobody has answered whether it is feasible as it is written now: answer it first."
    ),
    "requirements.not_feasible": N_(
        "It was answered that it is not feasible: change what is asked, answer again, or reject it."
    ),
    "requirements.impact_open": N_("The impact list is open: say what becomes of {records}."),
    "requirements.impact_unknown": N_("'{record}' is not on the open impact list."),
    "requirements.impact_words": N_("Say in words what is changed in {record}."),
    "requirements.successor_unknown": N_("There is no other requirement '{given}' at this site."),
    "requirements.successor_not_agreed": N_("{given} is not agreed: only an agreed one takes its place."),
    "requirements.task_agree": N_(
        "{number} {title}: answer whether it is feasible, then agree or reject it."
    ),
    "requirements.task_impacts": N_(
        "{number} {title} changes: say what becomes of each record on its impact list."
    ),
    "requirements.not_verified": N_("{number} is agreed and no characteristic verifies it."),
}  # fmt: skip
