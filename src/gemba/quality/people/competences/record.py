"""Competence and qualification as the kernel knows them."""

from gemba.quality.people.competences.lifecycle import COMPETENCE_LIFECYCLE, KEEPERS, QUALIFICATION_LIFECYCLE
from gemba.quality.people.competences.models import Competence, Qualification
from gemba.quality.people.competences.reasons import COMPETENCES
from gemba.quality.people.roles import QUALITY_ROLES
from gemba.quality.records.thread.strand import Strand
from gemba.quality.records.types import Mention, RecordType
from gemba.stats.results import N_

COMPETENCE = RecordType(
    name="competence",
    prefix="CPT",
    label=N_("Competence"),
    plural=N_("Competences"),
    model=Competence,
    lifecycle=COMPETENCE_LIFECYCLE,
    read_roles=QUALITY_ROLES,
    create_roles=KEEPERS,
    edit_roles={"draft": KEEPERS},
    reasons=COMPETENCES,
    strand=Strand(place=6),
)
QUALIFICATION = RecordType(
    name="qualification",
    prefix="QLF",
    label=N_("Qualification"),
    plural=N_("Qualifications"),
    model=Qualification,
    lifecycle=QUALIFICATION_LIFECYCLE,
    read_roles=QUALITY_ROLES,
    create_roles=KEEPERS,
    edit_roles={"draft": KEEPERS},
    mentions={"competence": Mention("competence", "trained_on", only_known=True)},
    strand=Strand(place=7),
)
