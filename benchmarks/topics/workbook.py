"""A workbook of 100,000 rows to a judged chart, beside other ways to read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from harness import CACHE, Line, Sheet, median_seconds
from topics.process import process

from gemba import stats as gs

ROWS = 100_000


def sheets() -> list[Sheet]:
    path = workbook()
    chart = to_chart(path)
    with_pandas = gs.control_chart("xbar-r", pd.read_excel(path), value="diameter", subgroup="sample")
    assert chart.limits.to_dict() == with_pandas.limits.to_dict()
    ours = median_seconds(lambda: to_chart(path), repeats=3)
    lines = [
        Line("gemba: read, then chart with 8 rules", ours, ours),
        Line("bytes of the file", median_seconds(path.read_bytes), ours),
    ]
    for engine in ("calamine", "openpyxl"):
        seconds = median_seconds(
            lambda engine=engine: pd.read_excel(path, engine=engine), repeats=3, warm=False
        )
        lines.append(Line(f"pandas with {engine}: read only", seconds, ours, "same limits"))
    return [Sheet(f"Workbook of {ROWS:,} rows and 6 columns to a chart", 2.0, tuple(lines))]


def to_chart(path: Path) -> Any:
    reading = gs.read(path)
    return gs.control_chart("xbar-r", reading.frame(), value="diameter", subgroup="sample", rules=gs.NELSON)


def workbook() -> Path:
    """The workbook, written once."""
    import xlsxwriter

    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"parts-{ROWS}.xlsx"
    if not path.exists():
        values = process(ROWS)
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet("Parts")
        sheet.write_row(0, 0, ["sample", "diameter", "length", "machine", "operator", "shift"])
        for row, value in enumerate(values.round(4).tolist()):
            cells = [row // 5 + 1, value, round(20 + value, 3), f"M{row % 3 + 1}", "Ada", row // 800 % 3 + 1]
            sheet.write_row(row + 1, 0, cells)
        book.close()
    return path
