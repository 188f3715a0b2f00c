"""The topic of chart constants, answered by ``control_chart_constants``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats import constants


def factors(data: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG001 (no data)
    """Every factor for the sizes asked."""
    table = constants.control_chart_constants(options["n"])
    names = ("d2", "d3", "c4", "A2", "A3", "B3", "B4", "D3", "D4")
    return {name: getattr(table, name).tolist() for name in names}
