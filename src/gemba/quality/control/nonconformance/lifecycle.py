"""The table of states and moves of a nonconformance. Pure."""

from __future__ import annotations

from gemba.quality.control.nonconformance import checks, events, rules
from gemba.quality.records.lifecycle import Lifecycle, Move, State, by_a_person, filled, not_who
from gemba.stats.results import N_

FINDERS = ("operator", "inspector", "engineer", "quality_manager")
PLANNERS = ("engineer", "quality_manager")
REVIEWERS = ("engineer", "approver", "quality_manager")
CLOSERS = ("approver", "quality_manager")
VERIFIERS = ("inspector", "engineer", "approver", "quality_manager")

STATES = (
    State("draft", "draft", N_("Draft")),
    State("reported", "open", N_("Reported")),
    State("contained", "open", N_("Contained")),
    State("under_review", "open", N_("Under review")),
    State("dispositioned", "approved", N_("Dispositioned")),
    State("in_execution", "effective", N_("In execution")),
    State("verified", "effective", N_("Verified")),
    State("closed", "closed", N_("Closed")),
    State("void", "void", N_("Void")),
)
REPORT = Move(
    "report",
    ("draft",),
    "reported",
    FINDERS,
    N_("Report"),
    guards=(
        by_a_person,
        filled("required", "found", "place", "found_at", "detection_point", "severity"),
        rules.quantities_make_sense,
    ),
    event=events.REPORTED,
)
ANSWER_LOCATION = Move(
    "answer_location",
    ("reported",),
    "reported",
    FINDERS,
    N_("Answer a location"),
    guards=(by_a_person, checks.answers_can_be_kept),
)
CONTAIN = Move(
    "contain",
    ("reported",),
    "contained",
    FINDERS,
    N_("Contain"),
    guards=(by_a_person, checks.answers_can_be_kept, rules.every_location_answered),
    event=events.CONTAINED,
)
REVIEW = Move(
    "review",
    ("contained", "under_review"),
    "under_review",
    REVIEWERS,
    N_("Review"),
    guards=(by_a_person, checks.speaks_for_the_function),
    event=events.REVIEWED,
)
PROPOSE = Move(
    "propose",
    ("under_review",),
    "under_review",
    PLANNERS,
    N_("Propose a disposition"),
    guards=(by_a_person, checks.lines_can_be_kept),
)
DECIDE = Move(
    "decide",
    ("under_review",),
    "dispositioned",
    ("quality_manager",),
    N_("Decide the disposition"),
    guards=(
        by_a_person,
        rules.reviewed_by_all,
        rules.quantities_make_sense,
        checks.lines_can_be_kept,
        rules.lines_cover_the_quantity,
        rules.lines_are_complete,
        rules.concession_holds,
        rules.not_the_finder,
        not_who("report"),
    ),
    event=events.DISPOSITIONED,
)
EXECUTE = Move(
    "execute",
    ("dispositioned", "in_execution"),
    "in_execution",
    FINDERS,
    N_("Carry out a line"),
    guards=(by_a_person, checks.line_was_done, checks.line_was_reinspected),
    event=events.LINE_DONE,
)
VERIFY = Move(
    "verify",
    ("dispositioned", "in_execution"),
    "verified",
    VERIFIERS,
    N_("Verify"),
    guards=(
        by_a_person,
        rules.no_line_pending,
        rules.nothing_left_over,
        rules.lines_are_proven,
        rules.concession_holds,
        not_who("execute"),
    ),
    event=events.VERIFIED,
)
ANSWER_CORRECTIVE = Move(
    "answer_corrective",
    ("verified",),
    "verified",
    REVIEWERS,
    N_("Answer: corrective action?"),
    guards=(by_a_person, checks.answer_has_reason),
)
CLOSE = Move(
    "close",
    ("verified",),
    "closed",
    CLOSERS,
    N_("Close"),
    guards=(
        by_a_person,
        rules.no_line_pending,
        rules.corrective_action_answered,
        rules.customer_was_informed,
        not_who("decide", "execute"),
    ),
    signature="verified",
    event=events.CLOSED,
)
REVIEW_AGAIN = Move(
    "review_again",
    ("dispositioned", "in_execution", "verified"),
    "under_review",
    PLANNERS,
    N_("Review again"),
    guards=(by_a_person, checks.can_be_overturned),
    needs_reason=True,
    event=events.REVIEWED_AGAIN,
)
REOPEN = Move(
    "reopen",
    ("closed",),
    "reported",
    ("quality_manager",),
    N_("Reopen"),
    guards=(by_a_person, rules.no_open_capa, checks.can_be_overturned),
    needs_reason=True,
    event=events.REOPENED,
)
DISCARD = Move(
    "discard",
    ("draft",),
    "void",
    ("inspector", *PLANNERS),
    N_("Discard the draft"),
    guards=(by_a_person,),
    needs_reason=True,
    event=events.VOIDED,
)
VOID = Move(
    "void",
    ("reported", "contained", "under_review"),
    "void",
    PLANNERS,
    N_("Void"),
    guards=(by_a_person, not_who("report")),
    needs_reason=True,
    event=events.VOIDED,
)
LIFECYCLE = Lifecycle(
    "nonconformance",
    "draft",
    STATES,
    (
        REPORT,
        ANSWER_LOCATION,
        CONTAIN,
        REVIEW,
        PROPOSE,
        DECIDE,
        EXECUTE,
        VERIFY,
        ANSWER_CORRECTIVE,
        CLOSE,
        REVIEW_AGAIN,
        REOPEN,
        DISCARD,
        VOID,
    ),
)
EDIT_ROLES = {
    "draft": FINDERS,
    "reported": FINDERS,
    "contained": PLANNERS,
    "under_review": PLANNERS,
}
"""In which state who may amend the finding itself."""
JOINABLE = ("draft", "reported")
"""The states in which more suspect product of the same episode joins."""
