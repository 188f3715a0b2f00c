import json
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import KINDS, ControlChart, Limits, control_chart, judge, known_limits, report_dict
from gemba.stats.charts.text import CHOICE_WORDS
from gemba.stats.results import restore
from gemba.stats.results.words import pseudo

RNG = np.random.default_rng(6)
LONG: dict[str, Any] = {
    "y": RNG.normal(10, 1, 46).round(3).tolist(),
    "z": RNG.normal(5, 2, 46).round(3).tolist(),
    "g": np.repeat([f"lot {i}" for i in range(1, 11)], [5, 4, 5, 5, 5, 5, 5, 2, 5, 5]).tolist(),
    "s": np.repeat(["before", "after"], [24, 22]).tolist(),
    "m": np.repeat([10.0, 9.5], 23).tolist(),
    "n": RNG.integers(50, 90, 46).tolist(),
    "d": RNG.integers(0, 12, 46).tolist(),
}
OPTIONS: dict[str, dict[str, Any]] = {
    "xbar-r": {"value": "y", "subgroup": "g", "stages": "s", "exclude": {"lot 3": "recheck"}},
    "xbar-s": {"value": "y", "subgroup": "g", "sigma_method": "pooled", "unbiased": False},
    "i-mr": {"value": "y", "label": "n", "exclude": {12: "operator's note"}, "stages": "s"},
    "p": {"value": "d", "n": "n", "label": "g"},
    "np": {"value": "d", "n": 60},
    "c": {"value": "d", "mean": 3.0},
    "u": {"value": "d", "n": "n", "stages": "s"},
    "ewma": {"value": "y", "subgroup": "g", "lam": 0.3, "exclude": {"lot 3": "recheck"}},
    "cusum": {"value": "y", "label": "n", "h": 4.0, "fir": 2.0, "stages": "s"},
    "laney-p": {"value": "d", "n": "n", "label": "g"},
    "laney-u": {"value": "d", "n": "n", "exclude": {3: "power cut"}},
    "g": {"value": "d", "label": "n"},
    "t": {"value": "y", "stages": "s", "power": 0.3},
    "i-mr-r": {"value": "y", "subgroup": "g", "exclude": {"lot 3": "recheck"}},
    "i-mr-s": {"value": "y", "subgroup": "g", "mean": 10.0, "sigma": 1.0, "between": 0.5},
    "t2": {"value": ["y", "z"], "stages": "s", "exclude": {3: "recheck"}},
    "mewma": {"value": ["y", "z"], "subgroup": "g", "lam": 0.2},
    "gv": {"value": ["y", "z"], "subgroup": "g"},
    "zone": {"value": "y", "subgroup": "g", "exclude": {"lot 3": "recheck"}},
    "difference": {"value": "y", "nominal": "m", "label": "n"},
    "z-mr": {"value": "y", "part": "s", "pooling": "constant", "exclude": {3: "recheck"}},
    "median": {"value": "y", "subgroup": "g", "stages": "s", "exclude": {"lot 3": "recheck"}},
    "r": {"value": "y", "subgroup": "g", "exclude": {"lot 3": "recheck"}},
    "s": {"value": "y", "subgroup": "g", "sigma": 1.0},
    "mr": {"value": "y", "label": "n", "stages": "s"},
    "levey-jennings": {"value": "y", "label": "n", "exclude": {3: "wrong vial"}},
    "mcusum": {"value": ["y", "z"], "subgroup": "g", "k": 0.4},
    "pca": {"value": ["y", "z", "m"], "components": 2, "exclude": {3: "recheck"}},
    "regression": {"value": ["y", "z"], "stages": "s", "limits": "prediction"},
    "residual": {"value": "y", "label": "n", "exclude": {12: "operator's note"}},
    "ma": {"value": "y", "span": 4, "mean": 10.0},
}


@pytest.fixture(params=[kind.name for kind in KINDS])
def chart(request: Any) -> Any:
    return control_chart(request.param, LONG, rules="nelson", **OPTIONS[request.param])


def test_a_stored_chart_is_read_back_whole(chart: Any) -> None:
    again = ControlChart.from_json(chart.to_json())
    assert again == chart
    assert again.summary() == chart.summary()
    assert again.explain() == chart.explain()
    assert list(again.violations) == list(chart.violations)
    assert restore(chart.limits.to_dict()) == chart.limits


def test_a_stored_chart_keeps_its_form() -> None:
    limits = control_chart("i-mr", [1.0, 2.0, 4.0, 3.0]).limits
    stored = limits.to_dict()
    del stored["engine"]
    assert stored == {
        "result": "limits",
        "schema": 2,
        "backend": "dict",
        "kind": "i-mr",
        "mean": 2.5,
        "sigma": pytest.approx(1.1816359006036772),
        "method": "average moving range",
        "nsigma": 3.0,
        "unbiased": True,
        "points": 4,
        "values": 4.0,
        "smallest": 1.0,
        "largest": 1.0,
        "dispersion": pytest.approx(4 / 3),
        "historical": [],
        "name": "value",
        "design": {},
        "further": {},
        "several": None,
        "parts": {},
    }
    older = {
        key: item for key, item in stored.items() if key not in ("design", "further", "several", "parts")
    }
    assert Limits.from_dict({**older, "schema": 1}) == limits


def test_the_first_table_has_a_row_for_each_point(chart: Any) -> None:
    frame = chart.to_frame()
    assert frame["point"] == list(range(1, len(chart.panels[0].points) + 1))
    for panel in chart.panels:
        np.testing.assert_array_equal(np.array(frame[panel.name], dtype=float), panel.points)
        np.testing.assert_array_equal(np.array(frame[f"{panel.name}_ucl"], dtype=float), panel.ucl)
        fired = [
            point for point, codes in zip(frame["point"], frame[f"{panel.name}_rules"], strict=True) if codes
        ]
        assert fired == (np.flatnonzero(chart.violations.flagged(panel.name)) + 1).tolist()


def test_every_text_of_a_chart_is_translated(chart: Any) -> None:
    texts = [chart.headline("pseudo"), *(table.title for table in chart.tables("pseudo"))]
    texts += [column.label for table in chart.tables("pseudo")[1:] for column in table.columns]
    texts += [caution.words("pseudo") for caution in chart.warnings]
    texts += chart.explain("pseudo").split("\n")
    texts += [chart.limits.headline("pseudo"), *chart.limits.explain("pseudo").split("\n")]
    for text in texts:
        assert text.startswith("⟦"), text
    assert chart.headline("pseudo") != chart.headline()


def test_every_word_of_a_kind_is_marked_for_translation() -> None:
    for kind in KINDS:
        for text in (kind.words.title, kind.words.purpose, *kind.words.instead, *kind.words.formulas):
            assert pseudo(text) != text


def test_every_choice_of_a_design_value_has_a_word_for_the_reader() -> None:
    choices = {choice for kind in KINDS for setting in kind.design for choice in setting.choices}
    assert choices == set(CHOICE_WORDS)


def test_the_headline_says_where_which_rule_fired() -> None:
    chart = control_chart("i-mr", [0, 1, 0, 1, 0, 9, 1, 0], mean=0.5, sigma=1.0, rules="1")
    assert chart.headline() == (
        "I-MR chart of value: not stable. Individual value: rule 1 at point 6; "
        "Moving range: rule 1 at points 6, 7."
    )
    calm = control_chart("c", [4, 5, 6, 5])
    assert calm.headline() == "c chart of value: stable. None of 4 points breaks a rule (1)."


def test_the_headline_names_points_as_their_owner_does_and_counts_the_rest() -> None:
    frame = {"y": [9.0, 0, 9, 0, 9, 0, 9, 0], "lot": list("abcdefgh")}
    chart = control_chart("i-mr", frame, value="y", label="lot", mean=0.0, sigma=1.0, rules="1")
    assert "rule 1 at points 1 (a), 3 (c), 5 (e) and 1 more" in chart.headline()


def test_the_explanation_states_estimator_constants_source_and_exclusions() -> None:
    chart = control_chart("xbar-r", LONG, value="y", subgroup="g", exclude={"lot 3": "gauge was dirty"})
    text = chart.explain()
    for part in (
        "Rbar/d2",
        "d2(5) = 2.32593",
        "d3(2) = 0.852502",
        "Montgomery",
        "ISO 7870-2",
        "gauge was dirty",
    ):
        assert part in text


def test_the_summary_prints_points_only_when_they_are_few() -> None:
    assert "Points" in control_chart("c", [4, 5, 6, 5]).summary()
    long = control_chart("c", [4, 5, 6, 5] * 20).summary()
    assert "\nPoints\n" not in long
    assert "Limits" in long


def test_decimals_show_a_hundredth_of_sigma() -> None:
    points = control_chart("i-mr", [74.01, 74.03, 74.02, 74.05]).tables()[0].to_text()
    assert "74.0300" in points
    assert "74.03000" not in points


def test_the_report_gives_one_number_where_a_line_is_level_and_a_list_where_it_steps() -> None:
    report = report_dict(control_chart("p", {"d": [2, 3, 4], "n": [50, 50, 60]}, value="d", n="n"))
    assert report["limits"]["p"]["center"] == 9 / 160
    assert len(report["limits"]["p"]["ucl"]) == 3
    assert report["limits"]["p"]["lcl"] == 0.0
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    level = report_dict(control_chart("c", [16, 14, 28, 16, 12, 20, 10, 12, 40]))
    assert level["limits"]["c"]["ucl"] == pytest.approx(168 / 9 + 3 * (168 / 9) ** 0.5)
    assert level["violations"] == [{"panel": "c", "rule": "1", "fired": [9], "points": [9]}]


def test_the_report_has_null_where_there_is_no_line() -> None:
    frame = {"y": [1.0, 2, None, None, 3, 5, 6], "g": [1, 1, 2, 2, 3, 3, 4]}
    report = report_dict(control_chart("xbar-r", frame, value="y", subgroup="g"))
    assert report["limits"]["xbar"]["ucl"][1] is None
    assert isinstance(report["limits"]["r"]["ucl"], float)
    blank = judge(
        known_limits("xbar-r", mean=1.0, sigma=1.0),
        {"y": [1.0, 2, 3], "g": [1, 2, 2]},
        value="y",
        subgroup="g",
    )
    assert report_dict(blank)["sigma"] == 1.0


def test_limits_speak_for_themselves() -> None:
    limits = known_limits("xbar-s", mean=10.0, sigma=0.5)
    assert limits.headline() == "Xbar-S chart: mean 10, sigma 0.5, given as historical parameters."
    assert limits.size is None
    fitted = control_chart("xbar-s", RNG.normal(size=(20, 5))).limits
    assert [row[:2] for row in fitted.tables()[0].rows] == [("xbar", 5.0), ("s", 5.0)]
    assert isinstance(fitted, Limits)


@pytest.mark.parametrize("backend", ["pandas", "polars", "pyarrow"])
def test_the_points_come_back_in_the_callers_frame(backend: str) -> None:
    library = pytest.importorskip(backend)
    build = library.table if backend == "pyarrow" else library.DataFrame
    chart = control_chart("i-mr", build({"y": [1.0, 2.0, 4.0, 3.0]}), value="y")
    assert type(chart.to_frame()).__module__.split(".")[0] == backend
