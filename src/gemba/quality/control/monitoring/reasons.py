"""The words of refusals and tasks about charts."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

MONITORING: Mapping[str, str] = {
    "monitoring.not_advised": N_(
        "A chart '{kind}' is not what these readings suggest now ('{advised}' is): look at the advice again."
    ),
    "monitoring.event_code_missing": N_("Give the event code before you close the signal."),
    "monitoring.reaction_missing": N_("Say which step of the reaction plan was done."),
    "monitoring.no_steps": N_("There is no step to tick off: no control plan had a line when it opened."),
    "monitoring.step_unknown": N_("The reaction plan has no step {step}."),
    "monitoring.step_words": N_("Step {step}: say why it is not needed."),
    "monitoring.step_open": N_("Step {step} of the reaction plan is not ticked off: {text}"),
    "monitoring.exclusion_reason": N_("Point {point} is left out of the limits without an assignable cause."),
    "monitoring.valid_from_missing": N_("Say from when the limits hold."),
    "monitoring.why_missing": N_("Say why the limits were calculated again."),
    "monitoring.point_unknown": N_("The chart has no point {point} among those that the limits stand on."),
    "monitoring.not_left_out": N_("Point {point} is not left out of the limits."),
    "monitoring.nothing_to_leave_out": N_(
        "The chart has no limits yet from which a point could be left out."
    ),
    "monitoring.no_limits": N_("No limits can be calculated: {problem}"),
    "monitoring.source_missing": N_(
        "Say where these limits come from: a study elsewhere, a drawing, a customer."
    ),
    "monitoring.given_twice": N_("Give the mean and the standard deviation, or both limits, not both."),
    "monitoring.given_one_limit": N_("Give both limits, or the mean and the standard deviation instead."),
    "monitoring.given_order": N_("The lower limit {lower} does not lie below the upper limit {upper}."),
    "monitoring.given_as_parameters": N_(
        "The limits of a chart '{kind}' do not say its mean and sigma: give these instead."
    ),
    "monitoring.given_several": N_(
        "A chart '{kind}' has a mean for each part or characteristic: its limits are calculated from points."
    ),
    "monitoring.given_impossible": N_("These limits cannot be: {problem}"),
    "monitoring.given_points": N_(
        "The limits of {number} were given, not calculated from points: there is none to leave out. "
        "Propose limits from the points of the chart instead."
    ),
    "monitoring.task_given": N_(
        "Limits of {name} were given, not calculated: look at them, approve or reject them."
    ),
    "monitoring.not_proposed": N_("The limit set is '{state}': only a proposed one can be changed."),
    "monitoring.other_chart": N_(
        "The chart of the stream is now {now}; these limits were calculated for {then}."
    ),
    "monitoring.no_chart": N_("Stream {stream} has no chart."),
    "monitoring.no_open_subgroup": N_("There is no open subgroup '{subgroup}' on this stream."),
    "monitoring.proposed_already": N_("Limits of this stream are already proposed: {number}."),
    "monitoring.task_limits": N_(
        "Limits of {name} are proposed from {points} points: look at them, approve or reject them."
    ),
}
