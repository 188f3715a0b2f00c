"""The words of refusals about gauges, and of the tasks that they make."""

from __future__ import annotations

from collections.abc import Mapping

from gemba.stats.results import N_

GAUGES: Mapping[str, str] = {
    "gauges.tag_taken": N_("The tag '{tag}' belongs to {number} already: a tag is never given twice."),
    "gauges.interval": N_("'{field}' is a whole number of months from 1 to {most}."),
    "gauges.notice": N_("'{field}' is a whole number of days from 0 to {most}."),
    "gauges.calibrated_later": N_("A calibration cannot lie in the future."),
    "gauges.calibrated_before": N_(
        "The last calibration was on {last}: an earlier one changes nothing any more."
    ),
    "gauges.due_already": N_("By that calibration the gauge is due since {due}: calibrate it first."),
    "gauges.error_too_large": N_(
        "An error of {error} is more than the permissible {most}: record it as out of tolerance."
    ),
    "gauges.error_fits": N_(
        "An error of {error} is within the permissible {most}: record the gauge as good as found."
    ),
    "gauges.not_left_good": N_(
        "The last calibration left the gauge out of tolerance: adjust or repair it and calibrate it again, "
        "or scrap it."
    ),
    "gauges.never_calibrated": N_("The gauge was never calibrated: record a calibration first."),
    "gauges.restricted": N_(
        "Its use is restricted to '{restriction}': a calibration that finds it good lifts that."
    ),
    "gauges.not_due": N_("The gauge is not due."),
    "gauges.line_unknown": N_("There is no line {line} on the impact list."),
    "gauges.answer_words": N_("Line {line}: say why, and what was done."),
    "gauges.impact_not_listed": N_(
        "What was measured with the gauge is being listed; try again in a moment."
    ),
    "gauges.impact_open": N_(
        "Line {line} of the impact list is open: {readings} readings of {characteristic} were made with the "
        "gauge since it was last good. Say what the error means for them."
    ),
    "gauges.task_due": N_("{number} {title}: calibrate it, it will soon be due."),
    "gauges.task_locked": N_("{number} {title}: its calibration ran out, it is locked. Calibrate it."),
    "gauges.task_impact": N_(
        "{number} {title} was out of tolerance: answer each line of its impact list, then repair or scrap it."
    ),
}
