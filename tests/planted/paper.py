"""Faults of what was once done on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gemba.stats import charts
from gemba.stats.capability import over_time, picture_goal, study
from gemba.stats.charts import comparison, materials, rules, v_mask
from gemba.stats.graphs import runs
from planted.charts import Plant, replace_everywhere


def mask_from_the_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A V-mask that looks only at the first sum, not at every sum before its point."""

    def wrong(z: list[float], k: float) -> Iterator[tuple[float, int]]:
        for total in np.cumsum(np.subtract(z, k)).tolist():
            yield total, 0

    monkeypatch.setattr(v_mask, "_rises", wrong)


def points_on_the_median(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anhøj's rules count values on the median as below it."""
    right = runs.anhoej_rules
    replace_everywhere(monkeypatch, right, lambda x, center: right(x, np.nextafter(center, np.inf)))


def materials_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each control material is judged alone."""
    monkeypatch.setattr(materials, "_across", lambda *_: iter(()))


def apart_as_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-4s fires where two materials lie far off on the same side too."""
    right = materials._in_one_run

    def wrong(z: Any, names: tuple[str, ...]) -> Iterator[materials.RunFinding]:
        for found in right(z, names):
            yield replace(found, rule="R-4s")

    monkeypatch.setattr(materials, "_in_one_run", wrong)


def whole_patterns_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison of rules flags every point of a pattern, not those at which it is seen."""
    right = rules.find_violations

    def wrong(*args: Any) -> Any:
        return tuple(replace(one, fired=one.points) for one in right(*args))

    monkeypatch.setattr(comparison, "find_violations", wrong)


def stranger_sees_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one set alone sees is all that it sees."""
    right = comparison._told
    monkeypatch.setattr(
        comparison, "_told", lambda panel, rules, mine, _, count: right(panel, rules, mine, [], count)
    )


def spread_within_on_the_goal_plot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The goal plot draws sigma within subgroups where it says the overall one."""
    right = picture_goal.place_of
    replace_everywhere(
        monkeypatch, right, lambda found: right(replace(found, sigma_overall=found.sigma_within))
    )


def whole_width_off_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target off the middle is taken for the middle."""
    right = picture_goal.place_of

    def wrong(found: Any) -> Any:
        return right(replace(found, tolerance=replace(found.tolerance, target=None)))

    replace_everywhere(monkeypatch, right, wrong)


def convention_half_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A convention settles sigma within, but Cpm keeps that of Gemba."""
    right = charts.convention_named
    monkeypatch.setattr(study, "convention_named", lambda name: replace(right(name), cpm_within=False))


def steady_though_it_jumps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Means that lie apart are taken for equal ones."""
    right = over_time.capability_over_time

    def wrong(*args: Any, **asked: Any) -> Any:
        found = right(*args, **asked)
        first = found.tests[0]
        return replace(found, tests=(replace(first, statistic=1.0), *found.tests[1:]))

    replace_everywhere(monkeypatch, right, wrong)


PAPER_FAULTS: dict[Plant, str] = {
    mask_from_the_origin: "own-chart-v-mask-1",
    points_on_the_median: "own-chart-anhoej-1",
    materials_apart: "own-chart-westgard-1",
    apart_as_together: "own-chart-westgard-1",
    whole_patterns_flagged: "own-rules-compared-1",
    stranger_sees_it_too: "own-rules-compared-1",
    spread_within_on_the_goal_plot: "own-capability-goal-1",
    whole_width_off_the_middle: "own-capability-goal-1",
    convention_half_taken: "own-capability-conventions-1",
    steady_though_it_jumps: "own-capability-over-time-1",
}
