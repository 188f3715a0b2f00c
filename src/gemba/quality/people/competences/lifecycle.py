"""The tables of states and moves of a competence and of a qualification. Pure."""

from __future__ import annotations

from gemba.quality.people.competences import events, rules
from gemba.quality.records.lifecycle import Lifecycle, Move, State, by_a_person, filled, not_who
from gemba.stats.results import N_

KEEPERS = ("engineer", "quality_manager")
DECIDERS = ("quality_manager", "approver")
SYSTEM_ONLY: tuple[str, ...] = ()

COMPETENCE_LIFECYCLE = Lifecycle(
    "competence",
    "draft",
    (
        State("draft", "draft", N_("Draft")),
        State("in_force", "effective", N_("In force")),
        State("retired", "closed", N_("Retired")),
        State("discarded", "void", N_("Discarded")),
    ),
    (
        Move(
            "release",
            ("draft",),
            "in_force",
            DECIDERS,
            N_("Put in force"),
            guards=(by_a_person, rules.record_type_known, not_who("create", "edit")),
        ),
        Move(
            "retire",
            ("in_force",),
            "retired",
            DECIDERS,
            N_("Retire"),
            guards=(by_a_person,),
            needs_reason=True,
        ),
        Move(
            "discard",
            ("draft",),
            "discarded",
            KEEPERS,
            N_("Discard"),
            guards=(by_a_person,),
            needs_reason=True,
        ),
    ),
)

QUALIFICATION_LIFECYCLE = Lifecycle(
    "qualification",
    "draft",
    (
        State("draft", "draft", N_("Draft")),
        State("valid", "effective", N_("Valid")),
        State("lapsed", "open", N_("Lapsed")),
        State("ended", "closed", N_("Ended")),
        State("discarded", "void", N_("Discarded")),
    ),
    (
        Move(
            "confirm",
            ("draft",),
            "valid",
            KEEPERS,
            N_("Confirm"),
            guards=(by_a_person, rules.not_ones_own, rules.in_force, rules.shown_by_now, rules.holds_still),
            event=events.CONFIRMED,
        ),
        Move(
            "renew",
            ("valid", "lapsed"),
            "valid",
            KEEPERS,
            N_("Renew"),
            guards=(
                by_a_person,
                filled("proved_on", "evidence"),
                rules.not_ones_own,
                rules.in_force,
                rules.shown_by_now,
                rules.holds_still,
            ),
            event=events.CONFIRMED,
        ),
        Move("lapse", ("valid",), "lapsed", SYSTEM_ONLY, N_("It ran out"), guards=(rules.ran_out,),
             event=events.LAPSED),
        Move(
            "withdraw",
            ("valid", "lapsed"),
            "ended",
            KEEPERS,
            N_("Withdraw"),
            guards=(by_a_person,),
            needs_reason=True,
            event=events.ENDED,
        ),
        Move(
            "discard",
            ("draft",),
            "discarded",
            KEEPERS,
            N_("Discard"),
            guards=(by_a_person,),
            needs_reason=True,
            event=events.ENDED,
        ),
    ),
)  # fmt: skip
