"""The table of states and moves of a characteristic. Pure."""

from __future__ import annotations

from gemba.quality.planning.products import events
from gemba.quality.planning.products.rules import (
    chart_can_be_drawn,
    limits_make_sense,
    something_is_asked,
    unit_given,
)
from gemba.quality.records.lifecycle import (
    Lifecycle,
    Move,
    State,
    by_a_person,
    filled,
    not_who,
    nothing_in_force,
)
from gemba.stats.results import N_

LIFECYCLE = Lifecycle(
    "characteristic",
    "draft",
    (
        State("draft", "draft", N_("Draft")),
        State("released", "effective", N_("Released")),
        State("under_change", "effective", N_("Under change"), beside=True),
        State("obsolete", "closed", N_("Obsolete")),
        State("discarded", "void", N_("Discarded")),
    ),
    (
        Move(
            "release",
            ("draft", "under_change"),
            "released",
            ("approver", "quality_manager"),
            N_("Release"),
            guards=(
                by_a_person,
                filled("name"),
                unit_given,
                something_is_asked,
                limits_make_sense,
                chart_can_be_drawn,
                not_who("create", "edit"),
            ),
            event=events.RELEASED,
        ),
        Move(
            "start_change",
            ("released",),
            "under_change",
            ("engineer",),
            N_("Start a change"),
            guards=(by_a_person,),
            needs_reason=True,
            event=events.CHANGE_STARTED,
        ),
        Move(
            "retire",
            ("released", "under_change"),
            "obsolete",
            ("approver", "quality_manager"),
            N_("Retire"),
            guards=(by_a_person,),
            needs_reason=True,
            event=events.RETIRED,
        ),
        Move(
            "discard",
            ("draft",),
            "discarded",
            ("engineer",),
            N_("Discard"),
            guards=(by_a_person,),
            needs_reason=True,
        ),
    ),
)
IN_FORCE = ("released", "under_change")
"""The states in which the last released specification holds."""
EDITABLE = ("draft", "under_change")

PRODUCT_MAKERS = ("engineer", "quality_manager")
PRODUCT_DECIDERS = ("approver", "quality_manager")

PRODUCT_LIFECYCLE = Lifecycle(
    "product",
    "draft",
    (
        State("draft", "draft", N_("Draft")),
        State("released", "effective", N_("Released")),
        State("under_change", "effective", N_("Under change"), beside=True),
        State("phase_out", "effective", N_("Phase-out")),
        State("obsolete", "closed", N_("Obsolete")),
        State("discarded", "void", N_("Discarded")),
    ),
    (
        Move("release", ("draft", "under_change"), "released", PRODUCT_DECIDERS, N_("Release"),
             guards=(by_a_person, filled("revision"), not_who("create", "edit")),
             event=events.PRODUCT_RELEASED),
        Move("start_change", ("released",), "under_change", PRODUCT_MAKERS, N_("Start a change"),
             guards=(by_a_person,), needs_reason=True),
        Move("phase_out", ("released",), "phase_out", PRODUCT_DECIDERS, N_("Phase out"),
             guards=(by_a_person,), needs_reason=True),
        Move("retire", ("phase_out",), "obsolete", PRODUCT_DECIDERS, N_("Retire"),
             guards=(by_a_person, nothing_in_force("contains")), needs_reason=True),
        Move("discard", ("draft",), "discarded", PRODUCT_MAKERS, N_("Discard"),
             guards=(by_a_person,), needs_reason=True),
    ),
)  # fmt: skip
