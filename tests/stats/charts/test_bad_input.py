import math
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import control_chart, judge, known_limits
from gemba.stats.results import DataError, UnknownName

GOOD = {"y": [1.0, 2.0, 3.0, 4.0], "g": [1, 1, 2, 2]}


@pytest.mark.parametrize(
    ("kind", "frame", "options", "message"),
    [
        ("i-mr", {"y": [1.0, "12,5", 3.0]}, {"value": "y"}, r"Column 'y', row 2: '12,5' is not a number"),
        ("i-mr", {"y": [1.0, math.inf]}, {"value": "y"}, r"Column 'y', row 2: inf is infinite"),
        ("i-mr", {"y": [None, None]}, {"value": "y"}, "there are no values. Give more data"),
        ("i-mr", {"y": []}, {"value": "y"}, r"there are no values"),
        ("i-mr", [], {}, r"there are no values"),
        (
            "xbar-r",
            {"y": [None] * 4, "g": [1, 1, 2, 2]},
            {"value": "y", "subgroup": "g"},
            "there are no values",
        ),
        ("xbar-r", [], {"size": 5}, "there are no values"),
        ("xbar-r", GOOD, {"value": "y"}, r"it is not said how the values make subgroups.*size=5"),
        ("xbar-r", GOOD, {"value": "y", "size": 0}, r"a subgroup of 0 values is impossible"),
        (
            "xbar-r",
            {"y": [1, 2], "g": [1, None]},
            {"value": "y", "subgroup": "g"},
            r"row 2: the subgroup is missing",
        ),
        ("xbar-r", GOOD, {"value": "y", "size": 2, "n": 4}, r"has no number inspected. Leave out n"),
        ("i-mr", GOOD, {"value": "y", "size": 2}, r"no subgroups to cut. Leave out size"),
        ("i-mr", GOOD, {"value": ["y", "g"]}, r"one column of numbers is needed, and 2 are named"),
        ("c", {"d": [1, -2]}, {"value": "d"}, r"Column 'd', row 2: the count -2 is negative"),
        ("c", {"d": [1, 2.5]}, {"value": "d"}, r"row 2: the count 2.5 is not a whole number"),
        ("c", {"d": [None]}, {"value": "d"}, r"there are no counts"),
        (
            "u",
            {"d": [1, 2], "n": [1, 0]},
            {"value": "d", "n": "n"},
            r"Column 'n', row 2: the size 0 is not above",
        ),
        (
            "p",
            {"d": [1, 8], "n": [9, 7]},
            {"value": "d", "n": "n"},
            r"row 2: 8 defective items of 7 inspected",
        ),
        ("p", {"d": [1, 2], "n": [9, None]}, {"value": "d", "n": "n"}, r"row 2: the size is missing"),
        ("i-mr", GOOD, {"value": "y", "nsigma": 0}, r"Argument nsigma: 0 is no positive number"),
        ("i-mr", GOOD, {"value": "y", "sigma": -1.0}, r"Argument sigma: -1 is no positive number"),
        ("i-mr", GOOD, {"value": "y", "mean": math.nan}, r"Argument mean: the mean nan is impossible"),
        (
            "i-mr",
            GOOD,
            {"value": "y", "lam": 0.2},
            r"Argument lam: a chart of kind i-mr has no design value 'lam'",
        ),
        (
            "ewma",
            GOOD,
            {"value": "y", "lam": 0},
            r"Argument lam: 0 is no weight.*above 0 and at most 1; the default",
        ),
        ("ewma", GOOD, {"value": "y", "lam": 1.01}, r"Argument lam: 1.01 is no weight of the newest point"),
        (
            "ewma",
            GOOD,
            {"value": "y", "L": 2.0, "nsigma": 2.5},
            r"Argument nsigma: .*stand by L, not by nsigma",
        ),
        ("ewma", GOOD, {"value": "y", "L": "wide"}, r"Argument L: 'wide' is no reach of the limits"),
        (
            "ewma",
            GOOD,
            {"value": "y", "size": 1},
            r"Argument size: every subgroup has one value.*Leave out subgroup",
        ),
        ("ewma", {"y": [1.0, math.inf]}, {"value": "y"}, r"Column 'y', row 2: inf is infinite"),
        ("cusum", GOOD, {"value": "y", "nsigma": 2.0}, r"Argument nsigma: .*Leave out nsigma; give h"),
        ("cusum", GOOD, {"value": "y", "h": -4}, r"Argument h: -4 is no decision interval"),
        ("cusum", GOOD, {"value": "y", "fir": -1}, r"Argument fir: -1 is no head start"),
        ("cusum", {"y": [None, None]}, {"value": "y"}, "there are no values"),
        ("cusum", {"y": [1.0, None]}, {"value": "y"}, "limits need at least two points with values"),
        (
            "ma",
            GOOD,
            {"value": "y", "span": 2.5},
            r"Argument span: 2.5 is no number of points averaged.*whole number",
        ),
        ("median", GOOD, {"value": "y"}, r"it is not said how the values make subgroups"),
        ("median", GOOD, {"value": "y", "size": 1}, r"one value has no range"),
        ("r", GOOD, {"value": "y", "size": 1}, r"one value has no range"),
        ("s", GOOD, {"value": "y", "size": 1}, r"one value has no standard deviation"),
        ("mr", {"y": [1.0, None, 2.0, None]}, {"value": "y"}, "limits need at least two points with values"),
        ("mr", {"y": [1.0, math.inf]}, {"value": "y"}, r"Column 'y', row 2: .*infinite"),
        ("levey-jennings", {"y": [5.0]}, {"value": "y"}, "limits need at least two points with values"),
        ("levey-jennings", GOOD, {"value": "y", "size": 2}, r"has no subgroups to cut"),
        ("p", {"d": [1], "n": [9]}, {"value": "d", "n": "n", "limits": "wide"}, "'wide'.*exact"),
        ("ma", GOOD, {"value": "y", "span": 0}, r"Argument span: 0 is no number of points averaged"),
        ("t", {"y": [1.0, -2.0]}, {"value": "y"}, r"Column 'y', row 2: the time -2 .* is negative. Give the"),
        ("t", GOOD, {"value": "y", "power": 0}, r"Argument power: 0 is no power of the transformation"),
        ("t", {"y": [5.0]}, {"value": "y"}, "limits need at least two points with values"),
        ("t", {"y": [1.0, None, 2.0]}, {"value": "y"}, "no two values stand together"),
        ("g", {"d": [1, -2]}, {"value": "d"}, r"Column 'd', row 2: the count -2 is negative"),
        ("g", {"d": [1, 2.5]}, {"value": "d"}, r"row 2: the count 2.5 is not a whole number"),
        ("g", {"d": [1, 2]}, {"value": "d", "n": 5}, r"has no number inspected. Leave out n"),
        ("g", {"d": [1, 2]}, {"value": "d", "sigma": 5}, r"sigma of a g chart follows from its mean"),
        ("laney-p", {"d": [1, 8], "n": [9, 7]}, {"value": "d", "n": "n"}, r"row 2: 8 defective items of 7"),
        ("laney-p", {"d": [1, 8]}, {"value": "d"}, r"Argument n: defective items need the number inspected"),
        ("laney-p", {"d": [1, 2], "n": [9, 9]}, {"value": "d", "n": "n", "mean": 2}, "mean 2 is impossible"),
        ("laney-u", {"d": [1, 2], "n": [1, 0]}, {"value": "d", "n": "n"}, r"row 2: the size 0 is not above"),
        ("laney-u", {"d": [1, None, 2]}, {"value": "d"}, "no two values stand together"),
        ("i-mr-r", GOOD, {"value": "y"}, r"it is not said how the values make subgroups"),
        (
            "i-mr-r",
            GOOD,
            {"value": "y", "size": 1},
            r"every subgroup has one value, and one value has no range",
        ),
        ("i-mr-s", GOOD, {"value": "y", "size": 4}, "limits need at least two points with values"),
        ("i-mr-s", GOOD, {"value": "y", "size": 2, "between": -1}, r"between: -1 is no historical sigma"),
        ("t2", GOOD, {"value": "y"}, "several variables are needed, and there is 1"),
        (
            "t2",
            GOOD,
            {},
            "not said which columns are the variables. Name the column of each; there are: y, g",
        ),
        (
            "t2",
            GOOD,
            {"value": ["y", "g"], "alpha": 0.6},
            r"alpha: 0.6 is no chance of a false alarm.*at most 0.5",
        ),
        ("t2", GOOD, {"value": ["y", "g"], "nsigma": 2}, r"Argument nsigma: .* give alpha"),
        ("t2", GOOD, {"value": ["y", "g"], "sigma": 2.0}, r"Argument sigma: .*there is no single sigma"),
        ("t2", GOOD, {"value": ["y", "g"], "mean": [1, 2]}, "Argument covariance: .*Give both"),
        ("t2", GOOD, {"value": ["y", "g"], "n": 0}, r"Argument n: 0 is no number of items"),
        (
            "t2",
            GOOD,
            {"value": ["y", "g"], "size": 2, "n": 2},
            r"Argument n: the rows are cut into subgroups",
        ),
        (
            "t2",
            {"a": [1, 2, 3], "b": [3, 1, None]},
            {"value": ["a", "b"]},
            "1 degrees of freedom are too few for 2",
        ),
        (
            "t2",
            {"a": [None, 2], "b": [1, None]},
            {"value": ["a", "b"]},
            "no row in which every variable has a",
        ),
        (
            "t2",
            {"a": [1, "x"], "b": [1, 2]},
            {"value": ["a", "b"]},
            r"Column 'a', row 2: 'x' is not a number",
        ),
        ("t2", [1.0, 2.0], {}, "a row of values is needed for each point"),
        (
            "i-mr",
            GOOD,
            {"value": "y", "mean": [1, 2]},
            r"Argument mean: a chart of kind i-mr has one variable",
        ),
        ("gv", GOOD, {"value": ["y", "g"]}, "subgroups of 1 items show no covariance of 2 variables"),
        ("gv", GOOD, {"value": ["y", "g"], "size": 2}, "subgroups of 2 items show no covariance"),
        ("mewma", GOOD, {"value": ["y", "g"], "lam": 2}, r"Argument lam: 2 is no weight of the newest"),
        ("zone", GOOD, {"value": "y", "nsigma": 2.0}, r"Argument nsigma: .*Leave out nsigma"),
        ("zone", GOOD, {"value": "y", "inner": 3}, r"Argument inner: 3 is no score within 1 sigma"),
        ("difference", GOOD, {"value": "y"}, r"Argument nominal: it is not said from what nominal"),
        (
            "difference",
            {"y": [1.0, 2.0], "m": [1.0, None]},
            {"value": "y", "nominal": "m"},
            r"'m', row 2: the nominal",
        ),
        (
            "difference",
            GOOD,
            {"value": "y", "nominal": 1, "part": "g"},
            r"Argument part: .*difference takes no part",
        ),
        (
            "i-mr",
            GOOD,
            {"value": "y", "nominal": 1.0},
            r"Argument nominal: a chart of kind i-mr takes no nominal",
        ),
        ("z-mr", GOOD, {"value": "y"}, r"Argument part: it is not said which part each value belongs to"),
        (
            "z-mr",
            {"y": [1.0, 2.0], "p": ["A", None]},
            {"value": "y", "part": "p"},
            r"'p', row 2: the part is missing",
        ),
        ("z-mr", {"y": [1.0, 2, 5], "p": ["A", "A", "B"]}, {"value": "y", "part": "p"}, "'B' shows no sigma"),
        (
            "z-mr",
            {"y": [1.0, 2], "p": ["A", "B"]},
            {"value": "y", "part": "p", "pooling": "constant"},
            "runs of two",
        ),
        (
            "z-mr",
            {"y": [1.0, -2], "p": ["A", "A"]},
            {"value": "y", "part": "p", "pooling": "relative"},
            "row 2: -2 has no log",
        ),
        (
            "z-mr",
            GOOD,
            {"value": "y", "part": "g", "mean": 2.0},
            r"Argument mean: .* has a mean and a sigma for each",
        ),
        ("ma", GOOD, {"value": "y", "n": 4}, r"has no number inspected. Leave out n"),
    ],
)
def test_one_sentence_says_where_what_and_the_mend(kind: str, frame: Any, options: Any, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        control_chart(kind, frame, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "options", "nearest"),
    [
        ("xbar_r", {}, "xbar-r"),
        ("i-mr", {"value": "yy"}, "y"),
        ("i-mr", {"value": "y", "sigma_method": "average moving-range"}, "average moving range"),
        ("xbar-r", {"value": "y", "subgroup": "g", "sigma_method": "rbar"}, "Rbar"),
        ("i-mr", {"value": "y", "label": "gg"}, "g"),
        ("i-mr", {"value": "y", "stages": "gg"}, "g"),
        ("ewma", {"value": "y", "lamb": 0.2}, "lam"),
        ("ewma", {"value": "y", "limits": "asymtotic"}, "asymptotic"),
        ("ma", {"value": "y", "sigma_method": "poolled"}, "pooled"),
        ("z-mr", {"value": "y", "part": "g", "pooling": "part"}, "parts"),
    ],
)
def test_an_unknown_name_offers_the_nearest(kind: str, options: Any, nearest: str) -> None:
    with pytest.raises(UnknownName) as caught:
        control_chart(kind, GOOD, **options)
    assert caught.value.nearest == nearest


def test_an_estimator_of_another_kind_of_data_is_refused() -> None:
    with pytest.raises(UnknownName, match="There are: average moving range"):
        control_chart("i-mr", GOOD, value="y", sigma_method="pooled")


def test_a_sigma_method_must_suit_single_values_or_subgroups() -> None:
    with pytest.raises(UnknownName, match=r"sigma method for these data named 'pooled'. There are: average"):
        control_chart("ewma", GOOD, value="y", sigma_method="pooled")
    with pytest.raises(UnknownName, match=r"named 'median moving range'. There are: pooled"):
        control_chart("ewma", GOOD, value="y", size=2, sigma_method="median moving range")


SINGULAR = {"a": [1.0, 2, 4, 3, 7, 5], "b": [2.0, 1, 3, 5, 4, 7], "c": [3.0, 3, 7, 8, 11, 12], "d": [9.0] * 6}


def test_variables_that_follow_from_one_another_are_named() -> None:
    with pytest.raises(DataError, match="the covariance is singular: a, b, c follow from one another"):
        control_chart("t2", SINGULAR, value=["a", "b", "c"])
    with pytest.raises(DataError, match=r"'d' never varies, so the covariance is singular. Leave it out"):
        control_chart("mewma", SINGULAR, value=["a", "d"])
    near = {
        "a": SINGULAR["a"],
        "b": [x + 1e-3 * y for x, y in zip(SINGULAR["a"], SINGULAR["b"], strict=True)],
    }
    assert control_chart("t2", near, value=["a", "b"]).limits.several is not None


@pytest.mark.parametrize(
    ("mean", "covariance", "message"),
    [
        ([1, 2], [[1, 2], [3, 4]], "symmetric table of 2 rows and columns"),
        ([1, 2], [[1, 2], [2, 4]], "the covariance is singular: x1, x2"),
        ([1, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "symmetric table of 2 rows"),
        ([1, "x"], [[1, 0], [0, 1]], "2 means are given for 2 variables, and each must be a number"),
        (3.0, [[1, 0], [0, 1]], "'3.0' is no mean of several variables"),
    ],
)
def test_impossible_parameters_of_several_variables_are_refused(
    mean: Any, covariance: Any, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        known_limits("t2", mean=mean, covariance=covariance)


def test_a_returning_subgroup_is_asked_about_with_both_readings() -> None:
    frame = {"y": [1.0, 2, 3, 4, 5, 7], "g": [1, 1, 2, 2, 1, 1]}
    with pytest.raises(DataError, match=r"3 subgroups.*2 subgroups"):
        control_chart("xbar-r", frame, value="y", subgroup="g")
    assert control_chart("xbar-r", frame, value="y", subgroup="g", returning="new").labels == (1, 2, 1)
    joined = control_chart("xbar-r", frame, value="y", subgroup="g", returning="join")
    assert joined.panel("xbar").sizes.tolist() == [4, 2]


def test_limits_of_measurements_need_sigma() -> None:
    with pytest.raises(DataError, match="a chart of measurements needs sigma"):
        known_limits("i-mr", mean=3.0)


def test_limits_between_and_within_need_both_sigmas() -> None:
    with pytest.raises(
        DataError, match=r"Argument between: .* needs this too: historical sigma between subgroups"
    ):
        known_limits("i-mr-r", mean=3.0, sigma=1.0)


def test_the_wrong_layout_for_frozen_limits_is_refused() -> None:
    with pytest.raises(DataError, match="it is not said how the values make subgroups"):
        judge(known_limits("xbar-r", mean=1.0, sigma=1.0), [1.0, 2.0])


def test_labels_may_be_dates_and_missing() -> None:
    days = np.array(["2026-03-01", "2026-03-02", "NaT"], dtype="datetime64[D]")
    chart = control_chart("i-mr", {"y": [1.0, 2.0, 4.0], "day": days}, value="y", label="day")
    assert chart.labels == ("2026-03-01", "2026-03-02", None)
