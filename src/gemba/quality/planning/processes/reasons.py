"""The words of refusals about processes."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

PROCESSES: Mapping[str, str] = {
    "processes.no_step": N_("The process has no step: say what is done in it."),
    "processes.step_twice": N_("Step {number} stands there twice: give each step a number of its own."),
    "processes.predecessor_unknown": N_("Step {number} comes after {given}: there is no such step."),
    "processes.circle": N_("Step {number} comes after itself: mend the predecessors."),
}
