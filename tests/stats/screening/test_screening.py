"""A screening says of each stream what ``capability`` and ``control_chart`` say, and what was planted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from gemba import stats as gs

ROWS = 400


def noise(seed: int, rows: int = ROWS) -> Any:
    return np.random.default_rng(seed).normal(10.0, 1.0, rows)


def with_gaps(values: Any, seed: int) -> Any:
    return np.where(np.random.default_rng(seed).random(len(values)) < 0.1, np.nan, values)


def rounded(seed: int) -> Any:
    return np.round(noise(seed) * 2) / 2


def cycle(seed: int) -> Any:
    return noise(seed) + 2 * np.sin(np.arange(ROWS) / 9)


STREAMS = {
    "plain": noise(1),
    "far": noise(2) + 1e9,
    "gaps": with_gaps(noise(3), 3),
    "ties": rounded(4),
    "cycle": cycle(5),
    "outlier": np.append(noise(6)[:-1], 30.0),
    "short": np.append(noise(7, 23), np.full(ROWS - 23, np.nan)),
    "late": np.append(np.full(30, np.nan), noise(8, ROWS - 30)),
}


@pytest.mark.parametrize("size", [1, 2, 5, 9, 7])
@pytest.mark.parametrize("rules", ["bare", "nelson", "western-electric"])
def test_each_row_is_what_a_study_of_that_stream_says(size: int, rules: str) -> None:
    screening = gs.screen(STREAMS, specs=gs.Tolerance.of(6, 15), size=size, rules=rules)
    m = screening.measures
    for place, (name, values) in enumerate(STREAMS.items()):
        limits: dict[str, Any] = {"lsl": 6, "usl": 15, "rules": rules}
        study = gs.capability(values, size=None if size == 1 else size, **limits)
        assert (m.n[place], m.missing[place]) == (study.n, study.missing), name
        measured = [m.mean[place], m.within[place], m.overall[place], screening.ppk[place]]
        told = [study.mean, study.sigma_within, study.sigma_overall, study.ppk]
        np.testing.assert_allclose(measured, told, rtol=1e-9, err_msg=name)
        assert screening.cpk[place] == pytest.approx(study.cpk, rel=1e-9)
        outside = (m.below[place] + m.above[place]) / study.n * 1e6
        assert outside == pytest.approx(study.ppm_observed.total), name
        assert study.chart is not None
        flagged = [study.chart.violations.flagged(panel.name).sum() for panel in study.chart.panels]
        assert [m.signals[place], m.spread_signals[place]] == flagged, name
        assert bool(screening.stable[place] == 1) == study.stable, name


def test_the_firings_of_each_rule_are_counted() -> None:
    screening = gs.screen(STREAMS, rules="nelson")
    for place, values in enumerate(STREAMS.values()):
        chart = gs.control_chart("i-mr", values, rules="nelson")
        for rule, counts in zip(screening.rule_names, screening.fired, strict=True):
            panel, code = rule.split()
            found = chart.violations.of(panel, code)
            assert counts[place] == sum(len(violation.fired) for violation in found)


def test_shift_and_drift_are_those_of_the_plain_sums() -> None:
    values = with_gaps(noise(11) + np.where(np.arange(ROWS) >= 250, 1.5, 0.0), 11)
    m = gs.screen({"x": values}).measures
    rows, present = np.flatnonzero(~np.isnan(values)), values[~np.isnan(values)]
    gains = [
        abs(present[k:].mean() - present[:k].mean()) / np.sqrt(1 / k + 1 / (len(present) - k))
        for k in range(5, len(present) - 4)
    ]
    cut = int(np.argmax(gains)) + 5
    assert m.shift_z[0] == pytest.approx(max(gains) / m.within[0])
    assert m.shift[0] == pytest.approx((present[cut:].mean() - present[:cut].mean()) / m.within[0])
    assert rows[cut - 1] + 1 < m.shift_row[0] <= rows[cut] + 1
    slope, _ = np.polyfit(rows, present, 1)
    assert m.drift[0] == pytest.approx(slope * (ROWS - 1) / m.within[0])
    scatter = np.sqrt(((rows - rows.mean()) ** 2).sum())
    assert m.drift_z[0] == pytest.approx(slope * scatter / m.within[0])


PLANTED = {
    "empty": np.full(ROWS, np.nan),
    "constant": np.full(ROWS, 7.0),
    "stuck": np.append(noise(21)[:350], np.full(50, 10.1)),
    "wide": 3 * (noise(22) - 10) + 10,
    "shifted": noise(23) + np.where(np.arange(ROWS) >= 250, 1.5, 0.0),
    "drifting": noise(24) + np.linspace(0, 2, ROWS),
    "spike": np.append(noise(25)[:-1], 18.0),
    "good": noise(26),
    "text": ["a"] * ROWS,
}


def planted(**more: Any) -> gs.Screening:
    specs = {name: {"lsl": 2, "usl": 18} for name in PLANTED if name != "text"} | {"nobody": (1, 2)}
    return gs.screen(PLANTED, specs=specs, **more)


def test_what_was_planted_is_found_and_ranked_by_concern() -> None:
    screening = planted()
    assert screening.worst() == ("empty", "constant", "stuck", "wide", "shifted", "drifting", "spike", "good")
    assert screening.findings("empty") == ("empty",)
    assert screening.findings("constant") == ("dead",)
    assert "dead" in screening.findings("stuck")
    assert "not capable" in screening.findings("wide")
    assert "shift" in screening.findings("shifted")
    assert "drift" in screening.findings("drifting")
    assert screening.findings("spike") == ("not stable",)
    assert screening.findings("good") == ()
    assert screening.skipped == ("text",)
    assert screening.without_stream == ("nobody",)
    assert "1 specification names no stream: nobody" in screening.summary()


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("ppk", "wide"),
        ("signals", "stuck"),
        ("shift", "shifted"),
        ("drift", "drifting"),
        ("name", "constant"),
    ],
)
def test_the_order_can_be_chosen(order: str, first: str) -> None:
    screening = planted(order=order)
    assert screening.worst(1) == (first,)
    assert screening.to_frame()["stream"][0] == first


def test_a_plant_of_stable_streams_shows_hardly_a_finding() -> None:
    values = np.random.default_rng(40).normal(0.0, 1.0, (300, 400))
    screening = gs.screen(values)
    totals = {name: int(marks.sum()) for name, marks in screening.found.items()}
    assert totals["dead"] == totals["empty"] == 0
    assert totals["shift"] + totals["drift"] <= 1
    assert totals["not stable"] < 60


def test_coarse_values_are_no_dead_sensor() -> None:
    values = (np.random.default_rng(41).random((500, 50)) < 0.02).astype(float)
    assert not gs.screen(values).found["dead"].any()


def test_long_wide_and_every_frame_say_the_same() -> None:
    wide = {name: noise(seed) for seed, name in enumerate("abc")}
    matrix = np.column_stack(list(wide.values()))
    expected = gs.screen(wide).measures
    long = {
        "stream": np.array(list(wide) * ROWS),
        "value": matrix.reshape(-1),
    }
    frames: list[Any] = [matrix, pd.DataFrame(wide), pl.DataFrame(wide), pa.table(wide)]
    for frame in frames:
        np.testing.assert_array_equal(gs.screen(frame).measures.mean, expected.mean)
    for frame in (
        long,
        pd.DataFrame(long),
        pl.DataFrame(long),
        pa.table({k: list(v) for k, v in long.items()}),
    ):
        screening = gs.screen(frame, value="value", stream="stream")
        assert screening.streams == ("a", "b", "c")
        np.testing.assert_array_equal(screening.measures.signals, expected.signals)
        np.testing.assert_array_equal(screening.measures.mean, expected.mean)


def test_streams_of_any_length_and_in_any_order_keep_apart() -> None:
    lengths = {"x": 50, "y": 7, "z": 120}
    values = {name: noise(seed, rows) for seed, (name, rows) in enumerate(lengths.items())}
    stream = np.concatenate([[name] * rows for name, rows in lengths.items()])
    shuffled = np.argsort(np.random.default_rng(1).random(len(stream)), kind="stable")
    frame = {"s": stream[shuffled], "v": np.concatenate(list(values.values()))[shuffled]}
    screening = gs.screen(frame, value="v", stream="s", rules="nelson")
    for place, name in enumerate(screening.streams):
        alone = gs.control_chart("i-mr", frame["v"][frame["s"] == name], rules="nelson")
        assert screening.measures.signals[place] == alone.violations.flagged("i").sum()


def test_it_is_stored_and_read_back_and_drawn() -> None:
    screening = planted(rules="nelson")
    assert gs.restore(screening.to_dict()) == screening
    assert "<svg" in screening._repr_html_()
    assert len(screening.traces) == 8
    assert "wide" in screening.plot().alt
    assert "not capable" in screening.row("wide")["finding"]
    assert "Ranked by concern" in screening.headline()


def test_a_subgroup_chart_draws_means() -> None:
    trace = gs.screen({"x": noise(1)}, size=5).traces[0]
    np.testing.assert_allclose(trace.points, noise(1).reshape(-1, 5).mean(axis=1))


@pytest.mark.parametrize("specs", [
    {"x": gs.Tolerance.of(6, 14)},
    {"x": (6, 14)},
    {"stream": ["x", "y"], "lsl": ["6", None], "usl": [14.0, None]},
    pd.DataFrame({"stream": ["x"], "lsl": [6.0], "usl": [14.0], "target": [10.0]}),
])  # fmt: skip
def test_specifications_come_in_several_forms(specs: Any) -> None:
    screening = gs.screen({"x": noise(1)}, specs=specs)
    assert (screening.lsl[0], screening.usl[0]) == (6.0, 14.0)


def test_a_natural_bound_is_no_requirement() -> None:
    screening = gs.screen({"x": noise(1)}, specs=gs.Tolerance.of(0, 14, lower_natural=True))
    assert np.isnan(screening.cp[0])
    assert screening.cpk[0] == pytest.approx(
        (14 - screening.measures.mean[0]) / 3 / screening.measures.within[0]
    )


X = {"x": noise(1)}


@pytest.mark.parametrize(("call", "said"), [
    (lambda: gs.screen({"x": [1.0, np.inf]}), "Column 'x', row 2: inf is infinite"),
    (lambda: gs.screen(np.array([[1.0, 2.0], [3.0, -np.inf]])), "Column '1', row 2: -inf is infinite"),
    (lambda: gs.screen({"x": ["a", "b"]}), "no column holds numbers"),
    (lambda: gs.screen({"x": ["a", "b"]}, value=["x"]), "Column 'x', row 1: 'a' is not a number"),
    (lambda: gs.screen({}), "there is no column to screen"),
    (lambda: gs.screen(X, value=["y"]), "there is no column named 'y'"),
    (lambda: gs.screen(np.ones((3, 2)), value=["2"]), "there is no column named '2'"),
    (lambda: gs.screen({"v": [1.0, 2.0], "s": ["a", None]}, value="v", stream="s"), "the stream is missing"),
    (lambda: gs.screen({"v": [], "s": []}, value="v", stream="s"), "there are no rows"),
    (lambda: gs.screen(X, stream="s"), "not one column of values"),
    (lambda: gs.screen(X, size=0), "a subgroup of 0 values is impossible"),
    (lambda: gs.screen(X, chance=0), "a chance of 0 is impossible"),
    (lambda: gs.screen(X, min_cpk=-1), "a wanted Cpk of -1 is impossible"),
    (lambda: gs.screen(X, order="worst"), "there is no order named 'worst'"),
    (lambda: gs.screen(X, specs={"x": (14, 6)}), "Argument specs, column 'x': the lower limit 14"),
    (lambda: gs.screen(X, specs={"x": {"low": 1}}), "there is no limit named 'low'"),
    (lambda: gs.screen(X, specs={"x": "6..14"}), "is no specification"),
    (lambda: gs.screen(X, specs={"stream": [None], "lsl": [1]}), "row 1: the stream is missing"),
    (lambda: gs.screen(X, specs=pd.DataFrame({"name": ["x"]})), "there is no column named 'stream'"),
    (lambda: gs.screen(X, specs={"stream": ["x"], "low": [1]}), "there is no column named 'low'"),
    (lambda: gs.screen(X).findings("y"), "there is no stream named 'y'"),
    (lambda: gs.screen(X).row("y"), "there is no stream named 'y'"),
])  # fmt: skip
def test_bad_input_says_where_and_what_to_do(call: Any, said: str) -> None:
    with pytest.raises(gs.DataError) as refused:
        call()
    assert said.lower() in str(refused.value).lower()


def test_one_specification_is_that_of_all_streams_however_it_is_written() -> None:
    by_tolerance = gs.screen(STREAMS, specs=gs.Tolerance.of(6, 15))
    for written in ((6, 15), {"lsl": 6, "usl": 15}, ("6", "15")):
        assert gs.screen(STREAMS, specs=written).tables() == by_tolerance.tables()
    with pytest.raises(gs.DataError, match="specs"):
        gs.screen(STREAMS, specs=(15, 6))
