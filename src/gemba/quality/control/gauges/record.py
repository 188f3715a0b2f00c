"""The gauge as the kernel knows it."""

from gemba.quality.control.gauges.lifecycle import EDIT_ROLES, KEEPERS, LIFECYCLE
from gemba.quality.control.gauges.models import Gauge
from gemba.quality.control.gauges.reasons import GAUGES
from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.records.thread.strand import Strand
from gemba.quality.records.types import RecordType
from gemba.stats.results import N_

GAUGE = RecordType(
    name="gauge",
    prefix="GAU",
    label=N_("Gauge"),
    plural=N_("Gauges"),
    model=Gauge,
    lifecycle=LIFECYCLE,
    children=("calibrations", "impacts"),
    read_roles=QUALITY_ROLES,
    create_roles=KEEPERS,
    edit_roles=EDIT_ROLES,
    reasons=GAUGES,
    strand=Strand(place=50),
)
