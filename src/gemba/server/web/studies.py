"""A result of the statistics on a page: what it says, its tables as people read numbers, what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from gemba.server.web.numbers import shown_number
from gemba.stats import DataError, Result, StatsError, Table
from gemba.stats.capability import ConventionComparison
from gemba.stats.results import N_, translator

LONGEST = 12
"""A longer table is folded."""
Answer: TypeAlias = Result | str
"""A study, or why there is none."""


def tried(study: Callable[[], Result | None]) -> Answer:
    """The study, or what the statistics say against it; empty where there is nothing to say."""
    try:
        return study() or ""
    except DataError as error:
        error.argument = None  # a page has no arguments
        return str(error)
    except StatsError as error:
        return str(error)


def plain(answer: Answer) -> dict[str, Any]:
    """For the JSON twin."""
    if isinstance(answer, str):
        return {"why": answer}
    tables = [table.to_dict() for table in answer.tables()]
    return {"said": answer.headline(), "tables": tables, "explained": answer.explain()}


def in_words(answer: Answer, *, whole: bool = False) -> dict[str, Any]:
    """For a page; of two conventions the figures that agree are folded, for they say nothing.

    So are long tables and the third and further ones, unless the ``whole`` is wanted at once.
    """
    if isinstance(answer, str):
        return {"why": answer}
    tables = [
        (table, not whole and (place > 1 or len(table.rows) > LONGEST))
        for place, table in enumerate(answer.tables())
    ]
    if isinstance(answer, ConventionComparison):
        differing, alike = _parted(answer)
        tables = [(differing, False), (alike, True)]
    shown = [_table(table, folded=folded) for table, folded in tables if table.rows]
    return {"said": answer.headline(), "explained": answer.explain(), "tables": shown}


def _parted(answer: ConventionComparison) -> tuple[Table, Table]:
    """The figures that differ, and those that do not."""
    whole = answer.tables()[0]
    rows: dict[bool, list[Any]] = {True: [], False: []}
    for line, row in zip(answer.lines, whole.rows, strict=True):
        rows[line.why == "same"].append(row)
    title = translator(None)(N_("What both say alike"))
    return Table.build(whole.title, whole.columns, rows[False]), Table.build(title, whole.columns, rows[True])


def _table(table: Table, *, folded: bool) -> dict[str, Any]:
    return {
        "title": table.title,
        "folded": folded,
        "columns": [{"label": column.label, "num": column.align == "right"} for column in table.columns],
        "rows": [
            [
                {"text": shown_number(cell), "label": column.label, "num": column.align == "right"}
                for column, cell in zip(table.columns, row, strict=True)
            ]
            for row in table.shown()
        ],
        "notes": table.notes,
    }
