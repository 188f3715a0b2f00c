"""The corrective action as the kernel knows it."""

from gemba.quality.improvement.capa.lifecycle import DOERS, EDITABLE, LIFECYCLE, MAKERS
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.improvement.capa.reasons import CAPA as REASONS
from gemba.quality.improvement.capa.retold import criterion_again, verdict_again
from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.records.retold import Retold
from gemba.quality.records.thread.strand import Strand
from gemba.quality.records.types import RecordType
from gemba.stats.results import N_

CAPA = RecordType(
    name="capa",
    prefix="CAP",
    label=N_("Corrective action"),
    plural=N_("Corrective actions"),
    model=Capa,
    lifecycle=LIFECYCLE,
    children=("causes", "actions", "changes", "across", "judgements"),
    read_roles=QUALITY_ROLES,
    create_roles=DOERS,
    edit_roles=dict.fromkeys(EDITABLE, MAKERS),
    reasons=REASONS,
    retold={
        "plan_words": Retold(criterion_again),
        "verdict_words": Retold(verdict_again, "judgements"),
        "judgements.sentence": Retold(verdict_again),
    },
    strand=Strand(place=90),
    keeper="quality_manager",
)
