"""The words of refusals about competences, and of what is to be done."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

COMPETENCES: Mapping[str, str] = {
    "competences.no_type": N_("There is no kind of record '{given}' here. There are: {known}."),
    "competences.months": N_("A proof holds for 0 (for good) to {most} months."),
    "competences.own": N_("Somebody else must confirm what you can do."),
    "competences.not_in_force": N_("The competence is not in force: put it in force first."),
    "competences.future": N_("{date} has not come yet: say when it was shown."),
    "competences.too_old": N_("What was shown holds for {months} months and has run out: it is shown anew."),
    "competences.still_valid": N_("It holds still."),
    "competences.lacking": N_(
        "This step needs the competence {competence}, which you have not shown or which has lapsed. Who "
        "keeps competences confirms it."
    ),
    "competences.task_renew": N_("Show {title} anew before it lapses ({number})."),
    "competences.task_lapsed": N_("{title} has lapsed ({number}): show it anew, or withdraw it."),
}
