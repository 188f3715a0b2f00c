from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import Exclusion, Limits, control_chart, judge, known_limits
from gemba.stats.results import DataError, UnknownName

VALUES = [5.0, 6.0, 5.5, 20.0, 5.2, 6.1, 5.8, 5.1, 6.2, 5.4]


def test_an_excluded_value_leaves_the_estimate_with_both_its_moving_ranges() -> None:
    chart = control_chart("i-mr", VALUES, exclude={4: "tool broke"})
    gappy = control_chart("i-mr", [*VALUES[:3], None, *VALUES[4:]])
    assert (chart.limits.mean, chart.limits.sigma) == (gappy.limits.mean, gappy.limits.sigma)
    assert chart.excluded == (Exclusion(4, None, "tool broke"),)


def test_an_excluded_point_stays_on_the_chart_and_is_judged() -> None:
    chart = control_chart("i-mr", VALUES, exclude={4: "tool broke"})
    assert chart.panel("i").points.tolist() == VALUES
    assert chart.panel("mr").points[3:5].tolist() == [14.5, 14.8]
    assert chart.violations.of("i")[0].fired == (4,)
    assert not chart.stable


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s"])
def test_an_excluded_subgroup_leaves_the_estimate(kind: str) -> None:
    data = np.random.default_rng(1).normal(size=(12, 4))
    data[5] += 50.0
    chart = control_chart(kind, data, exclude={6: "wrong material"})
    without = control_chart(kind, np.delete(data, 5, axis=0))
    assert chart.limits.to_dict() == without.limits.to_dict()
    assert 6 in chart.panel("xbar").beyond


@pytest.mark.parametrize("kind", ["p", "u"])
def test_an_excluded_sample_leaves_the_estimate_with_its_size(kind: str) -> None:
    frame = {"d": [4, 5, 90, 6], "n": [50, 60, 100, 55]}
    chart = control_chart(kind, frame, value="d", n="n", exclude={3: "recount pending"})
    assert chart.limits.mean == 15 / 165


def test_points_are_excluded_by_label_before_number() -> None:
    frame = {"y": VALUES, "lot": [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]}
    chart = control_chart("i-mr", frame, value="y", label="lot", exclude={7: "x", 99 - 89: "y"})
    assert [(e.point, e.label) for e in chart.excluded] == [(1, 10), (4, 7)]
    named = control_chart(
        "i-mr", frame | {"lot": list("abcdefghij")}, value="y", label="lot", exclude={2: "x"}
    )
    assert named.excluded == (Exclusion(2, "b", "x"),)


@pytest.mark.parametrize(
    ("exclude", "message"),
    [
        ({4: " "}, "point 4 is excluded without a reason"),
        ({4: None}, "point 4 is excluded without a reason"),
        ([4], "excluded points need reasons"),
        ({11: "x"}, "there is no point 11. Give a label, or the number of a point from 1 to 10"),
        ({0: "x"}, "there is no point 0"),
        ({"z": "x"}, "there is no point 'z'"),
    ],
)
def test_exclusions_that_mean_nothing_are_refused(exclude: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        control_chart("i-mr", VALUES, exclude=exclude)


def test_a_label_that_two_points_bear_excludes_neither() -> None:
    frame = {"y": VALUES, "day": ["mon"] * 5 + ["tue"] * 5}
    with pytest.raises(DataError, match="5 points are named 'mon'"):
        control_chart("i-mr", frame, value="y", label="day", exclude={"mon": "x"})


def test_excluding_all_but_one_leaves_no_estimate() -> None:
    with pytest.raises(DataError, match="at least two points with values, and the data have 1"):
        control_chart("i-mr", VALUES, exclude=dict.fromkeys(range(1, 10), "x"))


STEPPED: dict[str, list[Any]] = {
    "y": [1.0, 2, 1, 2, 1, 11, 12, 11, 12, 14],
    "stage": ["old"] * 5 + ["new"] * 5,
}


def test_each_stage_has_the_limits_of_its_own_data() -> None:
    chart = control_chart("i-mr", STEPPED, value="y", stages="stage")
    for stage in chart.stages:
        alone = control_chart("i-mr", STEPPED["y"][stage.first - 1 : stage.last], rules="nelson")
        assert (stage.limits.mean, stage.limits.sigma) == (alone.limits.mean, alone.limits.sigma)
        for panel in chart.panels:
            for line in ("points", "center", "lcl", "ucl"):
                part = getattr(panel, line)[stage.first - 1 : stage.last]
                np.testing.assert_array_equal(part, getattr(alone.panel(panel.name), line))
    assert [(s.name, s.first, s.last) for s in chart.stages] == [("old", 1, 5), ("new", 6, 10)]
    assert chart.limits is chart.stages[-1].limits


def test_rules_start_afresh_at_a_stage_and_count_points_through() -> None:
    rising = {"y": [*range(5), *range(105, 111)], "stage": [1] * 5 + [2] * 6}
    chart = control_chart("i-mr", rising, value="y", stages="stage", rules="3")
    assert [(v.fired, v.points) for v in chart.violations] == [((11,), (6, 7, 8, 9, 10, 11))]
    unbroken = control_chart("i-mr", rising, value="y", rules="3")
    assert unbroken.violations[0].fired == (6, 7, 8, 9, 10, 11)


def test_violations_of_all_stages_stand_in_the_order_of_one_chart() -> None:
    data = {"y": [0, 1, 0, 1, 0, 1, 0, 1, 9] * 2 + [0.0], "stage": [1] * 9 + [2] * 10}
    chart = control_chart("i-mr", data, value="y", stages="stage", rules="1,4", mean=0.5, sigma=1.0)
    assert [(v.panel, v.rule, v.fired) for v in chart.violations] == [
        ("i", "1", (9,)),
        ("i", "1", (18,)),
        ("mr", "1", (9,)),
        ("mr", "1", (18, 19)),
    ]
    assert chart.violations.sizes == (19, 19)


def test_a_stage_can_be_judged_by_frozen_limits() -> None:
    baseline = known_limits("i-mr", mean=1.5, sigma=0.5)
    chart = control_chart("i-mr", STEPPED, value="y", stages="stage", frozen={"new": baseline})
    assert chart.stages[1].limits is baseline
    assert set(range(6, 11)) <= set(chart.panel("i").beyond)
    assert chart.stages[0].limits.mean == 1.4


def test_frozen_limits_must_name_a_stage_and_a_kind_that_fit() -> None:
    with pytest.raises(UnknownName, match=r"no stage named 'nwe'.*Did you mean 'new'"):
        control_chart(
            "i-mr",
            STEPPED,
            value="y",
            stages="stage",
            frozen={"nwe": known_limits("i-mr", mean=1, sigma=1)},
        )
    with pytest.raises(DataError, match="stage new are of kind 'c', not i-mr"):
        control_chart("i-mr", STEPPED, value="y", stages="stage", frozen={"new": known_limits("c", mean=1)})


def test_stages_of_subgroups_begin_with_a_subgroup() -> None:
    frame = {"y": [1.0, 2, 3, 4, 5, 6, 8, 9], "g": [1, 1, 2, 2, 3, 3, 4, 4], "s": list("aaaabbbb")}
    chart = control_chart("xbar-r", frame, value="y", subgroup="g", stages="s")
    assert [(stage.name, stage.first, stage.last) for stage in chart.stages] == [("a", 1, 2), ("b", 3, 4)]
    with pytest.raises(DataError, match="row 4: stage 'b' begins inside a subgroup"):
        control_chart("xbar-r", frame | {"s": list("aaabbbbb")}, value="y", subgroup="g", stages="s")


def test_an_empty_subgroup_keeps_its_stage() -> None:
    frame = {"y": [1.0, 2, 3, 4, None, None, 8, 9, 7, 9], "g": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]}
    frame["s"] = list("aaaabbbbbb")
    chart = control_chart("xbar-r", frame, value="y", subgroup="g", stages="s")
    assert [(stage.name, stage.first, stage.last) for stage in chart.stages] == [("a", 1, 2), ("b", 3, 5)]


def test_a_stage_of_one_point_is_named_in_the_error() -> None:
    with pytest.raises(DataError, match="stage 'new' has 1"):
        control_chart("i-mr", {"y": [1, 2, 3], "s": ["old", "old", "new"]}, value="y", stages="s")


def test_a_missing_stage_is_refused_with_its_row() -> None:
    with pytest.raises(DataError, match="Column 's', row 2: the stage is missing"):
        control_chart("i-mr", {"y": [1, 2, 3], "s": ["a", None, "a"]}, value="y", stages="s")


def test_frozen_limits_learn_nothing_from_new_data() -> None:
    first = control_chart("i-mr", VALUES, exclude={4: "tool broke"})
    second = judge(first.limits, [50.0, 51.0, None, 52.0])
    assert second.limits is first.limits
    assert second.phase == "II"
    assert second.panel("i").beyond.tolist() == [1, 2, 4]
    assert [caution.code for caution in second.warnings] == ["missing"]


def test_limits_for_one_size_judge_any_size() -> None:
    limits = control_chart("xbar-r", np.random.default_rng(4).normal(size=(25, 5))).limits
    new = judge(limits, {"y": [0.0, 1, 2, 3, 4], "g": [1, 1, 2, 2, 2]}, value="y", subgroup="g")
    expected = [limits.lines(2.0)[1][2], limits.lines(3.0)[1][2]]
    assert new.panel("r").ucl.tolist() == expected
    assert isinstance(Limits.from_json(limits.to_json()), Limits)
    assert Limits.from_json(limits.to_json()).lines(3.0) == limits.lines(3.0)
