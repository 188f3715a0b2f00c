import math
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import Caution, control_chart, judge, known_limits
from gemba.stats.results import DataError
from twins import charts as twin

COUNTS = [12, 15, 8, 10, None, 7, 16, 9, 14, 10]
SIZES = [50, 60, 50, 45, 50, 30, 60, 55, 50, 40]


def frame(counts: Any = COUNTS, sizes: Any = SIZES) -> Any:
    return {"d": counts, "n": sizes}


def assert_panel(panel: Any, expected: Any) -> None:
    for name, row in zip(("points", "center", "lcl", "ucl"), expected, strict=True):
        wanted = [math.nan if value is None else value for value in row]
        np.testing.assert_allclose(getattr(panel, name), wanted, rtol=1e-12, atol=1e-12, err_msg=name)


def average(counts: Any, sizes: Any) -> Any:
    pairs = [(c, n) for c, n in zip(counts, sizes, strict=True) if c is not None]
    return sum(c for c, _ in pairs) / sum(n for _, n in pairs)


@pytest.mark.parametrize("kind", ["p", "u"])
@pytest.mark.parametrize("nsigma", [3.0, 2.0])
def test_unequal_samples_step_the_limits(kind: str, nsigma: float) -> None:
    chart = control_chart(kind, frame(), value="d", n="n", nsigma=nsigma)
    center = average(COUNTS, SIZES)
    assert chart.limits.mean == pytest.approx(center, rel=1e-15)
    assert_panel(chart.panels[0], twin.count_panel(kind, COUNTS, SIZES, center, nsigma))


@pytest.mark.parametrize(("kind", "n"), [("np", 50), ("c", None)])
def test_equal_samples_have_level_limits(kind: str, n: int) -> None:
    chart = control_chart(kind, frame(), value="d", n=n)
    sizes = [n or 1] * len(COUNTS)
    assert_panel(chart.panels[0], twin.count_panel(kind, COUNTS, sizes, average(COUNTS, sizes), 3.0))
    assert not chart.panels[0].steps


def test_c_is_u_of_one_unit_and_np_is_p_times_n() -> None:
    c, u = (control_chart(kind, frame(), value="d").panels[0] for kind in ("c", "u"))
    np.testing.assert_array_equal(c.ucl, u.ucl)
    number, share = (control_chart(kind, frame(), value="d", n=50).panels[0] for kind in ("np", "p"))
    np.testing.assert_allclose(number.ucl, share.ucl * 50, rtol=1e-15)


def test_limits_stay_where_counts_can_be() -> None:
    chart = control_chart("p", {"d": [1, 0, 4, 5, 5, 0], "n": [5] * 6}, value="d", n="n")
    assert (chart.panels[0].lcl.tolist(), chart.panels[0].ucl.tolist()) == ([0.0] * 6, [1.0] * 6)
    assert control_chart("np", [1, 0, 4, 5, 5, 0], n=5).panels[0].ucl.tolist() == [5.0] * 6
    assert control_chart("c", [1, 0, 4, 5]).panels[0].lcl.tolist() == [0.0] * 4


def test_np_with_unequal_sizes_is_sent_to_p() -> None:
    with pytest.raises(DataError, match=r"row 2: an np chart needs samples of one size.*60.*kind='p'"):
        control_chart("np", frame(), value="d", n="n")


@pytest.mark.parametrize(("kind", "counts", "mean"), [("p", 0, 0.0), ("np", 20, 1.0), ("c", 0, 0.0)])
def test_counts_at_the_end_of_their_scale_break_no_rule(kind: str, counts: Any, mean: float) -> None:
    chart = control_chart(kind, [counts] * 30, n=None if kind == "c" else 20, rules="nelson")
    assert chart.stable
    assert chart.warnings == (Caution("extreme", {"mean": mean}),)


def test_small_expected_counts_carry_a_warning() -> None:
    (caution,) = control_chart("u", {"d": [1, 2, 1, 0] * 6, "n": [2.0] * 24}, value="d", n="n").warnings
    assert caution == Caution("rare", {"expected": 1.0})


def test_a_historical_mean_sets_the_limits() -> None:
    chart = control_chart("p", frame(), value="d", n="n", mean=0.2)
    assert_panel(chart.panels[0], twin.count_panel("p", COUNTS, SIZES, 0.2, 3.0))
    again = judge(known_limits("p", mean=0.2), frame(), value="d", n="n")
    np.testing.assert_array_equal(again.panels[0].ucl, chart.panels[0].ucl)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "p", "n": 10, "mean": 1.2}, "the mean 1.2 is impossible for a p chart"),
        ({"kind": "c", "mean": -1.0}, "the mean -1 is impossible for a c chart"),
        ({"kind": "c", "sigma": 2.0}, "sigma of a c chart follows from its mean"),
        ({"kind": "c", "n": 4}, "no number inspected. Use kind='u'"),
        ({"kind": "p", "size": 4}, "no subgroups to cut. Leave out size; the number inspected is given as n"),
        ({"kind": "p"}, "defective items need the number inspected"),
        ({"kind": "np", "n": 3}, "7 defective items of 3 inspected"),
    ],
)
def test_arguments_that_make_no_count_chart(options: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        control_chart(options.pop("kind"), [2, 1, 7, 0], **options)


def test_units_need_not_be_whole() -> None:
    chart = control_chart("u", {"d": [14, 12, 20], "n": [9.5, 8.0, 13.25]}, value="d", n="n")
    assert chart.panels[0].points.tolist() == [14 / 9.5, 12 / 8, 20 / 13.25]
