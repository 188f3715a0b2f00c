"""How a process is listed, filtered, shown, made and edited: the plain way of the kernel in everything."""

from __future__ import annotations

from gemba.quality.planning.processes.inputs import ProcessInput
from gemba.quality.planning.processes.record import PROCESS
from gemba.quality.records.actions import Action
from gemba.quality.records.screen import ChildTable, Column, Filter, Screen, Section
from gemba.stats.results import N_

SCREEN = Screen(
    kind=PROCESS,
    columns=(Column("number"), Column("title", N_("Name")), Column("state"), Column("owner"), Column("site")),
    filters=(Filter("state"), Filter("category"), Filter("site"), Filter("owner")),
    sections=(
        Section(N_("What it is for"), ("title", "owner", "purpose", "inputs", "outputs")),
        Section(N_("How it is done"), ("resources", "competence", "methods")),
        Section(N_("How well"), ("measures", "risks")),
    ),
    children=(
        ChildTable("steps", N_("Steps"), ("number", "operation", "machine", "station", "predecessor")),
    ),
    search=("purpose", "inputs", "outputs", "methods"),
    help="records/process",
    create=Action(ProcessInput),
    edit=Action(ProcessInput),
)
