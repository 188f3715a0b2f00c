"""A reading: the columns of a file with every value's place, and everything that was refused or left out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from gemba.stats.data import Subgroups, Tolerance
from gemba.stats.readers.columns import Fault
from gemba.stats.readers.dates import to_iso
from gemba.stats.readers.grid import show_number, show_place
from gemba.stats.readers.numbers import parse_number, split_number
from gemba.stats.readers.proposal import LAYOUT_WORDS, ROLE_WORDS, Proposal
from gemba.stats.results import (
    N_,
    NN_,
    Column,
    DataError,
    Floats,
    Ints,
    Result,
    Table,
    Translate,
    UnknownName,
    sealed,
    translator,
)
from gemba.stats.results.frames import make_frame

FAULT_WORDS: dict[Fault, str] = {
    "not a number": N_("no number"),
    "qualified": N_("a bound, not a value; say qualified='bound' or 'missing'"),
    "not detected": N_("not detected or not determined; say missing=('ND',) if it is no value"),
    "formula error": N_("the error of a formula"),
    "formula without value": N_("a formula whose result was not stored; open and save the workbook in Excel"),
    "date": N_("a date where a number belongs; Excel may have made it out of a number"),
    "truth value": N_("true or false where a number belongs"),
    "other unit": N_("another unit than the column's"),
    "too large": N_("not finite"),
    "too many fields": N_("more fields than headings"),
}
MEND_WORDS: dict[Fault, str] = {
    "not a number": N_("write the measured number, or leave the cell empty"),
    "qualified": N_("write the measured number, or say what a bound counts as"),
    "not detected": N_("leave the cell empty, or say that this sign is no value"),
    "formula error": N_("mend the formula, or write its value"),
    "formula without value": N_("open and save the workbook in a spreadsheet program"),
    "date": N_("format the cell as a number and type the number again"),
    "truth value": N_("write the measured number"),
    "other unit": N_("write the value in the unit of the column"),
    "too large": N_("write a number that can be measured"),
    "too many fields": N_("put the text that holds the separator in quotation marks"),
}
ASIDE_WORDS: dict[str, str] = {
    "title": N_("title"),
    "headings": N_("headings"),
    "units": N_("units"),
    "specification": N_("specification"),
    "summary": N_("sums, means or ranges"),
    "blank": N_("blank"),
    "repeated headings": N_("repeated headings"),
    "remark": N_("remark"),
    "footer": N_("footer"),
    "other characteristic": N_("another characteristic"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadColumn:
    """One column of the stored rows: ``values`` for numbers, the text as typed for all.

    ``typed`` is ``None`` where every text is the plain form of its value (numbers of a workbook). ``lost``
    are the labels of the refused rows, which keep their place in ``Reading.frame``.
    """

    name: str
    heading: str
    role: str
    unit: str
    decimal: str
    dates: str
    index: int
    values: Floats | None = None
    typed: tuple[str, ...] | None = None
    lost: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every cell as typed; a number of a workbook as the shortest decimal that gives it back."""
        if self.typed is not None:
            return self.typed
        return tuple(map(show_number, [] if self.values is None else self.values.tolist()))

    @property
    def decimals(self) -> tuple[Decimal | None, ...]:
        """Every value as an exact decimal number, ``None`` where there is no value."""
        if self.values is None:
            return (None,) * len(self.texts)
        missing = np.isnan(self.values).tolist()
        return tuple(
            None if gone else self._decimal(text) for text, gone in zip(self.texts, missing, strict=True)
        )

    def _decimal(self, text: str) -> Decimal | None:
        number = parse_number(text, self.decimal)  # type: ignore[arg-type]
        if number is None and self.decimal == ",":
            number = parse_number(text, ".")
        return None if number is None else number.decimal

    @property
    def marks(self) -> dict[int, str]:
        """Row (from 0) -> qualifier of every value typed with one: ``<``, ``>``, ``~``."""
        if self.typed is None:
            return {}
        found = {}
        for row, text in enumerate(self.typed):
            if text[:1] in "<>≤≥~≈" and (parts := split_number(text)) and parts.mark:
                found[row] = parts.mark
        return found

    @property
    def labels(self) -> list[str | None]:
        """The texts as labels: trimmed, dates in ISO form where their order is sure, ``None`` where blank."""
        return self._labels_of(self.texts)

    def _labels_of(self, texts: Sequence[str]) -> list[str | None]:
        stripped = [read_safe_text(text.strip()) or None for text in texts]
        if not self.dates:
            return stripped
        return [text and to_iso(text, self.dates) for text in stripped]  # type: ignore[arg-type]

    def spread(self, stored: Ints, gaps: Ints) -> Floats | list[str | None]:
        """The whole column: numbers with a gap, or labels, where a row was refused."""
        if self.values is not None:
            numbers: Floats = np.full(len(stored) + len(gaps), np.nan)
            numbers[stored] = self.values
            return sealed(numbers)  # type: ignore[no-any-return]
        labels: list[str | None] = [None] * (len(stored) + len(gaps))
        for places, texts in ((stored, self.labels), (gaps, self._labels_of(self.lost))):
            for place, text in zip(places.tolist(), texts, strict=True):
                labels[place] = text
        return labels


@dataclass(frozen=True)
class Refusal:
    """A cell that refused its row: where, what, why; ``cells`` is the whole row as typed."""

    row: int
    place: str
    column: str
    text: str
    fault: Fault
    cells: tuple[str, ...] = ()

    def words(self, language: str | None = None) -> str:
        """The reason in the reader's language."""
        return translator(language)(FAULT_WORDS[self.fault])

    def where(self, language: str | None = None) -> str:
        """The place in the reader's language; a cell of a sheet is called the same in each."""
        kind, _, number = self.place.partition(" ")
        if kind != "line":
            return self.place
        return translator(language)(N_("line {number}")).format(number=number)

    def mend(self, language: str | None = None) -> str:
        """What to do about it in the file."""
        return translator(language)(MEND_WORDS[self.fault])


@dataclass(frozen=True)
class Aside:
    """A row that is no data: what it is, and its first text."""

    row: int
    why: str
    text: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading(Result):
    """What a file gave: ``rows_in = rows_stored + rows_refused``, exactly, and nothing is lost.

    ``source``, ``sha256``, ``kind`` and ``sheet`` say where from, ``layout`` and ``proposal`` how it was
    read. ``columns`` hold the values with the text as typed; ``rows[i]`` is the line (or sheet row) of
    stored row ``i``. ``refused`` has one entry for each cell that states no number; ``set_aside`` has every
    other row that is not data. ``tolerances`` are the specifications that the file states, by column name.
    ``marked_missing`` counts cells with a sign such as ``n/a``, ``stored_as_text`` the numbers that a
    workbook kept as text.
    """

    NAME: ClassVar[str] = "reading"

    source: str
    sha256: str
    kind: str
    layout: str
    sheet: str
    rows_in: int
    rows_stored: int
    rows_refused: int
    columns: tuple[ReadColumn, ...]
    rows: Ints
    refused: tuple[Refusal, ...]
    set_aside: tuple[Aside, ...]
    proposal: Proposal
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    marked_missing: int = 0
    stored_as_text: int = 0

    def column(self, name: str) -> ReadColumn:
        """A column by its name or its heading.

        Raises
        ------
        UnknownName
            With the nearest name.
        """
        for column in self.columns:
            if name in (column.name, column.heading):
                return column
        raise UnknownName(
            name, [column.name for column in self.columns], what=N_("column"), argument="column"
        )

    @property
    def value_names(self) -> tuple[str, ...]:
        """The columns of measured or counted numbers."""
        return tuple(column.name for column in self.columns if column.role == "value")

    @cached_property
    def lines(self) -> Ints:
        """The line (or sheet row) of every row of ``frame()``, stored or refused."""
        gone = {refusal.row for refusal in self.refused}
        lines: Ints = np.array(sorted([*self.rows.tolist(), *gone]), dtype=np.int64) if gone else self.rows
        return sealed(lines)  # type: ignore[no-any-return]

    @cached_property
    def _columns_as_frame(self) -> dict[str, Floats | list[str | None]]:
        if not self.refused:
            return {c.name: c.labels if c.values is None else c.values for c in self.columns}
        stored = np.searchsorted(self.lines, self.rows)
        gaps = np.setdiff1d(np.arange(len(self.lines)), stored)
        return {column.name: column.spread(stored, gaps) for column in self.columns}

    def frame(self) -> dict[str, Floats | list[str | None]]:
        """Column name -> numbers (float64, NaN = missing) or labels: what every chart and study accepts.

        A refused row is a gap: it keeps every later value in its subgroup, and a run does not reach across
        it.
        """
        return dict(self._columns_as_frame)

    def to_frame(self, backend: str | None = None) -> Any:
        """The data as a frame of ``backend``: ``"dict"``, ``"pandas"``, ``"polars"`` or ``"pyarrow"``."""
        return make_frame(self.frame(), backend or self.backend)

    def subgroups(self, value: str | None = None) -> Subgroups:
        """The values as rational subgroups, cut as the layout says.

        Raises
        ------
        DataError
            When the file and the answers do not say how, as ``Subgroups.of`` words it.
        """
        names = self.value_names if value is None else (self.column(value).name,)
        wide = self.layout in ("wide", "turned") and value is None
        by = self.proposal.subgroup or None
        return Subgroups.of(
            self.frame(),
            list(names) if wide else names[0],
            by,
            self.proposal.size if by is None else None,
            returning=self.proposal.returning,  # type: ignore[arg-type]
        )

    def place(self, row: int, column: str) -> str:
        """Where a value of ``frame()`` stands in the file: ``line 14`` or ``Data!C14``; ``row`` from 0."""
        label = self.proposal.column(self.column(column).name).letter
        number, turned = int(self.lines[row]), self.layout == "turned"
        return show_place(number, label, sheet=self.sheet, is_text=self.kind == "text", turned=turned)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        said = t.counted(
            NN_(
                "{source}: {layout}. "
                "{rows_in} row in = {stored} stored + {refused} refused; {aside} left out.",
                "{source}: {layout}. "
                "{rows_in} rows in = {stored} stored + {refused} refused; {aside} left out.",
            ),
            self.rows_in,
        ).format(
            source=self.source or t(N_("the data")),
            layout=t(LAYOUT_WORDS[self.proposal.layout]),
            rows_in=self.rows_in,
            stored=self.rows_stored,
            refused=self.rows_refused,
            aside=len(self.set_aside),
        )
        lines = [said, *(note.words(language) for note in self.proposal.notes)]
        if self.marked_missing:
            words = NN_(
                "{count} cell holds a sign for a missing value.",
                "{count} cells hold a sign for a missing value.",
            )
            lines.append(t.counted(words, self.marked_missing).format(count=self.marked_missing))
        if self.stored_as_text:
            words = NN_("{count} number was stored as text.", "{count} numbers were stored as text.")
            lines.append(t.counted(words, self.stored_as_text).format(count=self.stored_as_text))
        lines += [question.words(language) for question in self.proposal.questions]
        return "\n".join(lines)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        tables = [self.totals(language)]
        if self.refused:
            tables.append(self.refused_table(language))
        if self.tolerances:
            tables.append(self._tolerance_table(language))
        return (*tables, self._aside_table(language))

    def totals(self, language: str | None = None) -> Table:
        """Control totals of every column: count, missing, sum, smallest and largest value."""
        t = translator(language)
        heads = [
            Column("column", t(N_("column")), align="left"),
            Column("role", t(N_("role")), align="left"),
            Column("unit", t(N_("unit")), align="left"),
            Column("count", t(N_("values"))),
            Column("missing", t(N_("missing"))),
            Column("sum", t(N_("sum")), digits=15),
            Column("min", t(N_("smallest")), digits=12),
            Column("max", t(N_("largest")), digits=12),
        ]
        return Table.build(t(N_("Control totals")), heads, [_total(column, t) for column in self.columns])

    def refused_table(self, language: str | None = None) -> Table:
        """Every cell that refused its row: row, place, column, text and reason."""
        t = translator(language)
        heads = [
            Column("row", t(N_("row"))),
            *(
                Column(name, label, align="left")
                for name, label in (
                    ("place", t(N_("place"))),
                    ("column", t(N_("column"))),
                    ("text", t(N_("text"))),
                    ("reason", t(N_("reason"))),
                )
            ),
        ]
        rows = [(r.row, r.where(language), r.column, r.text, r.words(language)) for r in self.refused]
        return Table.build(t(N_("Refused rows")), heads, rows)

    def _tolerance_table(self, language: str | None) -> Table:
        t = translator(language)
        heads = [
            Column("column", t(N_("column")), align="left"),
            Column("lsl", t(N_("lower limit")), digits=12),
            Column("target", t(N_("target")), digits=12),
            Column("usl", t(N_("upper limit")), digits=12),
        ]
        rows = [(name, limit.lsl, limit.target, limit.usl) for name, limit in self.tolerances.items()]
        return Table.build(t(N_("Specifications in the file")), heads, rows)

    def _aside_table(self, language: str | None) -> Table:
        t = translator(language)
        counts = Counter(aside.why for aside in self.set_aside)
        heads = [Column("why", t(N_("rows left out")), align="left"), Column("count", t(N_("rows")))]
        return Table.build("", heads, [(t(ASIDE_WORDS[why]), count) for why, count in counts.items()])

    def explain(self, language: str | None = None) -> str:
        return self.proposal.explain(language)

    def to_csv(self) -> str:
        """The refused rows as CSV, with the reason first and the row as typed after it.

        A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers such as
        ``-0.013`` do not, and ``read`` takes the apostrophe away again.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        width = max((len(refusal.cells) for refusal in self.refused), default=0)
        headings = {column.index: column.heading or column.name for column in self.proposal.columns}
        names = [headings.get(index, f"column {index + 1}") for index in range(width)]
        writer.writerow(["row", "place", "column", "text", "reason", *map(safe_text, names)])
        for r in self.refused:
            cells = [str(r.row), r.where(), r.column, r.text, r.words(), *r.cells]
            writer.writerow([safe_text(cell) for cell in cells])
        return out.getvalue()


def _total(column: ReadColumn, t: Translate) -> tuple[object, ...]:
    role = t(ROLE_WORDS[column.role])
    if column.values is None:
        blank = sum(1 for text in column.texts if not text.strip())
        return column.name, role, column.unit, len(column.texts) - blank, blank, None, None, None
    present = column.values[~np.isnan(column.values)]
    missing = len(column.values) - len(present)
    figures = (present.sum(), present.min(), present.max()) if len(present) else (None, None, None)
    return column.name, role, column.unit, len(present), missing, *figures


_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; a number stays a number.

    Examples
    --------
    >>> safe_text("=1+1"), safe_text("-0.013"), safe_text("-x")
    ("'=1+1", '-0.013', "'-x")
    """
    if not text.startswith(_DANGEROUS) or parse_number(text, ".") or parse_number(text, ","):
        return text
    return "'" + text


def read_safe_text(text: str) -> str:
    """The text without the apostrophe that ``safe_text`` puts in front."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text


def check_balance(reading: Reading) -> None:
    """Refuse a reading whose rows do not add up.

    Raises
    ------
    DataError
        When rows in are not rows stored plus rows refused.
    """
    if (
        reading.rows_in != reading.rows_stored + reading.rows_refused
        or len(reading.rows) != reading.rows_stored
    ):
        raise DataError(
            N_("{value} rows came in, and {stored} stored and {refused} refused do not add up to them"),
            mend=N_("Keep the file and report it: this is a fault of the reader"),
            argument="source",
            value=reading.rows_in,
            stored=reading.rows_stored,
            refused=reading.rows_refused,
        )
