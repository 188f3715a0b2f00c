"""What a chart overlooks, and what other rules would have said."""

import math
from typing import Any

import numpy as np
import pytest

from gemba import stats as gs
from gemba.stats.results import DataError, UnknownName, restore
from twins import estimation as twin

SHIFTS = [0.0, 0.5, 1.0, 2.0]


def test_means_are_overlooked_as_the_normal_law_has_it() -> None:
    found = gs.operating_characteristic("xbar-r", n=5, at=SHIFTS)
    wanted = [twin.accepted_means(5, 3.0, shift) for shift in SHIFTS]
    np.testing.assert_allclose(found.accept, wanted, rtol=1e-12)
    np.testing.assert_allclose(found.arl, gs.run_length(n=5, shift=SHIFTS).arl, rtol=1e-9)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 1.5, 2.5])
def test_spreads_are_overlooked_as_their_laws_have_it(ratio: float) -> None:
    ranges = gs.operating_characteristic("r", n=5, at=ratio).accept[0]
    assert ranges == pytest.approx(twin.accepted_ranges(5, 3.0, ratio), abs=1e-9)
    deviations = gs.operating_characteristic("s", n=8, at=ratio).accept[0]
    assert deviations == pytest.approx(twin.accepted_deviations(8, 3.0, ratio), abs=1e-10)


def test_the_textbook_curve_of_a_p_chart() -> None:
    """Montgomery, 7th ed., section 7.2: n = 50, limits 0.0303 and 0.3697; beta at p = 0.20 is 0.9973."""
    found = gs.operating_characteristic("p", n=50, mean=0.20, at=[0.05, 0.10, 0.20, 0.30])
    wanted = [twin.accepted_defectives(50, 0.20, 3.0, share) for share in (0.05, 0.10, 0.20, 0.30)]
    np.testing.assert_allclose(found.accept, wanted, rtol=1e-9)
    assert found.limits == pytest.approx((0.0303, 0.3697), abs=5e-5)


@pytest.mark.parametrize("rate", [0.0, 5.0, 20.0, 40.0])
def test_counts_are_overlooked_as_poissons_law_has_it(rate: float) -> None:
    found = gs.operating_characteristic("c", mean=16.0, at=rate)
    assert found.accept[0] == pytest.approx(twin.accepted_defects(16.0, 3.0, rate), abs=1e-12)
    units = gs.operating_characteristic("u", n=4, mean=4.0, at=rate / 4)
    assert units.accept[0] == pytest.approx(found.accept[0], abs=1e-12)


def test_a_characteristic_is_stored_drawn_and_told() -> None:
    found = gs.operating_characteristic("np", n=100, mean=0.05, limits="exact")
    assert restore(found.to_dict()) == found
    assert "Share of defectives" in found.headline()
    assert "beyond" not in found.explain()
    assert found.plot().alt.startswith("Operating characteristic: np")
    with pytest.raises(DataError, match="Give several states"):
        gs.operating_characteristic("np", n=100, mean=0.05, at=0.1).plot()
    calm = gs.operating_characteristic("i-mr", at=[0.0, 0.1])
    assert calm.headline().startswith("No state that was asked")
    assert math.isinf(gs.operating_characteristic("c", mean=9.0, nsigma=3.0, at=[0.0]).arl[0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"kind": "t2"}, "named 't2'"),
        ({"kind": "p", "n": 50}, "a p chart is made for a share or rate. Give mean"),
        ({"kind": "r", "n": 5, "mean": 1.0}, "a r chart needs no mean here"),
        ({"kind": "r", "n": 1}, "1 is no size for a r chart"),
        ({"kind": "np", "n": 2.5, "mean": 0.1}, "2.5 is no size for a np chart"),
        ({"at": [0.0, math.inf]}, "is no state of this process"),
        ({"kind": "p", "n": 50, "mean": 0.1, "at": 1.5}, "1.5 is no state"),
        ({"at": []}, "is no state"),
    ],
)
def test_what_cannot_be_is_refused(call: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {"kind": "xbar-r", "n": 5} | call
    with pytest.raises((DataError, UnknownName), match=words):
        gs.operating_characteristic(**asked)


def test_two_sets_are_compared_on_the_same_points() -> None:
    values = [0.1, 2.2, 0.3, 2.4, 3.5, 0.2, *[0.5] * 9]
    chart = gs.control_chart("i-mr", values, mean=0.0, sigma=1.0)
    found = gs.compare_rules(chart, ["bare", "platform", "nelson"])
    late = tuple(range(9, 16))
    assert [s.flagged for s in found.sets] == [(5,), (4, 5, *late), (4, 5, *late)]
    assert [s.alone for s in found.sets] == [(), (), ()]
    assert found.sets[1].arl == pytest.approx(gs.run_length(rules="platform", shift=0).arl[0])
    two = gs.compare_rules(chart, ["bare", "platform"])
    assert two.sets[1].alone == (4, *late)
    assert "Individual value, 15 points: bare 1 signal at 1 point" in two.headline()
    assert restore(two.to_dict()) == two
    assert two.to_frame()["first"] == [5, 4]
    moves = gs.compare_rules(chart, ["bare", "nelson"], panel="mr")
    assert math.isnan(moves.sets[0].arl)
    assert moves.tables()[0].rows[0][-1] is None


def test_rules_begin_afresh_with_each_stage_when_they_are_compared() -> None:
    frame = {"y": [0.5] * 12, "s": ["a"] * 6 + ["b"] * 6}
    both = gs.control_chart("i-mr", frame, value="y", stages="s", mean=0.0, sigma=1.0)
    whole = gs.control_chart("i-mr", frame, value="y", mean=0.0, sigma=1.0)
    assert gs.compare_rules(both, ["bare", "2"]).sets[1].flagged == ()
    assert gs.compare_rules(whole, ["bare", "2"]).sets[1].flagged == (9, 10, 11, 12)


@pytest.mark.parametrize("rules", [["nelson"], "nelson", []])
def test_one_set_alone_is_not_compared(rules: Any) -> None:
    with pytest.raises(DataError, match="Give two or more"):
        gs.compare_rules(gs.control_chart("i-mr", [1.0, 2.0, 1.5]), rules)
