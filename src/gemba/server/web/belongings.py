"""What people add to a record beside its fields: remarks and files."""

from __future__ import annotations

from typing import Any

from gemba.quality.records.attachments import attachments_of
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.names import printed_names
from gemba.quality.records.remarks import remarks_of


def belongings(header: int) -> dict[str, Any]:
    """Remarks and files of a record, as JSON holds them."""
    remarks, files = remarks_of(header), attachments_of(header)
    names = printed_names([*(row.actor for row in remarks), *(row.actor for row in files)])
    return {
        "remarks": [
            {
                "id": row.pk,
                "at": from_microseconds(row.at),
                "actor": names.get(row.actor, row.actor),
                "text": row.text,
            }
            for row in remarks
        ],
        "attachments": [
            {
                "id": row.pk,
                "at": from_microseconds(row.at),
                "actor": names.get(row.actor, row.actor),
                "name": row.name,
                "size": row.size,
                "sha256": row.sha256,
                "note": row.note,
            }
            for row in files
        ],
    }
