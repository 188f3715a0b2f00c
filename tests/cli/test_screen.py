"""``gemba screen``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def test_the_columns_of_a_file_are_screened_against_their_specifications(
    shell: Any, data: Path, tmp_path: Path
) -> None:
    specs = tmp_path / "specs.csv"
    specs.write_text(
        "stream,lsl,usl,target\nsolids,50,55,\nviscosity,300,400,350\nnobody,1,2,\n", encoding="utf-8"
    )
    answer = shell("screen", data / "resin.csv", "--specs", specs)
    assert answer.code == 3
    assert answer.out.startswith("3 streams, 180 values: 1 not capable. Ranked by concern.")
    assert "1 specification names no stream: nobody." in answer.out


def test_a_long_file_is_cut_into_streams(shell: Any, data: Path) -> None:
    answer = shell("screen", data / "furnace.csv", "--value", "thickness", "--stream", "zone", "--json")
    assert answer.json["streams"] == ["1", "2", "3", "4"]


def test_several_parquet_files_are_one(shell: Any, tmp_path: Path) -> None:
    noise = np.random.default_rng(1)
    for name in ("a", "b"):
        frame = pa.table({"tag": [name] * 200, "value": noise.uniform(9, 11, 200)})
        pq.write_table(frame, tmp_path / f"{name}.parquet")
    out = tmp_path / "worst.svg"
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    columns = ["--value", "value", "--stream", "tag", "--order", "name"]
    answer = shell("screen", *files, *columns, "--engine", "numpy", "--out", out)
    assert answer.code == 0
    assert answer.out.startswith("2 streams, 400 values: nothing found. Ranked by name.")
    assert "The worst streams" in out.read_text(encoding="utf-8")


def test_what_is_wrong_is_said_in_options(shell: Any, data: Path) -> None:
    answer = shell("screen", data / "resin.csv", "--order", "worst")
    assert answer.code == 2
    assert "Argument --order: there is no order named 'worst'" in answer.err
