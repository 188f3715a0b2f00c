"""What a person is asked to do about a brought file, and why one is not taken."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

BRINGING: Mapping[str, str] = {
    "bringing.task_release": N_(
        "{name}: look at the draft and release it. {readings} readings of {file} wait for that."
    ),
    "bringing.task_product": N_("{name}: look at the draft of the product and release it."),
    "bringing.name_taken": N_(
        "{name} is watched here already as {number}: send the readings to it, or give this one another name."
    ),
    "bringing.task_fault": N_("{file} cannot be taken: {fault} Mend the file and bring it again."),
    "bringing.no_values": N_("This column of the file holds no values that could be watched."),
    "bringing.maker_gone": N_("Whoever brought it may not enter readings any more."),
}
