"""What a reader must not guess: questions with their answers, and notes on what it saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gemba.stats.results import N_, DataError, translator


@dataclass(frozen=True)
class Option:
    """One answer: the value to give, and what it would mean here."""

    answer: str
    meaning: str
    values: Mapping[str, str] = field(default_factory=dict)

    def words(self, language: str | None = None) -> str:
        """The meaning in the reader's language."""
        return translator(language)(self.meaning).format(**self.values)


@dataclass(frozen=True)
class Question:
    """Something the file allows to be read in several ways.

    ``argument`` is the argument of ``read``, ``propose`` or ``Proposal.replace`` that answers it;
    for a question about a column the answer is given for that column. A ``blocking`` question changes
    numbers: without its answer nothing is read.
    """

    code: str
    text: str
    argument: str
    options: tuple[Option, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    column: str = ""
    blocking: bool = True

    def words(self, language: str | None = None) -> str:
        """The question in the reader's language."""
        return translator(language)(self.text).format(column=self.column, **self.values)

    def answers(self, language: str | None = None) -> tuple[str, ...]:
        """Each way to answer with its meaning: ``decimal={'Weight': ','} (1,234 is 1.234)``."""
        return tuple(f"{self._call(option)} ({option.words(language)})" for option in self.options)

    def _call(self, option: Option) -> str:
        answer = option.answer if self.argument in _NUMBERS else repr(option.answer)
        return (
            f"{self.argument}={{{self.column!r}: {answer}}}" if self.column else f"{self.argument}={answer}"
        )


_NUMBERS = frozenset(["header_row", "first_row", "last_row", "size", "fill_down"])


@dataclass(frozen=True)
class Note:
    """Something the reader saw or did that a person should know."""

    code: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)

    def words(self, language: str | None = None) -> str:
        """The note in the reader's language."""
        return translator(language)(self.text).format(**self.values)


class OpenQuestions(DataError):
    """The file can be read in several ways that give other numbers; nothing is read until that is said."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__(
            N_("the file can be read in several ways"), mend=N_("Answer the questions"), argument="source"
        )

    def sentence(self, language: str | None = None) -> str:
        """Every question with the ways to answer it."""
        t = translator(language)
        joiner = t(N_(" or "))
        said = [
            t(N_("{question} Say {answers}.")).format(
                question=question.words(language), answers=joiner.join(question.answers(language))
            )
            for question in self.questions
        ]
        return " ".join(said)


def ask_delimiter() -> Question:
    """Every line is ``10,12``: two columns, or one of decimal commas."""
    return Question(
        "delimiter",
        N_("Every line has the form 10,12, which may be two columns or one number."),
        "delimiter",
        (
            Option(",", N_("two columns, separated by the comma")),
            Option("", N_("one column with decimal commas")),
        ),
    )


def ask_decimal(column: str, example: str) -> Question:
    """A column whose commas or points may be decimal signs or thousands marks."""
    return Question(
        "decimal",
        N_("Column '{column}' has {example}, and it is not sure which mark is the decimal sign."),
        "decimal",
        (
            Option(",", N_("the comma is the decimal sign")),
            Option(".", N_("the point is the decimal sign")),
            Option(".,", N_("both are decimal signs")),
        ),
        {"example": repr(example)},
        column,
    )


def ask_dates(column: str, example: str, orders: Sequence[str]) -> Question:
    """Dates that several orders of day and month allow; until answered they stay text as typed."""
    meanings = {
        "dmy": N_("day, month, year"),
        "mdy": N_("month, day, year"),
        "ymd": N_("year, month, day"),
    }
    return Question(
        "dates",
        N_("Column '{column}' has dates such as {example}, whose order is not sure; they stay text."),
        "dates",
        tuple(Option(order, meanings[order]) for order in orders),
        {"example": example},
        column,
        blocking=False,
    )


def ask_tables(rows: Sequence[int]) -> Question:
    """Several tables stand on the sheet."""
    return Question(
        "tables",
        N_("There are {count} tables on the sheet, each with its own headings."),
        "header_row",
        tuple(
            Option(str(row), N_("the table with headings in row {row}"), {"row": str(row)}) for row in rows
        ),
        {"count": str(len(rows))},
    )


def ask_heading(row: int) -> Question:
    """The first row is 1, 2, 3, ...: headings or data."""
    return Question(
        "heading",
        N_("Row {row} holds 1, 2, 3, ..., which may be headings or data."),
        "header_row",
        (Option(str(row), N_("headings")), Option("0", N_("data: there are no headings"))),
        {"row": str(row)},
    )


def ask_turned() -> Question:
    """The rows may be subgroups or, on the paper form turned on its side, readings."""
    return Question(
        "turned",
        N_("It is not sure whether a subgroup is a row or a column of this table."),
        "layout",
        (
            Option("wide", N_("each row is a subgroup")),
            Option("turned", N_("each column is a subgroup, rows are its readings")),
        ),
    )


def ask_report() -> Question:
    """Every row is another characteristic."""
    return Question(
        "report",
        N_("Each row has its own nominal and limits, so it is another characteristic, not a reading of one."),
        "layout",
        (Option("plain", N_("give the columns as they are")),),
    )


def ask_characteristic(column: str, names: Sequence[str]) -> Question:
    """Values of several characteristics stand in one column."""
    return Question(
        "characteristic",
        N_("The values of {count} characteristics stand in one column, named in '{by}'."),
        "characteristic",
        (
            *(Option(name, N_("only the values of {name}"), {"name": name}) for name in names[:12]),
            Option("*", N_("all of them, as plain columns")),
        ),
        {"count": str(len(names)), "by": column},
    )


def ask_limits(example: str) -> Question:
    """Upper and lower may be limits or allowances from the nominal."""
    return Question(
        "limits",
        N_("Upper and lower ({example}) may be limits or allowances from the nominal."),
        "limits",
        (
            Option("limits", N_("they are limits")),
            Option("allowances", N_("they are added to the nominal")),
        ),
        {"example": example},
    )


def ask_returning(column: str, label: str, *, new: int, join: int) -> Question:
    """An id of a subgroup returns after others."""
    return Question(
        "returning",
        N_("In '{by}' the id {label} returns after other ids."),
        "returning",
        (
            Option("new", N_("each change starts a new subgroup: {count}"), {"count": str(new)}),
            Option("join", N_("the same id is the same subgroup: {count}"), {"count": str(join)}),
        ),
        {"by": column, "label": repr(label)},
        blocking=False,
    )


def ask_size() -> Question:
    """One column of values and nothing that makes subgroups."""
    return Question(
        "size",
        N_("Nothing in the file says how the values make subgroups."),
        "size",
        (
            Option("1", N_("individual values")),
            Option("5", N_("every five rows are a subgroup, or any other size")),
        ),
        blocking=False,
    )


def ask_fill(column: str) -> Question:
    """Ids of subgroups stand only in the first row of each."""
    return Question(
        "fill",
        N_("'{by}' is blank in some rows."),
        "fill_down",
        (
            Option("True", N_("a blank repeats the id above it")),
            Option("False", N_("a blank is a missing id")),
        ),
        {"by": column},
        blocking=False,
    )


def ask_totals(above: int, last: int) -> Question:
    """The last row equals the sums or means of the rows above and has no label."""
    return Question(
        "totals",
        N_("Row {row} stands apart and equals the sums or means of the rows above it."),
        "last_row",
        (
            Option(str(above), N_("it is a total and is left out")),
            Option(str(last), N_("it is data")),
        ),
        {"row": str(last)},
    )


def ask_strange(row: int, word: str, *, data: int) -> Question:
    """A row beside the specification begins with a word that nobody knows, unlike the rows below it."""
    return Question(
        "strange",
        N_("Row {row} begins with {word} and stands beside the specification; it may be a limit or data."),
        "first_row",
        (
            Option(
                str(data), N_("it is no data and is left out; data begin in row {row}"), {"row": str(data)}
            ),
            Option(str(row), N_("it is data")),
        ),
        {"row": str(row), "word": repr(word)},
    )


def ask_sheet(chosen: str, others: Sequence[str]) -> Question:
    """Several sheets hold tables."""
    return Question(
        "sheet",
        N_("Sheet {chosen} is read; {others} hold numbers too."),
        "sheet",
        tuple(Option(name, N_("read this sheet")) for name in (chosen, *others)),
        {"chosen": repr(chosen), "others": ", ".join(map(repr, others))},
        blocking=False,
    )
