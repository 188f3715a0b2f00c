"""A table of a result: one content, rendered as text, HTML, Markdown or a frame."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gemba.stats.results.frames import make_frame
from gemba.stats.results.words import N_, signed, translator

Cell = float | int | str | bool | None


@dataclass(frozen=True)
class Column:
    """One column: a stable ``name`` for programs, a ``label`` for people, and how numbers are shown.

    ``decimals`` fixes the decimals; without it ``digits`` significant digits are shown.
    """

    name: str
    label: str
    decimals: int | None = None
    digits: int = 6
    align: Literal["left", "right"] = "right"

    def show(self, cell: Cell) -> str:
        """The cell as a person reads it; a missing value is a dash."""
        if cell is None:
            return "–"
        if isinstance(cell, bool | str):
            return str(cell)
        if isinstance(cell, int):
            return str(cell)
        if not math.isfinite(cell):
            return "–" if math.isnan(cell) else ("∞" if cell > 0 else "−∞")
        if self.decimals is not None:
            return signed(f"{cell:.{self.decimals}f}")
        return _significant(cell, self.digits)


@dataclass(frozen=True)
class Table:
    """``rows`` of cells under named ``columns``, with a ``title`` above and ``notes`` below."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def build(
        cls,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Any]],
        notes: Sequence[str] = (),
    ) -> Table:
        """A table from any sequences; NumPy scalars become plain Python values."""
        plain = tuple(tuple(_plain(cell) for cell in row) for row in rows)
        return cls(title, tuple(columns), plain, tuple(notes))

    def first(self, count: int, language: str | None = None) -> Table:
        """The table itself, or its first rows and a note that says how many there are."""
        if len(self.rows) <= count:
            return self
        words = translator(language)(N_("The first {count} of {total} rows."))
        note = words.format(count=f"{count:,}", total=f"{len(self.rows):,}")
        return Table(self.title, self.columns, self.rows[:count], (*self.notes, note))

    def shown(self) -> list[list[str]]:
        """Every cell as text."""
        return [[c.show(cell) for c, cell in zip(self.columns, row, strict=True)] for row in self.rows]

    def to_text(self) -> str:
        """Monospaced text for a console."""
        body = self.shown()
        heads = [column.label for column in self.columns]
        widths = [max([len(head), *(len(row[i]) for row in body)]) for i, head in enumerate(heads)]
        lines = [self.title] if self.title else []
        lines.append("  ".join(self._pad(i, head, widths[i]) for i, head in enumerate(heads)).rstrip())
        lines.append("  ".join("─" * width for width in widths))
        lines += ["  ".join(self._pad(i, c, widths[i]) for i, c in enumerate(row)).rstrip() for row in body]
        return "\n".join(lines + list(self.notes))

    def _pad(self, index: int, text: str, width: int) -> str:
        return text.ljust(width) if self.columns[index].align == "left" else text.rjust(width)

    def to_markdown(self) -> str:
        """A pipe table."""
        heads = " | ".join(_escape_pipe(column.label) for column in self.columns)
        rule = " | ".join(":--" if column.align == "left" else "--:" for column in self.columns)
        body = [" | ".join(_escape_pipe(cell) for cell in row) for row in self.shown()]
        lines = [f"**{self.title}**", ""] if self.title else []
        lines += [f"| {line} |" for line in [heads, rule, *body]]
        return "\n".join(lines + [f"\n{note}" for note in self.notes])

    def to_html(self) -> str:
        """An HTML table without styles of its own; classes ``gemba-table`` and ``num`` are there for CSS."""
        marks = ["" if column.align == "left" else ' class="num"' for column in self.columns]
        parts = ['<table class="gemba-table">']
        if self.title:
            parts.append(f"<caption>{html.escape(self.title)}</caption>")
        heads = (
            f'<th scope="col"{m}>{html.escape(c.label)}</th>'
            for m, c in zip(marks, self.columns, strict=True)
        )
        parts.append(f"<thead><tr>{''.join(heads)}</tr></thead><tbody>")
        for row in self.shown():
            cells = (f"<td{mark}>{html.escape(cell)}</td>" for mark, cell in zip(marks, row, strict=True))
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append("</tbody></table>")
        parts += [f'<p class="gemba-note">{html.escape(note)}</p>' for note in self.notes]
        return "".join(parts)

    def to_dict(self) -> dict[str, list[Cell]]:
        """Column name -> values."""
        return {column.name: [row[i] for row in self.rows] for i, column in enumerate(self.columns)}

    def to_frame(self, backend: str = "dict") -> Any:
        """The table as a frame of ``backend``: ``"dict"``, ``"pandas"``, ``"polars"`` or ``"pyarrow"``."""
        return make_frame(self.to_dict(), backend)


def _significant(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if exponent < -5 or exponent >= 12:
        return signed(f"{value:.{digits - 1}e}")
    text = f"{value:.{max(0, digits - 1 - exponent)}f}"
    return signed(text.rstrip("0").rstrip(".") if "." in text else text)


def _escape_pipe(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _plain(cell: Any) -> Cell:
    plain = cell.item() if hasattr(cell, "item") else cell
    if isinstance(plain, float | int | str | bool) or plain is None:
        return plain
    return str(plain)
