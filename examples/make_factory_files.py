"""Write the made-up files of this folder: ``python examples/make_factory_files.py``.

``shaft_line.xlsx`` looks as a factory's workbook looks: title rows, a header in two rows, limits above the
data, decimal commas in text cells, a repeated header, a missing value, one cell that is no number, and a
signature below. Its second sheet and ``data/defects.csv`` are a log of defects. ``data/resin.csv``
holds batches with three characteristics that go together, ``data/small_lots.csv`` short runs of several
parts on one lathe. All numbers are generated with a fixed seed.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

HERE = Path(__file__).parent
CAUSES = {
    "Scratch": (31, 4.0),
    "Burr": (24, 2.5),
    "Diameter too large": (14, 11.0),
    "Porosity": (9, 38.0),
    "Wrong thread": (7, 19.0),
    "Stain": (6, 1.0),
    "Dent": (5, 6.0),
    "Label missing": (4, 0.5),
}
LIMITS = (("Nominal", 12.0, 45.0), ("Upper limit", 12.03, 45.2), ("Lower limit", 11.97, 44.8))

RESIN_SPECS = (
    ("stream", "lsl", "usl", "target"),
    ("solids", "49", "56", "52"),
    ("viscosity", "310", "370", ""),
    ("colour", "", "3.2", "2.3"),
)
ASSEMBLY_LINE = (
    ("step", "units", "defects", "ways"),
    ("press", 500, 5, 4),
    ("weld", 490, 24, 10),
    ("paint", 480, 12, 2),
)


def measured(chance: random.Random) -> list[tuple[datetime, float, float]]:
    """Thirty samples of five shafts: stable, then a tool that wears."""
    start = datetime(2026, 3, 2, 6, 0)
    rows = []
    for number in range(150):
        sample = number // 5
        wear = 0.0016 * max(0, sample - 21)
        diameter = round(chance.gauss(12.0005 + wear, 0.0062), 3)
        rows.append((start + timedelta(minutes=30 * sample), diameter, round(chance.gauss(44.98, 0.045), 2)))
    return rows


def defects(chance: random.Random) -> list[tuple[str, str, str, float]]:
    """One row a defect: day, line, what it was, what it cost."""
    names, weights = list(CAUSES), [frequency for frequency, _ in CAUSES.values()]
    rows = []
    for number in range(180):
        name = chance.choices(names, weights)[0]
        cost = round(CAUSES[name][1] * chance.uniform(0.7, 1.4), 2)
        day = date(2026, 3, 2) + timedelta(days=number // 9)
        rows.append((day.isoformat(), f"Line {chance.randint(1, 3)}", name, cost))
    return rows


def resin(chance: random.Random) -> list[tuple[int, float, float, float]]:
    """Batches: solids drive viscosity and colour; one batch goes against the grain, the last ones drift."""
    rows = []
    for batch in range(1, 61):
        solids = chance.gauss(0.0, 1.0)
        drift = 0.5 if batch > 48 else 0.0
        viscosity = 0.9 * solids + 0.35 * chance.gauss(0.0, 1.0) + drift
        colour = 0.7 * solids + 0.6 * chance.gauss(0.0, 1.0)
        if batch == 23:
            solids, viscosity = 1.6, -1.6
        rows.append(
            (batch, round(52 + 0.8 * solids, 2), round(340 + 9 * viscosity), round(2.4 + 0.3 * colour, 2))
        )
    return rows


def small_lots(chance: random.Random) -> list[tuple[str, float, float]]:
    """Short runs of three parts: the lathe is set a little high from the seventh run on."""
    nominal = {"A": 12.0, "B": 30.0, "C": 8.5}
    rows = []
    for run, part in enumerate("ABCABACBA"):
        for _ in range(5):
            value = chance.gauss(nominal[part] + (0.02 if run > 5 else 0.0), 0.01)
            rows.append((part, nominal[part], round(value, 3)))
    return rows


def control_runs(chance: random.Random) -> list[tuple[int, str, str]]:
    """Two control materials in each of 24 runs; from the 19th on both read too high."""
    bias = [0.0 if run < 19 else 1.6 for run in range(1, 25)]
    return [
        (run, f"{4.9 + 0.11 * (chance.gauss(off, 1)):.2f}", f"{12.1 + 0.25 * (chance.gauss(off, 1)):.2f}")
        for run, off in enumerate(bias, start=1)
    ]


def comma(value: float, decimals: int) -> str:
    """A number as it is typed where the decimal sign is a comma."""
    return f"{value:.{decimals}f}".replace(".", ",")


def write_measurements(sheet: Any, book: Any, rows: list[tuple[datetime, float, float]]) -> None:
    """The sheet as a person would have kept it."""
    bold, clock = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.set_column(0, 3, 18)
    sheet.write(0, 0, "Shaft line 3: record of measurements", bold)
    sheet.write(1, 0, "Part 4711-02, lathe 7, gauge M-118")
    heads, units = ("No.", "Time", "Diameter", "Length"), ("", "", "mm", "mm")
    line = 3
    for texts in (heads, units):
        sheet.write_row(line, 0, texts, bold)
        line += 1
    for name, diameter, length in LIMITS:
        sheet.write_row(line, 0, (name, "", comma(diameter, 3), comma(length, 2)))
        line += 1
    for number, (time, diameter, length) in enumerate(rows, start=1):
        if number == 76:
            line += 1
            sheet.write_row(line, 0, heads, bold)
            line += 1
        sheet.write(line, 0, number)
        sheet.write_datetime(line, 1, time, clock)
        text = {33: "n/a", 90: "12,O04"}.get(number, comma(diameter, 3))
        sheet.write(line, 2, text if number % 2 or number in (33, 90) else diameter)
        sheet.write(line, 3, comma(length, 2))
        line += 1
    sheet.write(line + 1, 0, "Checked: shift leader")


def main() -> None:
    """Write all files."""
    chance = random.Random(2026)  # noqa: S311 (data for an example)
    rows, log = measured(chance), defects(chance)
    heads = ("date", "line", "defect", "cost")
    with xlsxwriter.Workbook(HERE / "shaft_line.xlsx") as book:
        book.set_properties({"created": datetime(2026, 3, 5)})
        write_measurements(book.add_worksheet("Measurements"), book, rows)
        second = book.add_worksheet("Defects")
        for line, cells in enumerate((heads, *log)):
            second.write_row(line, 0, cells)
    write_table("defects", (heads, *log))
    chance = random.Random(2027)  # noqa: S311 (data for an example)
    write_table("resin", (("batch", "solids", "viscosity", "colour"), *resin(chance)))
    write_table("small_lots", (("part", "nominal", "diameter"), *small_lots(chance)))
    write_table("resin_specs", RESIN_SPECS)
    write_table("assembly_line", ASSEMBLY_LINE)
    write_table("control_runs", (("run", "low", "high"), *control_runs(chance)))


def write_table(name: str, rows: Iterable[Sequence[Any]]) -> None:
    """A file of comma-separated values."""
    with (HERE / f"data/{name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
