"""The sealed tables of brought files: their columns in the order of the digest."""

from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.trail import install_sealed

BROUGHT = SealedTable(
    "bringing_broughtfile",
    ("id", "tx", "header_id", "attachment_id", "reading", "readings", "points", "actor", "at"),
)
TAKEN = SealedTable(
    "bringing_takenfile",
    ("id", "tx", "brought_id", "accepted", "quarantined", "refused", "repeated", "fault", "at"),
)
install_sealed(BROUGHT, TAKEN)
