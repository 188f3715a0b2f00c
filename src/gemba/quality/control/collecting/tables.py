"""The sealed tables of readings: their columns in the order of the digest."""

from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.trail import install_sealed

READING = SealedTable(
    "collecting_reading",
    (
        "id", "tx", "stream_id", "position", "source", "sequence", "text", "value", "unit", "qualifier",
        "measured_at", "offset", "received_at", "actor", "operator", "gauge", "lot", "serial", "subgroup",
        "purpose", "validity", "kind", "about", "spec_version", "verdict", "context", "note",
        "beside",
    ),
    later=1,
)  # fmt: skip
QUARANTINED = SealedTable(
    "collecting_quarantined",
    ("id", "tx", "source", "sequence", "received_at", "actor", "site", "content", "reasons"),
)
DECISION = SealedTable(
    "collecting_decision",
    ("id", "tx", "quarantined_id", "action", "actor", "at", "reason", "mended", "reading"),
)
install_sealed(READING, QUARANTINED, DECISION)
