"""The topic of effectiveness: an action judged against its criterion, answered by ``inference``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gemba.stats.inference import Observed, effectiveness, effectiveness_plan

Values = Mapping[str, Any]


def verdict(data: Values, options: Values) -> Values:
    """Tests, bounds and verdict; the window too where the case states one."""
    plan = effectiveness_plan(
        options["metric"],
        _observed(data["before"]),
        target=options["target"],
        alpha=options["alpha"],
        power=options["power"],
    )
    found = effectiveness(plan, _observed(data["after"]))
    names = ("statistic", "p_change", "p_short", "lower", "upper", "verdict")
    answer = {name: getattr(found, name) for name in names} | {"window": plan.n}
    return answer if math.isnan(found.df) else answer | {"df": found.df}


def _observed(given: Any) -> Any:
    return Observed(n=given["n"], count=given["count"]) if isinstance(given, Mapping) else given
