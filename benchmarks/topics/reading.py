"""A workbook and a text of a million lines to columns with places and refusals, beside bare readers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from harness import CACHE, Line, Sheet, median_seconds
from topics.process import process
from topics.workbook import workbook

from gemba import stats as gs

LINES = 1_000_000


def sheets() -> list[Sheet]:
    return [
        beside_pandas("Workbook of 100,000 rows and 6 columns to a reading", workbook(), 1.5),
        beside_pandas(f"CSV of {LINES:,} lines and 3 columns to a reading", text("."), 5.0),
        beside_pandas(f"CSV of {LINES:,} lines with decimal commas to a reading", text(","), 5.0),
    ]


def beside_pandas(work: str, path: Path, limit: float) -> Sheet:
    decimal = "," if "comma" in path.name else "."

    def bare() -> pd.DataFrame:
        if path.suffix == ".xlsx":
            return pd.read_excel(path, engine="calamine")
        return pd.read_csv(path, sep=";" if decimal == "," else ",", decimal=decimal)

    reading = gs.read(path)
    assert reading.rows_refused == 0
    assert (reading.frame()["diameter"] == bare()["diameter"].to_numpy()).all()
    ours = median_seconds(lambda: gs.read(path), repeats=3, warm=False)
    lines = (
        Line("gemba: propose, read, balance", ours, ours),
        Line("bytes of the file", median_seconds(path.read_bytes), ours),
        Line("pandas, told how it is written", median_seconds(bare, repeats=3), ours, "same values"),
    )
    return Sheet(work, limit, lines)


def text(decimal: str) -> Path:
    """The text, written once."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"parts-{LINES}-{'comma' if decimal == ',' else 'point'}.csv"
    if not path.exists():
        mark = ";" if decimal == "," else ","
        values = [f"{value:.4f}".replace(".", decimal) for value in process(LINES).tolist()]
        rows = [f"{row // 5 + 1}{mark}{value}{mark}{value}" for row, value in enumerate(values)]
        heading = mark.join(["sample", "diameter", "length"])
        path.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    return path
