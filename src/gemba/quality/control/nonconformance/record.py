"""The nonconformance as the kernel knows it."""

from gemba.quality.control.nonconformance.lifecycle import EDIT_ROLES, FINDERS, LIFECYCLE
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.control.nonconformance.reasons import NONCONFORMANCE as REASONS
from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.records.thread.strand import Strand
from gemba.quality.records.types import RecordType
from gemba.stats.results import N_

NONCONFORMANCE = RecordType(
    name="nonconformance",
    prefix="NCR",
    label=N_("Nonconformance"),
    plural=N_("Nonconformances"),
    model=Nonconformance,
    lifecycle=LIFECYCLE,
    children=("locations", "reviews", "lines"),
    read_roles=QUALITY_ROLES,
    create_roles=FINDERS,
    edit_roles=EDIT_ROLES,
    reasons=REASONS,
    strand=Strand(place=80),
    keeper="quality_manager",
)
