"""The requirement as the kernel knows it."""

from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.planning.requirements.lifecycle import EDITABLE, LIFECYCLE, MAKERS
from gemba.quality.planning.requirements.models import Requirement
from gemba.quality.planning.requirements.reasons import REQUIREMENTS
from gemba.quality.records.thread.strand import Need, Strand
from gemba.quality.records.types import Mention, RecordType
from gemba.stats.results import N_

REQUIREMENT = RecordType(
    name="requirement",
    prefix="REQ",
    label=N_("Requirement"),
    plural=N_("Requirements"),
    model=Requirement,
    lifecycle=LIFECYCLE,
    children=("impacts",),
    read_roles=QUALITY_ROLES,
    create_roles=MAKERS,
    edit_roles=dict.fromkeys(EDITABLE, MAKERS),
    reasons=REQUIREMENTS,
    strand=Strand(
        place=10,
        needs=(Need(("agreed",), "verified_by", ("characteristic",), "requirements.not_verified"),),
    ),
    mentions={"customer": Mention("party", "raised_from", anywhere=True)},
)
