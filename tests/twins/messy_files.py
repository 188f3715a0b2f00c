"""Files as plants write them, each with the table that is really in it.

A seed gives a table (layout, names, exact values) and a way to write it: format, encoding, line ends,
delimiter, decimal sign, titles, units, junk rows, signs for missing values, cells that are no numbers.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from dataclasses import dataclass, field
from decimal import Decimal

Cell = str | Decimal | None


@dataclass
class Truth:
    """What is in the file: name -> value of every row that must be stored, in order."""

    layout: str
    values: dict[str, list[Decimal | None]]
    labels: dict[str, list[str]] = field(default_factory=dict)
    refused: int = 0
    specs: dict[str, tuple[Decimal, Decimal, Decimal]] = field(default_factory=dict)
    decimal: str = "."
    units: dict[str, str] = field(default_factory=dict)


@dataclass
class MessyFile:
    name: str
    data: bytes
    truth: Truth
    story: str


NAMES = (
    "Diameter",
    "Length",
    "Width",
    "Torque",
    "Gewicht",
    "Höhe",
    "Breite",
    "Force",
    "Rundheit",
    "Pressure",
)
UNITS = ("mm", "N", "kg", "°C", "bar", "Nm", "µm")
SUBGROUP = ("Subgroup", "Sample", "Batch", "Lot", "Stichprobe", "Charge", "Untergruppe")
PART = ("Part", "No.", "Teil", "ID", "Serial", "Nr", "#")
TITLES: tuple[list[str], ...] = (
    ["Daily report line 3"],
    ["Messprotokoll Welle 4711"],
    ["Machine:", "Haas 7"],
    ["Date", "2026-03-04"],
    ["Operator: Meyer"],
    ["Acme GmbH"],
    [],
)
MISSING = ("", "-", "n/a", "*", "N/A", "--")
GARBAGE = ("abc", "broken", "see note", "#DIV/0!", "OK", "ND", "<0.05", "?!", "4.5.6")


class Writer:
    """One seed's habits."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (no secrets here)
        pick = self.random.choice
        self.format = pick(("csv", "csv", "csv", "tsv", "txt", "xlsx", "clipboard"))
        self.decimal = pick((".", ",")) if self.format != "xlsx" else "."
        semicolon = self.decimal == "," or self.random.random() < 0.3
        self.delimiter = "\t" if self.format in ("tsv", "clipboard") else (";" if semicolon else ",")
        self.encoding = pick(("utf-8", "utf-8-sig", "utf-16", "cp1252"))
        self.newline = pick(("\n", "\r\n", "\r\n", "\r"))
        self.minus = pick(("-", "-", "−"))
        self.grouping = self.random.random() < 0.3
        self.unit_style = pick(("none", "none", "brackets", "row", "cell"))
        self.as_text = self.random.random() < 0.2

    def show(self, value: Decimal, unit: str = "") -> str:
        """A number in this seed's habits."""
        text = f"{abs(value):f}"
        whole, _, part = text.partition(".")
        if self.grouping and len(whole) > 3:
            mark = {".": ",", ",": "."}[self.decimal]
            if self.delimiter == "," and mark == ",":
                mark = "'"
            groups = []
            while whole:
                groups.append(whole[-3:])
                whole = whole[:-3]
            whole = mark.join(reversed(groups))
        shown = (self.minus if value < 0 else "") + whole + (self.decimal + part if part else "")
        return f"{shown}\u00a0{unit}" if unit and self.unit_style == "cell" else shown


def make_values(writer: Writer, count: int) -> list[Decimal]:
    """Readings of one characteristic."""
    r = writer.random
    base = r.choice((0.2, 3, 10, 74, 250, 1250, 12500, -4))
    digits = r.choice((1, 2, 3, 3, 4))
    spread = abs(base) * r.choice((0.001, 0.01, 0.05)) + 3 * 10.0**-digits
    step = Decimal(1).scaleb(-digits)
    return [Decimal(r.gauss(base, spread)).quantize(step) for _ in range(count)]


def make_table(writer: Writer) -> tuple[list[str], list[list[Cell]], Truth, list[list[Cell]]]:
    """Headings, rows, the truth, and specification rows."""
    r = writer.random
    layout = r.choice(("stacked", "wide", "grouped", "parts"))
    count = r.choice((8, 12, 25, 60))
    if layout == "wide":
        return make_wide(writer, count)
    names = r.sample(NAMES, 1 if layout != "parts" else r.choice((2, 3, 5)))
    columns = {name: make_values(writer, count) for name in names}
    units = {name: r.choice(UNITS) if writer.unit_style != "none" else "" for name in names}
    headings, labels = list(names), {}
    if layout == "grouped":
        by, size = r.choice(SUBGROUP), r.choice((2, 3, 4, 5))
        prefix = r.choice(("", "", "A", "S-"))
        labels[by] = [f"{prefix}{row // size + 1}" for row in range(count)]
        headings.insert(0, by)
    elif layout == "parts" or r.random() < 0.5:
        part = r.choice(PART)
        prefix = r.choice(("", "P", "WZ-"))
        labels[part] = [f"{prefix}{row + 1}" for row in range(count)]
        headings.insert(0, part)
    rows: list[list[Cell]] = [
        [labels[h][row] if h in labels else columns[h][row] for h in headings] for row in range(count)
    ]
    specs, stated = make_specs(writer, headings, columns) if layout == "parts" else ([], {})
    truth = Truth(layout, {n: list(v) for n, v in columns.items()}, labels, 0, stated, writer.decimal, units)
    return headings, rows, truth, specs


def make_wide(writer: Writer, count: int) -> tuple[list[str], list[list[Cell]], Truth, list[list[Cell]]]:
    """One row per subgroup."""
    r = writer.random
    size = r.choice((2, 3, 4, 5, 6))
    stem = r.choice(("X", "x", "Sample ", "Reading ", "M", "Wert ", "x_", ""))
    values = make_values(writer, count * size)
    names = [f"{stem}{index + 1}" for index in range(size)]
    columns: dict[str, list[Decimal | None]] = {
        name: list(values[index::size]) for index, name in enumerate(names)
    }
    by = r.choice(SUBGROUP)
    labels = {by: [str(row + 1) for row in range(count)]}
    headings = [by, *names]
    rows: list[list[Cell]] = [
        [labels[by][row], *(columns[name][row] for name in names)] for row in range(count)
    ]
    if r.random() < 0.3:
        headings += ["Mean", "Range"]
        for row in rows:
            present = [cell for cell in row[1:] if isinstance(cell, Decimal)]
            mean = sum(present, Decimal(0)) / len(present)
            row += [mean.quantize(present[0]), max(present) - min(present)]
    units = dict.fromkeys(names, "")
    return headings, rows, Truth("wide", columns, labels, 0, {}, writer.decimal, units), []


def add_labels(writer: Writer, headings: list[str], rows: list[list[Cell]], truth: Truth) -> None:
    """Columns that stand beside the numbers: who, when, with what result."""
    r = writer.random
    choices: dict[str, list[str]] = {
        "Operator": [r.choice(("Meyer", "Ana", "Li")) for _ in rows],
        "Result": [r.choice(("OK", "OK", "OK", "NG")) for _ in rows],
        "Machine": [f"M{r.randint(1, 3)}" for _ in rows],
        "Date": [f"2026-03-{1 + row // 4 % 28:02d} {row % 24:02d}:15" for row in range(len(rows))],
        "Datum": [f"{1 + row // 4 % 28:02d}.03.2026" for row in range(len(rows))],
        "Serial no": [f"00{row + 17}" for row in range(len(rows))],
        "Remark": ["" if r.random() < 0.9 else "adjusted" for _ in rows],
    }
    for name in r.sample(sorted(choices), r.choice((0, 0, 1, 2))):
        if name in headings:
            continue
        place = r.choice((0, len(headings))) if headings[0] not in truth.labels else len(headings)
        headings.insert(place, name)
        for row, text in zip(rows, choices[name], strict=True):
            row.insert(place, text)
        if name not in ("Datum", "Remark"):
            truth.labels[name] = choices[name]


def make_specs(
    writer: Writer, headings: list[str], columns: dict[str, list[Decimal]]
) -> tuple[list[list[Cell]], dict[str, tuple[Decimal, Decimal, Decimal]]]:
    """Nominal, upper and lower rows, as limits or as allowances."""
    r = writer.random
    if r.random() < 0.3:
        return [], {}
    words, is_limit = r.choice(
        (
            (("Nominal", "USL", "LSL"), True),
            (("Sollwert", "OSG", "USG"), True),
            (("Nominal", "Upper allowance", "Lower allowance"), False),
            (("Nennmaß", "Oberes Abmaß", "Unteres Abmaß"), False),
            (("Target", "Upper limit", "Lower limit"), True),
            (("Nennmaß", "OTG", "UTG"), True),
            (("Soll", "Obere Toleranzgrenze", "Untere Toleranzgrenze"), True),
        )
    )
    stated, rows = {}, []
    for name, values in columns.items():
        nominal = sorted(values)[len(values) // 2]
        width = (max(values) - min(values)) or Decimal(1).scaleb(nominal.as_tuple().exponent)  # type: ignore[arg-type]
        stated[name] = (nominal - width, nominal, nominal + width)
    for word, place in zip(words, (1, 2, 0), strict=True):
        row: list[Cell] = []
        for heading in headings:
            if heading not in stated:
                row.append(word if not row else None)
                continue
            limit = stated[heading][place]
            row.append(limit if is_limit or place == 1 else limit - stated[heading][1])
        rows.append(row)
    return rows, stated


def spoil(writer: Writer, headings: list[str], rows: list[list[Cell]], truth: Truth) -> None:
    """Missing values and cells that are no numbers; refused rows leave the truth."""
    r = writer.random
    names = [name for name in headings if name in truth.values]
    refused = []
    for row, cells in enumerate(rows):
        chance = r.random()
        if row < 3 or chance > 0.08:
            continue
        name = r.choice(names)
        column = headings.index(name)
        if chance < 0.05:
            others = any(cell for place, cell in enumerate(cells) if place != column)
            cells[column] = r.choice(MISSING if others else MISSING[1:])
            truth.values[name][row] = None
        else:
            cells[column] = r.choice(GARBAGE)
            refused.append(row)
    for name, values in truth.values.items():
        truth.values[name] = [value for row, value in enumerate(values) if row not in refused]
    for name, labels in truth.labels.items():
        truth.labels[name] = [label for row, label in enumerate(labels) if row not in refused]
    truth.refused = len(refused)


def lay_out(
    writer: Writer, headings: list[str], rows: list[list[Cell]], truth: Truth, specs: list[list[Cell]]
) -> list[list[Cell]]:
    """The sheet: titles, headings, units, specifications, data with junk, footers."""
    r = writer.random
    heads: list[Cell] = list(headings)
    unit_row: list[list[Cell]] = []
    if writer.unit_style == "brackets":
        heads = [f"{h} ({truth.units[h]})" if truth.units.get(h) else h for h in headings]
    elif writer.unit_style == "row" and any(truth.units.values()):
        unit_row = [[truth.units.get(h, "") or None for h in headings]]
    elif writer.unit_style != "cell":
        truth.units = dict.fromkeys(truth.units, "")
    titles: list[list[Cell]] = [list(r.choice(TITLES)) for _ in range(r.choice((0, 0, 1, 2, 4)))]
    if titles and r.random() < 0.5:
        titles.append([])
    body = break_up(writer, heads, rows)
    footer = end_with(writer, headings, truth)
    above = specs if r.random() < 0.5 else []
    below = [] if above else specs
    return [*titles, *above, heads, *unit_row, *below, *body, *footer]


def break_up(writer: Writer, heads: list[Cell], rows: list[list[Cell]]) -> list[list[Cell]]:
    """The data with blank rows and repeated headings in between."""
    every = writer.random.choice((0, 0, 5, 10))
    repeat = writer.random.choice((0, 0, 0, 20))
    body: list[list[Cell]] = []
    for index, row in enumerate(rows):
        if index and every and index % every == 0:
            body.append([])
        if index and repeat and index % repeat == 0:
            body.append(list(heads))
        body.append(row)
    return body


def end_with(writer: Writer, headings: list[str], truth: Truth) -> list[list[Cell]]:
    """A row of means, a signature, or nothing."""
    r = writer.random
    footer: list[list[Cell]] = []
    if r.random() < 0.3:
        footer = [[], [r.choice(("Signature: Meyer", "checked by QA", "End of report"))]]
    if r.random() < 0.2 and len(headings) > 1 and headings[0] in truth.labels:
        means: list[Cell] = [r.choice(("Mean", "Mittelwert", "Total", "Average"))]
        for name in headings[1:]:
            present = [value for value in truth.values.get(name, []) if value is not None]
            mean = sum(present, Decimal(0)) / max(len(present), 1)
            means.append(mean.quantize(present[0]) if present else None)
        footer.insert(0, means)
    return footer


def write_text(writer: Writer, sheet: list[list[Cell]], truth: Truth) -> bytes:
    lines = []
    units = next(iter(truth.units.values()), "") if len(set(truth.units.values())) == 1 else ""
    for row in sheet:
        cells = [writer.show(c, units) if isinstance(c, Decimal) else (c or "") for c in row]
        if writer.encoding == "cp1252":
            cells = [cell.replace("−", "-") for cell in cells]
        quoted = [f'"{c}"' if writer.delimiter in c or '"' in c else c for c in cells]
        lines.append(writer.delimiter.join(quoted))
    text = writer.newline.join(lines) + writer.newline
    if writer.delimiter == ";" and writer.random.random() < 0.2:
        text = "sep=;" + writer.newline + text
    return text.encode(writer.encoding)


def write_xlsx(writer: Writer, sheet: list[list[Cell]], truth: Truth) -> bytes:
    import xlsxwriter

    units = next(iter(truth.units.values()), "") if len(set(truth.units.values())) == 1 else ""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2026, 1, 2, tzinfo=dt.UTC)})
    page = book.add_worksheet("Data")
    left = writer.random.choice((0, 0, 1))
    for row, cells in enumerate(sheet):
        for column, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                if (writer.unit_style == "cell" and units) or writer.as_text:
                    page.write_string(row, column + left, writer.show(cell, units))
                else:
                    page.write_number(row, column + left, float(cell))
            elif cell:
                number = cell.isdigit() and not writer.as_text and cell[0] != "0"
                page.write_number(row, column + left, int(cell)) if number else page.write_string(
                    row, column + left, cell
                )
    book.close()
    return out.getvalue()


def make_file(seed: int) -> MessyFile:
    """The messy file of a seed."""
    writer = Writer(seed)
    headings, rows, truth, specs = make_table(writer)
    if writer.unit_style == "cell" and len(set(truth.units.values())) != 1:
        writer.unit_style = "none"
    if not specs:
        add_labels(writer, headings, rows, truth)
    spoil(writer, headings, rows, truth)
    sheet = lay_out(writer, headings, rows, truth, specs)
    data = write_xlsx(writer, sheet, truth) if writer.format == "xlsx" else write_text(writer, sheet, truth)
    suffix = {"clipboard": "txt"}.get(writer.format, writer.format)
    habits = (writer.format, repr(writer.delimiter), writer.decimal, writer.encoding, writer.unit_style)
    story = " ".join((truth.layout, *habits))
    return MessyFile(f"messy-{seed}.{suffix}", data, truth, story)
