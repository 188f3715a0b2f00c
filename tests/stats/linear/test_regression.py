import json
import math
import random
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest

from gemba.stats.linear import Regression, least_squares, regression
from gemba.stats.results import DataError, UnknownName, restore
from twins import exact_models as twin

CASES = ["two_predictors", "many_rows", "offset", "no_intercept"]


def made(case: str) -> tuple[list[list[float]], list[float], bool]:
    """Predictor rows and responses with short binary fractions, so that the twin is exact."""
    rng = random.Random(case)  # noqa: S311 (test data)
    rows, count, shift = {"many_rows": (3, 24, 0.0), "offset": (2, 10, 2.0**30)}.get(case, (2, 9, 0.0))
    x = [[shift + rng.randint(-64, 64) / 8 for _ in range(rows)] for _ in range(count)]
    y = [shift + 3.0 + 2.0 * r[0] - 0.5 * r[1] + rng.randint(-16, 16) / 8 for r in x]
    return x, y, case != "no_intercept"


@pytest.mark.parametrize("case", CASES)
def test_every_figure_agrees_with_exact_arithmetic(case: str) -> None:
    x, y, intercept = made(case)
    fit = least_squares(x, y, intercept=intercept)
    design = twin.exact([[1.0, *row] if intercept else row for row in x])
    exact_y = [Fraction(v) for v in y]
    close = 1e-6 if case == "offset" else 1e-10
    expected = [float(b) for b in twin.coefficients(design, exact_y)]
    np.testing.assert_allclose(fit.coef, expected, rtol=close)
    np.testing.assert_allclose(fit.se**2, twin.variances(design, exact_y), rtol=close)
    np.testing.assert_allclose(fit.t, fit.coef / fit.se, rtol=1e-12)
    np.testing.assert_allclose(fit.cooks, twin.cooks(design, exact_y), rtol=close, atol=1e-14)
    rss = float(twin.squared_errors(design, exact_y))
    assert fit.ss_error == pytest.approx(rss, rel=close)
    assert fit.s**2 == pytest.approx(rss / (len(y) - len(design[0])), rel=close)
    assert fit.press == pytest.approx(twin.press(design, exact_y), rel=close)
    if intercept:
        inflated = [twin.inflation(design, j) for j in range(1, len(design[0]))]
        np.testing.assert_allclose(fit.vif[1:], inflated, rtol=close)


def test_shares_and_tests_of_the_model_hang_together() -> None:
    x, y, _ = made("many_rows")
    fit = least_squares(x, y)
    total = sum((v - sum(y) / len(y)) ** 2 for v in y)
    assert fit.ss_model + fit.ss_error == pytest.approx(total)
    assert fit.r2 == pytest.approx(1 - fit.ss_error / total)
    assert fit.adj_r2 == pytest.approx(1 - (fit.ss_error / 20) / (total / 23))
    assert fit.pred_r2 == pytest.approx(1 - fit.press / total)
    assert fit.f == pytest.approx((fit.ss_model / 3) / (fit.ss_error / 20))
    np.testing.assert_allclose(fit.fitted + fit.residuals, y)
    assert fit.leverage.sum() == pytest.approx(4.0)
    steps = [b - a for a, b in zip(fit.residuals, fit.residuals[1:], strict=False)]
    assert fit.durbin_watson == pytest.approx(sum(d * d for d in steps) / fit.ss_error)


def test_one_predictor_gives_t_squared_equal_f() -> None:
    fit = regression({"x": [1, 2, 3, 4, 6], "y": [1.1, 1.9, 3.2, 3.9, 6.3]}, response="y", predictors="x")
    assert fit.t[1] ** 2 == pytest.approx(fit.f)
    assert fit.p[1] == pytest.approx(fit.f_p, rel=1e-9)


def test_longley_to_the_certified_digits() -> None:
    # NIST StRD, linear regression, Longley (1967): six nearly collinear economic series
    rows = """
    60323 83.0 234289 2356 1590 107608 1947
    61122 88.5 259426 2325 1456 108632 1948
    60171 88.2 258054 3682 1616 109773 1949
    61187 89.5 284599 3351 1650 110929 1950
    63221 96.2 328975 2099 3099 112075 1951
    63639 98.1 346999 1932 3594 113270 1952
    64989 99.0 365385 1870 3547 115094 1953
    63761 100.0 363112 3578 3350 116219 1954
    66019 101.2 397469 2904 3048 117388 1955
    67857 104.6 419180 2822 2857 118734 1956
    68169 108.4 442769 2936 2798 120445 1957
    66513 110.8 444546 4681 2637 121950 1958
    68655 112.6 482704 3813 2552 123366 1959
    69564 114.2 502601 3931 2514 125368 1960
    69331 115.7 518173 4806 2572 127852 1961
    70551 116.9 554894 4007 2827 130081 1962
    """
    data = np.array([[float(cell) for cell in row.split()] for row in rows.strip().splitlines()])
    fit = least_squares(data[:, 1:], data[:, 0])
    certified = [
        -3482258.63459582, 15.0618722713733, -0.358191792925910e-1, -2.02022980381683,
        -1.03322686717359, -0.511041056535807e-1, 1829.15146461355,
    ]  # fmt: skip
    certified_se = [
        890420.383607373, 84.9149257747669, 0.334910077722432e-1, 0.488399681651699,
        0.214274163161675, 0.226073200069370, 455.478499142212,
    ]  # fmt: skip
    np.testing.assert_allclose(fit.coef, certified, rtol=1e-10)
    np.testing.assert_allclose(fit.se, certified_se, rtol=1e-10)
    assert fit.s == pytest.approx(304.854073561965, rel=1e-11)
    assert fit.r2 == pytest.approx(0.995479004577296, rel=1e-13)
    assert fit.f == pytest.approx(330.285339234588, rel=1e-10)


def test_a_polynomial_has_a_term_for_each_power() -> None:
    x = [0.0, 1.0, 2.0, 3.0, 4.0]
    fit = regression({"x": x, "y": [1 + v - 2 * v**2 for v in x]}, response="y", predictors="x", degree=2)
    assert fit.terms == ("Intercept", "x", "x^2")
    np.testing.assert_allclose(fit.coef, [1, 1, -2], atol=1e-12)


def test_predictions_hold_the_intervals_of_their_definition() -> None:
    x, y, _ = made("two_predictors")
    fit = least_squares(x, y, names=["a", "b"])
    found = fit.predict({"a": [1.0, 40.0], "b": [2.0, -3.0]}, confidence=0.9)
    design = twin.exact([[1.0, *row] for row in x])
    gram = twin.gram_inverse(design)
    for i, row in enumerate(twin.exact([[1.0, 1.0, 2.0], [1.0, 40.0, -3.0]])):
        spread = float(twin.dot(row, [twin.dot(line, row) for line in gram]))
        assert found.se[i] == pytest.approx(fit.s * math.sqrt(spread))
        assert found.fit[i] == pytest.approx(float(twin.dot(row, [Fraction(b) for b in fit.coef.tolist()])))
        t = 1.9431802803927816  # 95 % point of Student's t with 6 degrees of freedom
        assert found.mean_upper[i] - found.fit[i] == pytest.approx(t * found.se[i])
        assert found.fit[i] - found.lower[i] == pytest.approx(t * fit.s * math.sqrt(1 + spread))


def test_intervals_of_coefficients() -> None:
    x, y, _ = made("two_predictors")
    fit = least_squares(x, y)
    lower, upper = fit.confidence_interval(0.9)
    np.testing.assert_allclose(upper - fit.coef, 1.9431802803927816 * fit.se, rtol=1e-9)
    np.testing.assert_allclose(fit.coef - lower, 1.9431802803927816 * fit.se, rtol=1e-9)
    with pytest.raises(DataError, match="a confidence of 95 is impossible"):
        fit.confidence_interval(95)


def test_collinear_columns_are_named() -> None:
    rng = np.random.default_rng(1)
    a, b, c = rng.normal(size=(3, 12))
    frame = {"a": a, "b": b, "c": c, "mix": 2 * a - c, "y": a + b}
    with pytest.raises(DataError, match=r"Column 'mix': the column is a linear combination of: a, c\."):
        regression(frame, response="y", predictors=["a", "b", "c", "mix"])


def test_a_constant_predictor_is_named() -> None:
    with pytest.raises(DataError, match="Column 'k': the column is constant"):
        regression({"k": [3.1] * 4, "y": [1, 2, 3, 5]}, response="y", predictors="k")


def test_a_constant_response_is_refused() -> None:
    with pytest.raises(DataError, match="Column 'y': the response is constant"):
        regression({"x": [1, 2, 3, 4], "y": [7.7] * 4}, response="y", predictors="x")


def test_missing_rows_are_left_out_and_counted() -> None:
    frame = {"x": [1, 2, None, 4, 5], "y": [1.0, 2.1, 3.0, math.nan, 5.2]}
    fit = regression(frame, response="y", predictors="x")
    assert (fit.n, fit.missing) == (3, 2)
    assert fit.rows.tolist() == [1, 2, 5]
    assert "2 rows with a missing value were left out" in fit.explain()


def test_too_few_rows_and_a_saturated_fit_have_answers() -> None:
    with pytest.raises(
        DataError, match="the model has 2 coefficients and needs as many complete rows; there: 1"
    ):
        regression({"x": [1], "y": [2]}, response="y", predictors="x")
    line = regression({"x": [1, 2], "y": [2, 4]}, response="y", predictors="x")
    np.testing.assert_allclose(line.coef, [0, 2], atol=1e-14)
    assert line.df_error == 0
    assert math.isnan(line.s)
    assert np.isnan(line.se).all()
    assert "passes through all 2 points" in line.headline()
    assert restore(json.loads(line.to_json())) == line


def test_a_row_that_the_model_must_pass_through_has_no_cooks_distance() -> None:
    fit = regression({"x": [0, 0, 0, 5], "y": [1, 2, 3, 9]}, response="y", predictors="x")
    assert fit.leverage[3] == pytest.approx(1.0)
    assert math.isnan(fit.cooks[3])
    assert math.isnan(fit.press)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: least_squares([1, 2, 3], [1, 2]), "responses do not match the rows of predictors: 2 and 3"),
        (
            lambda: least_squares([1, 2, 3], [1, 2, 4], names=["a", "b"]),
            "names do not match the columns of predictors: 2 and 1",
        ),
        (lambda: regression({"y": [1]}, response="y", predictors=[]), "there is no predictor"),
        (
            lambda: regression({"x": [1, 2], "y": [1, 2]}, response="y", predictors="x", degree=0),
            "a polynomial of degree 0 has no slope",
        ),
        (lambda: least_squares(["1", "two", "3"], [1, 2, 3]), "is not a number"),
        (lambda: least_squares([1, 2, math.inf], [1, 2, 3]), "row 3"),
    ],
)
def test_bad_input_is_answered_in_a_sentence(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError, match=message):
        call()


def test_an_unknown_predictor_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'speed'"):
        regression({"speed": [1, 2], "y": [1, 2]}, response="y", predictors="sped")


def test_a_missing_predictor_value_has_no_prediction() -> None:
    fit = regression({"x": [1, 2, 3], "y": [1, 2, 4]}, response="y", predictors="x")
    with pytest.raises(DataError, match="row 2: a predictor is missing"):
        fit.predict({"x": [1, None]})


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_frames_of_any_kind(frame) -> None:  # type: ignore[no-untyped-def]
    fit = regression(frame({"x": [1, 2, 3, 4], "y": [2.1, 3.9, 6.2, 7.8]}), response="y", predictors="x")
    assert isinstance(fit.to_frame(), frame)
    assert isinstance(fit.predict(frame({"x": [5.0]})).to_frame(), frame)


def cars() -> Regression:
    x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 20.0]
    return regression({"x": x, "y": [2.0, 4.1, 5.9, 8.2, 9.9, 17.0, 40.0]}, response="y", predictors="x")


def test_results_survive_json_and_speak_every_language() -> None:
    fit = cars()
    for result in (fit, fit.predict([3.0])):
        assert restore(json.loads(result.to_json())) == result
        assert result.headline("pseudo").startswith("⟦")
        assert result.explain("pseudo").startswith("⟦")
        assert all(table.title.startswith("⟦") for table in result.tables("pseudo"))


def test_unusual_rows_are_listed() -> None:
    tables = {table.title: table for table in cars().tables()}
    assert [row[0] for row in tables["Unusual rows"].rows] == [6, 7]
    assert "Analysis of variance" in cars().summary()
