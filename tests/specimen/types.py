from gemba.quality.records.lifecycle import Lifecycle, Move, State, filled, no_open_task, not_who
from gemba.quality.records.thread.strand import Need, Strand
from gemba.quality.records.types import RecordType
from specimen.models import Specimen

LIFECYCLE = Lifecycle(
    "specimen",
    "draft",
    (
        State("draft", "draft", "Draft"),
        State("taken", "open", "Taken"),
        State("released", "approved", "Released"),
        State("thrown", "void", "Thrown away"),
        State("kept", "closed", "Kept"),
    ),
    (
        Move(
            "take",
            ("draft",),
            "taken",
            ("inspector",),
            "Take",
            guards=(filled("weight"),),
            event="SpecimenTaken",
        ),
        Move(
            "release",
            ("taken",),
            "released",
            ("approver",),
            "Release",
            guards=(not_who("take"),),
            event="SpecimenReleased",
        ),
        Move("sign", ("taken",), "released", ("approver",), "Sign", signature="approved"),
        Move(
            "keep",
            ("released",),
            "kept",
            ("approver", "inspector"),
            "Keep",
            guards=(no_open_task("specimen.file"),),
        ),
        Move("throw", ("draft", "taken", "released"), "thrown", ("inspector",), "Throw", needs_reason=True),
    ),
)
SPECIMEN = RecordType(
    name="specimen",
    prefix="SPE",
    label="Specimen",
    plural="Specimens",
    model=Specimen,
    lifecycle=LIFECYCLE,
    schema=2,
    create_roles=("inspector",),
    edit_roles={"draft": ("inspector",), "taken": ("inspector", "approver")},
    children=("slices",),
    reasons={"specimen.file": "File the specimen.", "specimen.alone": "{number} controls nothing."},
    strand=Strand(
        place=40,
        links={"controls": ("characteristic",)},
        needs=(Need(("taken", "released"), "controls", ("characteristic",), "specimen.alone"),),
    ),
    upgrades={1: lambda old: {**old, "note": old.get("remark", "")}},
)
