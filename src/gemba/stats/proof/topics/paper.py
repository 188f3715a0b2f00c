"""Topics of what was once done on paper: a mask over sums, crossings, materials, rule sets, a goal plot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gemba.stats.capability import capability_together
from gemba.stats.capability.picture_goal import place_of
from gemba.stats.charts import judge, known_limits
from gemba.stats.charts.comparison import compare_rules
from gemba.stats.charts.materials import westgard
from gemba.stats.charts.v_mask import v_mask
from gemba.stats.graphs import run_chart

Values = Mapping[str, Any]


def mask(data: Values, options: Values) -> Values:
    """The sums, where a mask over a point signals, and since when the last one shows a shift."""
    found = v_mask(data["values"], **options)
    signals = {"upward": found.upward.tolist(), "downward": found.downward.tolist()}
    return {"sums": found.sums.tolist(), **signals, "began": found.began}


def crossings(data: Values, options: Values) -> Values:  # noqa: ARG001 (one method)
    """Anhøj's longest run and crossings, with what they may be."""
    found = run_chart(data["values"]).anhoej
    names = ("longest", "longest_most", "crossings", "crossings_least")
    return {name: getattr(found, name) for name in names}


def materials(data: Values, options: Values) -> Values:
    """The runs at which each of Westgard's rules fires."""
    names = [f"m{place}" for place in range(len(options["mean"]))]
    frame = dict(zip(names, map(list, zip(*data["rows"], strict=True)), strict=True))
    fired: dict[str, set[int]] = {}
    for one in westgard(frame, value=names, **options).findings:
        fired.setdefault(one.rule, set()).add(one.run)
    return {rule: sorted(runs) for rule, runs in fired.items()}


def rule_sets(data: Values, options: Values) -> Values:
    """What each set signals, which points it flags, and which of them it alone flags."""
    chart = judge(known_limits("i-mr", mean=0.0, sigma=1.0), data["values"])
    found = compare_rules(chart, options["sets"]).sets
    return {
        "signals": [one.signals for one in found],
        "flagged": [list(one.flagged) for one in found],
        "alone": [list(one.alone) for one in found],
    }


def goal(data: Values, options: Values) -> Values:
    """The place of each characteristic in the goal plot, its Ppk, and the order."""
    found = capability_together(data, options["limits"], size=5)
    ranked = [study.name for study in found.ranked]
    told: dict[str, Any] = {}
    for study in found.studies:
        place = place_of(study)
        across, up = place if place is not None else (None, None)
        told[study.name] = {"across": across, "up": up, "ppk": study.ppk}
    return {**told, "worst": ranked[0], "best": ranked[-1]}
