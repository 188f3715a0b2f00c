"""The one written list of record types."""

from __future__ import annotations

from gemba.quality.planning.products.record import CHARACTERISTIC
from gemba.quality.records.types import RecordType

RECORD_TYPES: tuple[RecordType, ...] = (CHARACTERISTIC,)
