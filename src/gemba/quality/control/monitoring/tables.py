"""The sealed tables of charts, and what their judges remember: columns in the order of the digest."""

from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.trail import install_changing, install_sealed

POINT = SealedTable(
    "monitoring_point",
    (
        "id", "tx", "stream", "position", "sequence", "judgement", "slots", "n", "first", "second", "limits",
        "fired", "signal", "first_reading", "last_reading", "last_position", "at", "subgroup", "fault",
        "third", "size", "memory",
    ),
    later=3,
)  # fmt: skip
CLOSING = SealedTable(
    "monitoring_closing",
    ("id", "tx", "stream", "position", "sequence", "how", "actor", "at", "reason"),
)
STAGE = SealedTable(
    "monitoring_stage",
    ("id", "tx", "stream", "position", "sequence", "definition", "limits", "at"),
)
STREAM_STATE = SealedTable(
    "monitoring_streamstate",
    (
        "stream", "characteristic_id", "stamp", "definition", "state", "collected", "needed", "limits",
        "proposed", "signal", "fault_signal", "due_at", "rejudge_position", "rejudge_sequence",
        "rejudge_to_position", "rejudge_to_sequence",
    ),
)  # fmt: skip
install_sealed(POINT, CLOSING, STAGE)
install_changing(STREAM_STATE)
