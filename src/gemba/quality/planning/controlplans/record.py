"""The control plan as the kernel knows it."""

from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.planning.controlplans.lifecycle import LIFECYCLE, MAKERS
from gemba.quality.planning.controlplans.models import ControlPlan
from gemba.quality.planning.controlplans.reasons import CONTROL_PLANS
from gemba.quality.records.thread.strand import Strand
from gemba.quality.records.types import Mention, RecordType
from gemba.stats.results import N_

CONTROL_PLAN = RecordType(
    name="control-plan",
    prefix="CPL",
    label=N_("Control plan"),
    plural=N_("Control plans"),
    model=ControlPlan,
    lifecycle=LIFECYCLE,
    children=("lines",),
    read_roles=QUALITY_ROLES,
    create_roles=MAKERS,
    edit_roles={"draft": MAKERS},
    reasons=CONTROL_PLANS,
    strand=Strand(place=40, revises=("put_in_force",)),
    mentions={
        "product": Mention("product", "controls"),
        "process": Mention("process", "controls"),
        "customer": Mention("party", anywhere=True),
        "lines.characteristic": Mention("characteristic", "controls"),
        "lines.gauge": Mention("gauge", "measured_with", label="tag"),
    },
)
