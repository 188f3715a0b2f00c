"""The one written list of record types."""

from __future__ import annotations

from gemba.quality.control.gauges.record import GAUGE
from gemba.quality.control.monitoring.record import LIMIT_SET, SIGNAL
from gemba.quality.control.nonconformance.record import NONCONFORMANCE
from gemba.quality.improvement.capa.record import CAPA
from gemba.quality.people.competences.record import COMPETENCE, QUALIFICATION
from gemba.quality.people.parties.record import PARTY
from gemba.quality.planning.controlplans.record import CONTROL_PLAN
from gemba.quality.planning.processes.record import PROCESS
from gemba.quality.planning.products.record import CHARACTERISTIC, PRODUCT
from gemba.quality.planning.requirements.record import REQUIREMENT
from gemba.quality.records.types import RecordType

RECORD_TYPES: tuple[RecordType, ...] = (
    PARTY,
    COMPETENCE,
    QUALIFICATION,
    REQUIREMENT,
    PRODUCT,
    PROCESS,
    CHARACTERISTIC,
    CONTROL_PLAN,
    GAUGE,
    LIMIT_SET,
    SIGNAL,
    NONCONFORMANCE,
    CAPA,
)
