"""Parquet files, sorted or mixed, of one row group or many, say what the frame says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gemba import stats as gs
from gemba.stats.screening import parquet

STREAMS, ROWS = 12, 150
VALUES = np.random.default_rng(7).normal(10.0, 1.0, STREAMS * ROWS)
VALUES[5::97] = np.nan
NUMBERS = np.repeat(np.arange(STREAMS), ROWS)
NAMES = np.array([f"T{number:02}" for number in NUMBERS])
MIXED = np.argsort(np.arange(STREAMS * ROWS) % ROWS, kind="stable")
LONG: dict[str, Any] = {"value": "value", "stream": "stream", "rules": "nelson"}


def table(stream: Any, order: Any = slice(None)) -> pa.Table:
    numbers = pa.array(VALUES[order], from_pandas=True)
    return pa.table({"stream": stream[order], "value": numbers})


def expected(stream: Any) -> gs.Screening:
    return gs.screen({"stream": stream, "value": VALUES}, **LONG)


def same(screening: gs.Screening, wanted: gs.Screening) -> None:
    assert screening.streams == wanted.streams
    np.testing.assert_array_equal(screening.measures.signals, wanted.measures.signals)
    np.testing.assert_array_equal(screening.measures.missing, wanted.measures.missing)
    np.testing.assert_allclose(screening.measures.mean, wanted.measures.mean, rtol=1e-12)
    assert screening.worst() == wanted.worst()
    for one, other in zip(screening.traces, wanted.traces, strict=True):
        np.testing.assert_array_equal(one.points, other.points)


@pytest.mark.parametrize("stream", [NUMBERS, NAMES], ids=["numbers", "names"])
@pytest.mark.parametrize("group", [37, 150, 700, 10_000])
def test_sorted_files_are_read_once_whatever_their_row_groups(
    tmp_path: Path, stream: Any, group: int
) -> None:
    whole, cut = table(stream), 7 * ROWS + 40
    pq.write_table(whole.slice(0, 0), tmp_path / "0.parquet")
    pq.write_table(whole.slice(0, cut), tmp_path / "a.parquet", row_group_size=group)
    pq.write_table(whole.slice(cut), tmp_path / "b.parquet", row_group_size=group)
    same(gs.screen(str(tmp_path / "*.parquet"), workers=2, **LONG), expected(stream))
    same(gs.screen([tmp_path / "a.parquet", tmp_path / "b.parquet"], workers=1, **LONG), expected(stream))


@pytest.mark.parametrize("coded", [False, True])
def test_mixed_files_are_read_a_few_streams_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coded: bool
) -> None:
    monkeypatch.setattr(parquet, "BUDGET", 4 * ROWS)
    mixed = table(NAMES, MIXED)
    if coded:
        mixed = mixed.set_column(0, "stream", mixed.column("stream").dictionary_encode())
    pq.write_table(mixed, tmp_path / "mixed.parquet", row_group_size=211)
    same(gs.screen(tmp_path / "mixed.parquet", **LONG), expected(NAMES))


def test_each_column_of_a_wide_file_is_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BUDGET", 5 * ROWS)
    columns = {
        f"T{i:02}": pa.array(VALUES[i * ROWS : (i + 1) * ROWS], from_pandas=True) for i in range(STREAMS)
    }
    pq.write_table(pa.table(columns | {"note": ["x"] * ROWS}), tmp_path / "wide.parquet", row_group_size=44)
    screening = gs.screen(tmp_path / "wide.parquet", rules="nelson")
    same(screening, expected(NAMES))
    assert screening.skipped == ("note",)
    chosen = gs.screen(tmp_path / "wide.parquet", value=["T03", "T01"])
    assert chosen.streams == ("T03", "T01")


def test_unsorted_rows_within_a_row_group_stay_in_their_order(tmp_path: Path) -> None:
    pq.write_table(table(NUMBERS, MIXED), tmp_path / "one.parquet")
    same(gs.screen(tmp_path / "one.parquet", **LONG), expected(NUMBERS))


def write(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(("columns", "asked", "said"), [
    ({"v": [1.0, np.inf], "s": ["a", "a"]}, {"value": "v", "stream": "s"}, "Column 'v', row 2"),
    ({"v": [1.0, 2.0], "s": ["a", None]}, {"value": "v", "stream": "s"}, "the stream is missing"),
    ({"v": ["x", "y"], "s": ["a", "a"]}, {"value": "v", "stream": "s"}, "holds 'string', not numbers"),
    ({"v": ["x", "y"]}, {"value": "v"}, "holds 'string', not numbers"),
    ({"v": ["x", "y"]}, {}, "no column holds numbers"),
    ({"v": [1.0]}, {"value": "w"}, "there is no column named 'w'"),
    ({"v": [1.0]}, {"value": "v", "stream": "s"}, "there is no column named 's'"),
    ({"v": [1.0], "s": ["a"]}, {"stream": "s"}, "not one column of values"),
    ({"v": pa.array([], pa.float64())}, {}, "there are no rows"),
    ({"v": [1.0]}, {"workers": 0}, "0 threads can do nothing"),
])  # fmt: skip
def test_bad_files_say_what_is_wrong(tmp_path: Path, columns: Any, asked: Any, said: str) -> None:
    with pytest.raises(gs.DataError) as refused:
        gs.screen(write(tmp_path / "x.parquet", **columns), **asked)
    assert said.lower() in str(refused.value).lower()


def test_a_file_that_is_not_there_or_no_parquet_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(gs.DataError, match="there is no file"):
        gs.screen(str(tmp_path / "*.parquet"))
    (tmp_path / "x.parquet").write_text("stream,value\n", encoding="utf-8")
    with pytest.raises(gs.DataError, match="is no Parquet file"):
        gs.screen(tmp_path / "x.parquet")


def test_a_file_that_is_damaged_inside_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(table(NUMBERS), path)
    bytes_of = bytearray(path.read_bytes())
    bytes_of[4:2000] = b"\xff" * 1996
    path.write_bytes(bytes_of)
    with pytest.raises(gs.DataError, match="damaged or cut off"):
        gs.screen(path, **LONG)
