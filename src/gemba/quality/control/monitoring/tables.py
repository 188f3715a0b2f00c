"""The sealed tables of charts: their columns in the order of the digest."""

from gemba.quality.records.trail import SealedTable, install_sealed

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
install_sealed(POINT, CLOSING, STAGE)
