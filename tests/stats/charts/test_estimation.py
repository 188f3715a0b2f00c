"""Limits from a short Phase I keep what they promise."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from gemba import stats as gs
from gemba.stats.charts.estimation import freedom_for
from gemba.stats.charts.fit import control_chart, judge
from gemba.stats.constants import c4, c5
from gemba.stats.results import DataError, UnknownName
from trials import Trials
from twins import estimation as twin

ALPHA = 2 * 0.5 * math.erfc(3 / math.sqrt(2))


def false_alarms(kind: str, points: int, n: int, reach: float, studies: int) -> Any:
    """The chance of a false alarm at a point, of each of many charts with limits from a study of its own."""
    draw = np.random.default_rng(2020).normal(size=(studies, points, n))
    means = draw.mean(axis=2)
    if kind == "i-mr":
        sigma = np.abs(np.diff(draw[:, :, 0], axis=1)).mean(axis=1) * math.sqrt(math.pi) / 2
    elif kind == "xbar-r":
        sigma = (draw.max(axis=2) - draw.min(axis=2)).mean(axis=1) / gs.control_chart_constants(n).d2[0]
    else:
        sigma = draw.std(axis=2, ddof=1).mean(axis=1) / c4(n)
    off, wide = means.mean(axis=1) * math.sqrt(n), reach * sigma
    return ndtr(off - wide) + ndtr(-off - wide)


@pytest.mark.parametrize(("kind", "points", "n"), [("xbar-r", 25, 5), ("xbar-s", 20, 10), ("i-mr", 40, 1)])
def test_nine_charts_in_ten_keep_the_false_alarms_that_were_promised(
    kind: str, points: int, n: int, trials: Trials
) -> None:
    """For the proof so many studies that chance leaves little; Patnaik's way leaves 3 % to moving ranges."""
    studies = trials(4_000, 100_000)
    off = 4 * math.sqrt(0.09 / studies) + 0.003
    found = gs.limit_correction(kind, points=points, n=n)
    chances = false_alarms(kind, points, n, found.nsigma, studies)
    assert float(np.mean(chances <= 1.1 * ALPHA)) == pytest.approx(0.9, abs=off)
    plain = false_alarms(kind, points, n, 3.0, studies)
    assert float(np.mean(1 / plain < found.before[0])) == pytest.approx(0.1, abs=off)
    assert float(np.mean(1 / chances < found.after[0])) == pytest.approx(0.1, abs=off)
    average = gs.limit_correction(kind, points=points, n=n, promise="average").nsigma
    share = trials(8, 5) / 100
    assert float(np.mean(false_alarms(kind, points, n, average, studies))) == pytest.approx(ALPHA, rel=share)
    lengths = gs.limit_correction(kind, points=100, n=n, promise="run length").nsigma
    long = 1 / false_alarms(kind, 100, n, lengths, min(studies, 40_000))
    assert float(np.mean(long)) == pytest.approx(1 / ALPHA, rel=share)


@pytest.mark.parametrize(("points", "n"), [(10, 4), (25, 5)])
def test_a_pooled_sigma_is_corrected_as_adding_up_has_it(points: int, n: int) -> None:
    asked: dict[str, Any] = {"points": points, "n": n, "method": "pooled"}
    found = gs.limit_correction("xbar-s", **asked)
    assert found.nsigma == pytest.approx(twin.guaranteed(points, n, 3.0, 0.1, 0.9), rel=1e-7)
    average = gs.limit_correction("xbar-s", **asked, promise="average")
    assert average.nsigma == pytest.approx(twin.on_average(points, n, 3.0), rel=1e-9)


def test_more_points_need_less_and_more_certainty_needs_more() -> None:
    reaches = [gs.limit_correction("xbar-r", points=m, n=5).nsigma for m in (5, 25, 100, 1000)]
    assert reaches == sorted(reaches, reverse=True)
    assert 3.0 < gs.limit_correction("i-mr", points=100_000, tolerance=0.01).nsigma < 3.02
    sure = gs.limit_correction("xbar-r", points=25, n=5, confidence=0.99).nsigma
    assert sure > gs.limit_correction("xbar-r", points=25, n=5).nsigma
    assert freedom_for((c5(21) / c4(21)) ** 2) == pytest.approx(20.0, rel=1e-9)


def test_a_chart_takes_the_correction_and_keeps_it_for_phase_two() -> None:
    rows = np.random.default_rng(3).normal(10, 1, (12, 5))
    plain, wide = (control_chart("xbar-r", rows, corrected=how) for how in (None, "guaranteed"))
    reach = gs.limit_correction("xbar-r", points=12, n=5).nsigma
    assert wide.limits.further["reach"] == reach
    sigma = wide.limits.sigma / math.sqrt(5)
    assert wide.panel("xbar").ucl[0] == pytest.approx(wide.limits.mean + reach * sigma, rel=1e-12)
    np.testing.assert_array_equal(wide.panel("r").ucl, plain.panel("r").ucl)
    again = judge(gs.Limits.from_json(wide.limits.to_json()), rows[:3])
    assert again.panel("xbar").ucl[0] == wide.panel("xbar").ucl[0]
    assert "reach of the limits" in wide.explain()
    values = control_chart("i-mr", rows.ravel(), corrected="average", exclude={3: "typing error"})
    expected = gs.limit_correction("i-mr", points=59, promise="average").nsigma
    assert values.limits.further["reach"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "data", "options", "words"),
    [
        ("c", [3, 4, 5, 2], {}, "limits of a c chart are not corrected.*xbar-r, xbar-s, i-mr"),
        ("i-mr", [1.0, 2, 3, 2], {"sigma_method": "median moving range"}, "no sigma method with corrected"),
        ("i-mr", [1.0, 2, 3, 2], {"mean": 2.0}, "nothing to correct.*Leave out corrected, or mean and sigma"),
        ("xbar-r", [[1.0, 2, 3], [2.0, 3, None], [1.0, 3, 2]], {}, "subgroups of one size"),
    ],
)
def test_what_cannot_be_corrected_is_said(kind: str, data: Any, options: Any, words: str) -> None:
    with pytest.raises((DataError, UnknownName), match=words):
        control_chart(kind, data, corrected="guaranteed", **options)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"kind": "p"}, "named 'p'"),
        ({"promise": "always"}, "named 'always'"),
        ({"points": 2}, "Give at least 3 points"),
        ({"n": 1}, "n from 2 on for means"),
        ({"confidence": 1.5}, "Argument confidence"),
        ({"tolerance": 0}, "Argument tolerance"),
        ({"points": 5, "n": 2, "promise": "run length"}, "a few charts run nearly for ever"),
        ({"method": "sqrt(MSSD)"}, r"named 'sqrt\(MSSD\)'"),
    ],
)
def test_what_cannot_be_is_refused(call: dict[str, Any], words: str) -> None:
    asked: dict[str, Any] = {"kind": "xbar-r", "points": 20, "n": 5} | call
    with pytest.raises((DataError, UnknownName), match=words):
        gs.limit_correction(**asked)
