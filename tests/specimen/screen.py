from typing import Any

from gemba.quality.records.actions import Action
from gemba.quality.records.screen import ChildTable, Column, Filter, Panel, Screen, Section
from specimen.inputs import SpecimenInput, Taking, take
from specimen.models import Specimen
from specimen.types import SPECIMEN


def heavy(record: Specimen) -> bool:
    return record.weight is not None and record.weight > 10


def summary(record: Specimen) -> dict[str, Any]:
    return {"slices": record.slices.count()}


SCREEN = Screen(
    kind=SPECIMEN,
    columns=(
        Column("number"),
        Column("title"),
        Column("state"),
        Column("weight"),
        Column("owner"),
        Column("opened_at"),
        Column("due_at"),
        Column("heavy", "Heavy", heavy),
    ),
    filters=tuple(
        Filter(name)
        for name in ("state", "category", "site", "owner", "opened_at", "due_at", "weight", "note", "title")
    ),
    sections=(Section("What it is", ("title", "weight", "note")), Section("When", ("due_at",))),
    panels=(Panel("summary", "Summary", summary),),
    children=(ChildTable("slices", "Slices", ("thickness",)),),
    search=("note",),
    help="specimen",
    create=Action(SpecimenInput),
    edit=Action(SpecimenInput),
    moves={"take": Action(Taking, take)},
)
