"""A proposal: how a file would be read, for a person to see, correct and save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self, TypedDict, Unpack

from gemba.stats.readers.layouts import LAYOUTS, ROLES, Layout, Role
from gemba.stats.readers.questions import Note, Question
from gemba.stats.results import N_, Column, DataError, Result, Table, UnknownName, translator


class Corrections(TypedDict, total=False):
    """What a person may say about a file; everything that is not said is proposed.

    encoding, delimiter
        How the text is written; the delimiter ``""`` means one column.
    sheet
        The sheet of a workbook.
    header_row, first_row, last_row
        Lines or sheet rows; ``header_row=0`` says that there are no headings.
    layout
        One of ``LAYOUTS``.
    columns
        The only columns to read; the others are left out and cannot refuse a row.
    roles, units, dates
        Column -> role, unit, order of dates (``"dmy"``, ``"mdy"``, ``"ymd"``).
    decimal
        The decimal sign ``"."``, ``","`` or ``".,"`` (both) of all columns, or column -> sign.
    subgroup, size, returning, fill_down
        How rows make subgroups.
    missing
        Further signs for a missing value, such as ``("ND",)``.
    qualified
        What ``<0.05`` becomes: ``"refuse"`` its row, ``"missing"``, or its ``"bound"``.
    characteristic
        Which characteristic of a long table to read; ``"*"`` reads all as plain columns.
    limits
        Whether upper and lower are ``"limits"`` or ``"allowances"`` from the nominal.
    """

    encoding: str
    delimiter: str
    sheet: str
    header_row: int
    first_row: int
    last_row: int
    layout: str
    columns: Sequence[str]
    roles: Mapping[str, str]
    units: Mapping[str, str]
    dates: str | Mapping[str, str]
    decimal: str | Mapping[str, str]
    subgroup: str
    size: int
    returning: str
    fill_down: bool
    missing: Sequence[str]
    qualified: str
    characteristic: str
    limits: str


@dataclass(frozen=True)
class Choices:
    """The corrections in one form; ``None`` or empty = propose. ``headings`` is what a profile expects."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    first_row: int | None = None
    last_row: int | None = None
    layout: str | None = None
    columns: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    decimal: Mapping[str, str] = field(default_factory=dict)
    subgroup: str | None = None
    size: int | None = None
    returning: str | None = None
    fill_down: bool | None = None
    missing: tuple[str, ...] = ()
    qualified: str = "refuse"
    characteristic: str | None = None
    limits: str | None = None
    headings: tuple[str, ...] = ()

    def with_corrections(self, corrections: Corrections) -> Choices:
        """These choices with further ones; a mapping adds to what was said of other columns."""
        values: dict[str, Any] = {name: getattr(self, name) for name in _FIELDS}
        for name, value in corrections.items():
            if name not in _FIELDS:
                raise UnknownName(name, sorted(_FIELDS - {"headings"}), what=N_("correction"))
            values[name] = _merged(name, values[name], value)
        chosen = Choices(**values)
        chosen._check()
        return chosen

    def _check(self) -> None:
        _one_of(self.layout, LAYOUTS, "layout", N_("layout"))
        _one_of(self.returning, ("new", "join"), "returning", N_("answer"))
        _one_of(self.qualified, ("refuse", "missing", "bound"), "qualified", N_("answer"))
        _one_of(self.limits, ("limits", "allowances"), "limits", N_("answer"))
        for role in self.roles.values():
            _one_of(role, ROLES, "roles", N_("role"))
        for sign in self.decimal.values():
            _one_of(sign, (".", ",", ".,"), "decimal", N_("decimal sign"))
        for order in self.dates.values():
            _one_of(order, ("dmy", "mdy", "ymd"), "dates", N_("order of dates"))

    def of_column(self, table: str, name: str, heading: str) -> str | None:
        """What was said of a column by its name or heading, else of all columns."""
        said: Mapping[str, str] = getattr(self, table)
        return said.get(name, said.get(heading, said.get("")))


_FIELDS = frozenset(Choices.__dataclass_fields__)
ALL_COLUMNS = ""
"""The key under which a mapping of choices keeps what holds for every column."""


def _merged(name: str, before: Any, value: Any) -> Any:
    if name in ("roles", "units", "dates", "decimal"):
        return {**before, **({ALL_COLUMNS: value} if isinstance(value, str) else dict(value))}
    if name in ("columns", "missing", "headings"):
        return (value,) if isinstance(value, str) else tuple(value)
    return value


def _one_of(value: str | None, known: Sequence[str], argument: str, what: str) -> None:
    if value is not None and value not in known:
        raise UnknownName(value, known, what=what, argument=argument)


@dataclass(frozen=True)
class ColumnPlan:
    """How one column would be read. ``decimal`` is blank while its sign is not sure."""

    index: int
    letter: str
    name: str
    heading: str
    role: Role
    unit: str = ""
    decimal: str = ""
    dates: str = ""


@dataclass(frozen=True)
class SpecPlan:
    """A row that states nominal, lower or upper values."""

    row: int
    side: str
    sense: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Proposal(Result):
    """How a file would be read: print it, correct it with ``replace``, keep it with ``save``.

    ``source``, ``sha256`` and ``kind`` say which bytes were looked at; ``encoding`` and ``delimiter`` how a
    text is written; ``sheet`` which of the ``sheets`` of a workbook is read. ``header_rows``, ``unit_row``,
    ``spec_rows``, ``first_row`` and ``last_row`` are lines of a text or rows of the sheet, from 1.
    ``layout`` is one of ``LAYOUTS``, and ``scores`` says how well each fits (0 to 1). ``columns`` hold name,
    role, unit and decimal sign; ``subgroup``, ``size`` and ``returning`` say how rows make subgroups.
    ``questions`` list what could be read in several ways: a blocking one changes numbers, and ``read``
    refuses until it is answered. ``notes`` say what was seen, ``choices`` what was said before. ``preview``
    shows the first rows as they are, which stand at ``preview_rows``; ``draft`` keeps the opened file for
    ``replace`` and ``read``, and is not stored.
    """

    NAME: ClassVar[str] = "reading-proposal"

    source: str
    sha256: str
    kind: str
    layout: Layout
    columns: tuple[ColumnPlan, ...]
    first_row: int
    last_row: int
    choices: Choices
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_rows: tuple[int, ...] = ()
    unit_row: int | None = None
    spec_rows: tuple[SpecPlan, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    subgroup: str = ""
    size: int | None = None
    returning: str | None = None
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()
    preview: tuple[tuple[str, ...], ...] = ()
    preview_rows: tuple[int, ...] = ()
    draft: Any = field(init=False, default=None, repr=False)

    @property
    def blocking(self) -> tuple[Question, ...]:
        """The questions without whose answers nothing is read."""
        return tuple(question for question in self.questions if question.blocking)

    def column(self, name: str) -> ColumnPlan:
        """A column by its name, its heading or its letter."""
        return find_column(self.columns, name, argument="column")

    def replace(self, **corrections: Unpack[Corrections]) -> Proposal:
        """The proposal with corrections: everything that follows from them is proposed anew.

        Raises
        ------
        UnknownName
            For a correction, layout, role or column that does not exist.
        DataError
            When the proposal was restored from JSON and has no file: give it to ``read`` as ``profile``.
        """
        if self.draft is None:
            raise DataError(
                N_("this proposal was restored and has no file to look at again"),
                mend=N_("Give it to propose() or read() as profile, with the corrections there"),
                argument="profile",
            )
        from gemba.stats.readers.proposing import propose_opened

        return propose_opened(self.draft.opened, self.choices.with_corrections(corrections))

    def profile(self) -> Choices:
        """The choices with which the next file of this kind is read without questions."""
        return Choices(
            **{
                **{name: getattr(self.choices, name) for name in _FIELDS},
                "encoding": self.choices.encoding or (self.encoding if self.encoding != "utf-16" else None),
                "delimiter": self.delimiter if self.kind == "text" else None,
                "layout": self.layout,
                "roles": {column.heading or column.name: column.role for column in self.columns},
                "decimal": {c.heading or c.name: c.decimal for c in self.columns if c.decimal},
                "dates": {c.heading or c.name: c.dates for c in self.columns if c.dates},
                "units": {c.heading or c.name: c.unit for c in self.columns if c.unit},
                "subgroup": self.subgroup or None,
                "size": self.size,
                "returning": self.returning,
                "headings": tuple(column.heading for column in self.columns if column.heading),
            }
        )

    @classmethod
    def load(cls, path: str | Path, *, argument: str = "profile") -> Self:
        """A profile that ``save`` wrote; give it to ``read(..., profile=path)``."""
        return super().load(path, argument=argument)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        said = t(N_("{source}: {layout}; headings in row {header}, data in rows {first} to {last}.")).format(
            source=self.source or t(N_("the data")),
            layout=t(LAYOUT_WORDS[self.layout]),
            header=", ".join(map(str, self.header_rows)) or "–",
            first=self.first_row,
            last=self.last_row,
        )
        lines = [said]
        for question in self.questions:
            mark = t(N_("Question:")) if question.blocking else t(N_("Open:"))
            lines.append(f"{mark} {question.words(language)}")
            lines += [f"    {answer}" for answer in question.answers(language)]
        return "\n".join(lines + [note.words(language) for note in self.notes])

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        columns = Table.build(
            t(N_("Columns")),
            [
                Column("column", t(N_("column")), align="left"),
                Column("name", t(N_("name")), align="left"),
                Column("role", t(N_("role")), align="left"),
                Column("unit", t(N_("unit")), align="left"),
                Column("decimal", t(N_("decimal sign")), align="left"),
            ],
            [(c.letter, c.name, t(ROLE_WORDS[c.role]), c.unit, c.decimal) for c in self.columns],
        )
        letters = [c.letter for c in self.columns]
        shown = [c.index for c in self.columns]
        rows = [
            (number, t(self._part(number)), *(row[index] if index < len(row) else "" for index in shown))
            for number, row in zip(self.preview_rows, self.preview, strict=True)
        ]
        heads = [
            Column("row", t(N_("row"))),
            Column("part", t(N_("read as")), align="left"),
            *(Column(letter, letter) for letter in letters),
        ]
        return columns, Table.build(t(N_("First rows")), heads, rows)

    def _part(self, number: int) -> str:
        if number in self.header_rows:
            return N_("headings")
        if number == self.unit_row:
            return N_("units")
        if any(spec.row == number for spec in self.spec_rows):
            return N_("specification")
        return N_("data") if self.first_row <= number <= self.last_row else N_("left out")

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        lines = [
            t(N_("Read as {kind}, SHA-256 {digest}.")).format(kind=self.kind, digest=self.sha256),
            t(
                N_(
                    "Numbers are read with the stated decimal sign, never by the machine's settings; the "
                    "text as typed is kept. A cell that states no number refuses its row, with the reason. "
                    "<0.05 and ND are refused too, unless qualified= or missing= say otherwise; -, n/a and "
                    "* are missing values."
                )
            ),
        ]
        fits = ", ".join(
            f"{name} {score:g}" for name, score in sorted(self.scores.items(), key=lambda x: -x[1])
        )
        lines.append(t(N_("How well each layout fits: {fits}.")).format(fits=fits))
        return "\n".join(lines)


LAYOUT_WORDS: dict[str, str] = {
    "stacked": N_("one column of values in time order"),
    "wide": N_("one row per subgroup"),
    "grouped": N_("values in one column, subgroups named in another"),
    "turned": N_("one column per subgroup (the paper form)"),
    "parts": N_("one row per part, one column per characteristic"),
    "long": N_("one row per value, characteristics named in a column"),
    "counts": N_("counts with the number inspected"),
    "report": N_("an inspection report, one row per characteristic"),
    "plain": N_("plain columns"),
}
ROLE_WORDS: dict[str, str] = {
    "value": N_("value"),
    "subgroup": N_("subgroup"),
    "label": N_("label"),
    "time": N_("time"),
    "ignore": N_("left out"),
}


def find_column(columns: Sequence[ColumnPlan], name: str, *, argument: str) -> ColumnPlan:
    """A column by its name, heading or letter, in that order.

    Raises
    ------
    UnknownName
        With the nearest name.
    """
    for field_name in ("name", "heading", "letter"):
        for column in columns:
            if getattr(column, field_name) == name:
                return column
    raise UnknownName(name, [column.name for column in columns], what=N_("column"), argument=argument)
