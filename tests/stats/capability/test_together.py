"""Several characteristics at once, and the goal plot."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gemba import stats as gs
from gemba.stats.capability.picture_goal import place_of
from gemba.stats.results import DataError, restore

CHANCE = np.random.default_rng(8)
PARTS = {
    "bore": CHANCE.normal(10.0, 0.02, 60),
    "face": CHANCE.normal(4.05, 0.05, 60),
    "runout": CHANCE.gamma(3.0, 0.01, 60),
    "depth": CHANCE.normal(5.0, 0.3, 60),
}
LIMITS: dict[str, dict[str, Any]] = {
    "bore": {"lsl": 9.88, "usl": 10.12},
    "face": {"lsl": 3.9, "usl": 4.3},
    "runout": {"usl": 0.1, "lsl": 0, "lower_natural": True},
    "depth": {"lsl": 4.5, "usl": 5.5},
}


@pytest.fixture
def found() -> gs.CapabilityTogether:
    return gs.capability_together(PARTS, LIMITS)


def test_each_characteristic_is_a_study_of_its_own(found: gs.CapabilityTogether) -> None:
    assert [study.name for study in found.studies] == list(LIMITS)
    assert found["depth"] == gs.capability(PARTS, value="depth", lsl=4.5, usl=5.5)


def test_the_least_capable_comes_first(found: gs.CapabilityTogether) -> None:
    ranked = [study.ppk for study in found.ranked]
    assert ranked == sorted(ranked)
    assert found.tables()[0].rows[0][0] == "depth"
    said = "1 of 4 characteristics are stable and shown to reach 1.33. Look first at depth: Ppk 0.57."
    assert found.headline() == said


def test_when_all_reach_the_goal_nothing_is_pointed_at() -> None:
    assert gs.capability_together(PARTS, {"bore": LIMITS["bore"]}).headline() == (
        "1 of 1 characteristic is stable and shown to reach 1.33."
    )


def test_a_place_is_measured_in_widths_of_the_tolerance(found: gs.CapabilityTogether) -> None:
    depth = found["depth"]
    assert place_of(depth) == pytest.approx((depth.mean - 5.0, depth.sigma_overall))
    assert place_of(found["runout"]) is None
    off = gs.capability(PARTS, value="depth", lsl=4.5, usl=5.5, target=4.75)
    assert place_of(off) == pytest.approx(((off.mean - 4.75) / 0.5, off.sigma_overall / 0.5))
    one = gs.capability(PARTS, value="runout", usl=0.1, target=0.0)
    assert place_of(one) == pytest.approx((one.mean / 0.2, one.sigma_overall / 0.2))
    edge = gs.capability(PARTS, value="depth", lsl=4.5, usl=5.5, target=5.5)
    assert place_of(edge) is None


def test_below_a_line_of_the_plot_ppk_is_at_least_what_it_says(found: gs.CapabilityTogether) -> None:
    for study in found.studies:
        place = place_of(study)
        if place is not None:
            x, y = place
            assert (0.5 - abs(x)) / (3 * y) == pytest.approx(study.ppk)


def test_the_plot_names_every_characteristic(found: gs.CapabilityTogether) -> None:
    figure = found.plot()
    text = json.dumps(figure.spec)
    assert all(name in text for name in LIMITS)
    assert "Without a place here (one limit, no target): runout." in figure.alt
    assert figure.to_svg("dark").startswith("<svg")


def test_it_is_stored_and_explained(found: gs.CapabilityTogether) -> None:
    assert restore(found.to_dict()) == found
    assert "goal plot" in found.explain()
    assert "⟦" in found.headline("pseudo")


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(DataError, match="specifications"):
        gs.capability_together(PARTS, {})
    with pytest.raises(gs.UnknownName, match="bore"):
        gs.capability_together(PARTS, {"bor": {"usl": 1}})


def test_what_is_not_stable_stands_apart_on_the_plot() -> None:
    drifting = {"bore": PARTS["bore"], "face": 4.1 + np.linspace(-0.1, 0.1, 60) + PARTS["bore"] - 10.0}
    figure = gs.capability_together(drifting, {name: LIMITS[name] for name in drifting}).plot()
    assert "Squares are not known to be stable: face." in figure.alt
    assert "signal-run" in json.dumps(figure.spec)


def test_what_too_few_values_show_is_a_ring() -> None:
    figure = gs.capability_together(PARTS, {"bore": (9.9, 10.1)}).plot()
    assert "Rings reach the goal, but too few values show it: bore." in figure.alt
    assert "goal-open" in json.dumps(figure.spec)


def test_limits_alone_are_a_specification_and_what_is_none_is_named() -> None:
    parts = {"bore": [10.01, 9.99, 10.02, 9.98, 10.0, 10.01], "face": [4.1, 4.3, 4.2, 4.0, 4.2, 4.1]}
    long = {"bore": {"lsl": 9.9, "usl": 10.1}, "face": {"lsl": 3.9, "usl": 4.4, "target": 4.2}}
    assert gs.capability_together(parts, {"bore": (9.9, 10.1), "face": (3.9, 4.4, 4.2)}) == (
        gs.capability_together(parts, long)
    )
    with pytest.raises(gs.DataError, match=r"specifications, column 'bore': 9\.9 is no specification"):
        gs.capability_together(parts, {"bore": 9.9})
