"""How a control plan is listed, filtered, shown, made, edited and moved."""

from __future__ import annotations

from gemba.quality.planning.controlplans import services
from gemba.quality.planning.controlplans.inputs import PlanInput
from gemba.quality.planning.controlplans.record import CONTROL_PLAN
from gemba.quality.records.actions import Action, calling
from gemba.quality.records.screen import ChildTable, Column, Filter, Screen, Section
from gemba.stats.results import N_

SCREEN = Screen(
    kind=CONTROL_PLAN,
    columns=(
        Column("number"),
        Column("title"),
        Column("state"),
        Column("phase"),
        Column("product"),
        Column("revision"),
        Column("review_at"),
        Column("site"),
    ),
    filters=(
        Filter("state"),
        Filter("category"),
        Filter("site"),
        Filter("phase"),
        Filter("product"),
        Filter("customer"),
        Filter("owner"),
        Filter("review_at"),
    ),
    sections=(
        Section(
            N_("What it is for"),
            ("title", "phase", "product", "product_revision", "process", "customer", "supplier_code"),
        ),
        Section(N_("Who made it"), ("team", "contact")),
        Section(N_("When it holds"), ("revision", "in_force_at", "review_months", "review_at")),
    ),
    children=(
        ChildTable(
            "lines",
            N_("Lines"),
            ("number", "step", "operation", "machine", "characteristic", "special_class", "specification"),
        ),
        ChildTable(
            "lines",
            N_("How each is measured"),
            ("number", "technique", "gauge", "sample_size", "frequency", "method"),
        ),
        ChildTable(
            "lines",
            N_("Reaction plans"),
            ("number", "containment", "call", "resume", "owner"),
        ),
    ),
    search=("product", "process", "customer", "team"),
    help="records/control-plan",
    create=Action(PlanInput, calling(services.draft_plan)),
    edit=Action(PlanInput, calling(services.edit_plan, "plan")),
    moves={
        name: Action(service=calling(getattr(services, name), "plan"))
        for name in ("approve", "put_in_force", "confirm", "revise", "ask_review")
    },
)  # fmt: skip
