"""The party as the kernel knows it."""

from gemba.quality.people.parties.lifecycle import KEEPERS, LIFECYCLE
from gemba.quality.people.parties.models import Party
from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.records.thread.strand import Strand
from gemba.quality.records.types import RecordType
from gemba.stats.results import N_

PARTY = RecordType(
    name="party",
    prefix="PTY",
    label=N_("Party"),
    plural=N_("Parties"),
    model=Party,
    lifecycle=LIFECYCLE,
    read_roles=QUALITY_ROLES,
    create_roles=KEEPERS,
    edit_roles={"active": KEEPERS},
    strand=Strand(place=5),
)
