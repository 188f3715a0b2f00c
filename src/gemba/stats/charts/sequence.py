"""The violations of stages that follow one another, as the violations of one panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gemba.stats.charts.rules import Ragged, Violations
from gemba.stats.results import sealed


def in_sequence(parts: Sequence[Violations]) -> Violations:
    """Number the points of each stage after those before it; ``parts`` are of one panel and one rule set."""
    if len(parts) == 1:
        return parts[0]
    offsets = np.cumsum([0, *(part.sizes[0] for part in parts)]).tolist()
    rule = np.concatenate([part.rule for part in parts])
    order = np.argsort(rule, kind="stable")
    fired, points = (
        Ragged.joined(
            [
                Ragged(sealed(rows.values + offset), rows.ends)
                for rows, offset in zip(column, offsets, strict=False)
            ]
        ).take(order)
        for column in ([part.fired for part in parts], [part.points for part in parts])
    )
    first = parts[0]
    panel = sealed(np.zeros_like(rule))
    return Violations(first.panels, (offsets[-1],), first.rules, panel, sealed(rule[order]), fired, points)
