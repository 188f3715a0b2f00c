"""The process as the kernel knows it."""

from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.planning.processes.lifecycle import EDITABLE, LIFECYCLE, MAKERS
from gemba.quality.planning.processes.models import Process
from gemba.quality.planning.processes.reasons import PROCESSES
from gemba.quality.records.thread.strand import Strand
from gemba.quality.records.types import RecordType
from gemba.stats.results import N_

PROCESS = RecordType(
    name="process",
    prefix="PRC",
    label=N_("Process"),
    plural=N_("Processes"),
    model=Process,
    lifecycle=LIFECYCLE,
    children=("steps",),
    read_roles=QUALITY_ROLES,
    create_roles=MAKERS,
    edit_roles=dict.fromkeys(EDITABLE, MAKERS),
    reasons=PROCESSES,
    strand=Strand(place=20),
)
