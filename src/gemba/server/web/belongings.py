"""What people add to a record beside its fields: remarks and files."""

from __future__ import annotations

from typing import Any

from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Header


def belongings(header: Header, actor: Actor) -> dict[str, Any]:  # noqa: ARG001 (remarks and files are landing)
    """Remarks and attachments of a record."""
    return {"remarks": [], "attachments": []}
