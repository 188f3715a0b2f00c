"""The topic of recommended charts, answered by ``recommend``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats.charts.recommend import recommend


def recommended(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The kind, and the codes of what was found."""
    found = recommend(dict(data), **options)
    return {"kind": found.kind, "findings": [finding.code for finding in found.findings]}
