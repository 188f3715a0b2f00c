"""From bytes to the cells of a delimited text: encoding, delimiter, quotes, lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gemba.stats.readers.grid import FlatGrid, Grid, pad_rows
from gemba.stats.readers.guard import Limits, check_text
from gemba.stats.readers.numbers import weigh_number
from gemba.stats.results import N_, DataError, sealed

Delimiter = Literal[";", "\t", ",", "|", " ", ""]
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NEW_LINES = re.compile(r"\r\n?|\n")
_SEP_LINE = re.compile(r"sep=(?P<mark>[;,|\t])[ \t]*(?:\r\n?|\n)", re.IGNORECASE)
_SAMPLE, _SAMPLE_LETTERS, _SAMPLE_WIDTH = 200, 1_000_000, 100_000


@dataclass(frozen=True)
class Dialect:
    """How a text is written, and how sure that is."""

    encoding: str
    delimiter: str
    has_sep_line: bool = False
    is_comma_ambiguous: bool = False


def decode_text(data: bytes, encoding: str | None) -> tuple[str, str]:
    """The text and the encoding it was read with.

    A byte order mark decides; else UTF-16 is known by its zeros, UTF-8 by its strict form, and what is
    neither is taken as code page 1252.

    Raises
    ------
    DataError
        When the bytes are no text in that encoding, naming the line.
    """
    chosen = encoding or _find_encoding(data)
    try:
        return data.decode(chosen), chosen
    except LookupError as error:
        raise DataError(
            N_("there is no encoding named {value}"),
            mend=N_("Say for example encoding='utf-8', 'cp1252' or 'utf-16'"),
            argument="encoding",
            value=encoding,
        ) from error
    except UnicodeDecodeError as error:
        raise DataError(
            N_("line {line} is not written in the encoding {value}")
            if encoding
            else N_("line {line} is not written in any encoding that is tried (UTF-8, code page 1252)"),
            mend=N_("Give the one of the program that wrote it, for example encoding='cp1250' or 'utf-16'"),
            argument="encoding" if encoding else "source",
            value=chosen,
            line=data[: error.start].count(b"\n") + 1,
        ) from error


def _find_encoding(data: bytes) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:65536]
    if head.count(0) > len(head) // 5:
        return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def split_cells(text: str, encoding: str, delimiter: str | None, limits: Limits) -> tuple[Grid, Dialect]:
    """The cells of a text with the line of each row, and the dialect it was read in."""
    text = text.lstrip("\ufeff")
    match = _SEP_LINE.match(text)
    if match:
        text = text[match.end() :]
    lines = _NEW_LINES.split(text) if "\r" in text else text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    stated = delimiter if delimiter is not None else (match["mark"] if match else None)
    mark, ambiguous = (stated, False) if stated is not None else find_delimiter(lines)
    skipped = 1 if match else 0
    dialect = Dialect(encoding, mark, match is not None, ambiguous)
    return _make_grid(lines, mark, skipped, limits), dialect


def _make_grid(lines: list[str], mark: str, skipped: int, limits: Limits) -> Grid:
    quoted = any('"' in line for line in lines)
    if not quoted or mark == " ":
        check_text(len(lines), max((_width(line, mark) for line in lines), default=1), limits)
    if mark == " ":
        rows = [line.split() or [""] for line in lines]
        return Grid(pad_rows(rows), first_row=1 + skipped, is_text=True)
    if not quoted:
        fields = {_width(line, mark) for line in lines}
        if len(fields) == 1:
            flat = mark.join(lines).split(mark) if mark else lines
            return FlatGrid((), first_row=1 + skipped, is_text=True, flat=flat, across=fields.pop())
        rows = [line.split(mark) for line in lines]
        return Grid(pad_rows(rows), first_row=1 + skipped, is_text=True)
    reader = csv.reader([line + "\n" for line in lines], delimiter=mark or "\x1f", strict=True)
    rows, starts, before, widest = [], [], 0, 1
    limit = csv.field_size_limit(2**31 - 1)
    try:
        for row in reader:
            rows.append(row or [""])
            starts.append(before + 1 + skipped)
            before, widest = reader.line_num, max(widest, len(row))
            check_text(len(rows), widest, limits)
    except csv.Error as error:
        raise DataError(
            N_("the quotes in line {value} do not close"),
            mend=N_("Close them; a quote inside a quoted text is written twice"),
            argument="source",
            value=before + 1 + skipped,
        ) from error
    finally:
        csv.field_size_limit(limit)
    return Grid(pad_rows(rows), numbers=sealed(np.array(starts, dtype=np.int64)), is_text=True)


def _width(line: str, mark: str) -> int:
    if mark == " ":
        return len(line.split())
    return line.count(mark) + 1 if mark else 1


def find_delimiter(lines: list[str]) -> tuple[Delimiter, bool]:
    """The mark between fields, and whether a comma may as well be the decimal sign."""
    widest = max(map(len, lines[:_SAMPLE]), default=0)
    enough = max(20, min(_SAMPLE, _SAMPLE_LETTERS // (widest + 1)))
    sample = [line[:_SAMPLE_WIDTH] for line in lines[:enough] if line.strip()]
    scored = [(_score(sample, mark), mark) for mark in ("\t", ";", "|", ",")]
    best, mark = max(scored, key=lambda item: item[0])
    if mark == "," and best > 0 and _is_decimal_column(sample):
        return "", False
    if mark == "," and best > 0:
        return ",", all(re.fullmatch(r"\s*[+-]?[0-9]+,[0-9]+\s*", line) for line in sample)
    if best > 0:
        return mark, False  # type: ignore[return-value]
    return (" ", False) if _is_spaced(sample) else ("", False)


def _score(sample: list[str], mark: str) -> float:
    """The share of rows with the usual number of fields, weighted by how many fields are clean."""
    rows = [row for row in csv.reader(io.StringIO("\n".join(sample)), delimiter=mark) if row]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    width, count = widths.most_common(1)[0]
    covered = count / len(rows)
    others = {";", "\t", "|"} - {mark}
    fields = [field for row in rows if len(row) == width for field in row if field.strip()]
    clean = sum(1 for field in fields if not any(other in field for other in others))
    preference = {"\t": 1.0, ";": 1.0, "|": 0.9, ",": 0.7}[mark]
    return covered * preference * (clean / max(len(fields), 1)) ** 2 if covered >= 0.5 else 0.0


def _is_decimal_column(sample: list[str]) -> bool:
    """One column of decimal commas: the heading has no comma and every line has the form ``10,12``."""
    headed = [line for line in sample if "," not in line]
    values = [line for line in sample if "," in line]
    return bool(headed) and "," not in sample[0] and all(weigh_number(line) for line in values)


def _is_spaced(sample: list[str]) -> bool:
    """Columns set apart by runs of spaces: the same number of at least two fields in most lines."""
    widths = Counter(len(line.split()) for line in sample)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if width < 2 or count < 0.8 * len(sample) or len(sample) < 2:
        return False
    numeric = [weigh_number(part) is not None for line in sample for part in line.split()]
    grouped = all(weigh_number(line) for line in sample)
    return not grouped and sum(numeric) >= 0.5 * len(numeric)
