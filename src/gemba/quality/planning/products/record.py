"""The characteristic as the kernel knows it."""

from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.planning.products.lifecycle import EDITABLE, LIFECYCLE
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.reasons import PRODUCTS
from gemba.quality.records.types import RecordType
from gemba.stats.results import N_

CHARACTERISTIC = RecordType(
    name="characteristic",
    prefix="CHR",
    label=N_("Characteristic"),
    plural=N_("Characteristics"),
    model=Characteristic,
    lifecycle=LIFECYCLE,
    read_roles=QUALITY_ROLES,
    create_roles=("engineer",),
    edit_roles=dict.fromkeys(EDITABLE, ("engineer",)),
    reasons=PRODUCTS,
)
