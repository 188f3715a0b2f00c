"""Signals and limit sets as the kernel knows them."""

from gemba.quality.control.monitoring.lifecycle import LIMIT_SET_LIFECYCLE, SIGNAL_LIFECYCLE, STUDYING
from gemba.quality.control.monitoring.models import LimitSet, Signal
from gemba.quality.control.monitoring.reasons import MONITORING
from gemba.quality.control.monitoring.retold import found_again
from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.records.retold import Retold
from gemba.quality.records.thread.strand import Strand
from gemba.quality.records.types import RecordType
from gemba.stats.results import N_

SIGNAL = RecordType(
    name="signal",
    prefix="SIG",
    label=N_("Signal"),
    plural=N_("Signals"),
    model=Signal,
    lifecycle=SIGNAL_LIFECYCLE,
    schema=2,
    upgrades={1: lambda old: {**old, "reaction_from": "", "steps": []}},
    children=("steps",),
    read_roles=QUALITY_ROLES,
    reasons=MONITORING,
    strand=Strand(place=70),
    keeper="engineer",
)
LIMIT_SET = RecordType(
    name="limit-set",
    prefix="LIM",
    label=N_("Limit set"),
    plural=N_("Limit sets"),
    model=LimitSet,
    lifecycle=LIMIT_SET_LIFECYCLE,
    read_roles=QUALITY_ROLES,
    create_roles=STUDYING,
    edit_roles={"proposed": STUDYING},
    retold={"found": Retold(found_again)},
    reasons=MONITORING,
    strand=Strand(place=55),
    keeper="engineer",
)
