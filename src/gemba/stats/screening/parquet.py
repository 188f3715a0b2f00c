"""Streams from Parquet files, row group by row group: the files need not fit into memory."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gemba.stats.results import N_, DataError, Floats, Ints, UnknownName, require
from gemba.stats.screening.streams import Batch, Gathered, ahead, in_runs

BUDGET = 1 << 24
"""Values held at once where the streams are mixed in the files: 128 MB."""


_END = Batch([], np.zeros(0), np.zeros(1, dtype=np.int64))


class Piece(NamedTuple):
    """A row group: its file, its number there, its first row, and the least and greatest name of a stream."""

    path: str
    number: int
    row: int
    rows: int
    least: Any
    greatest: Any


def is_files(given: Any) -> bool:
    """Whether the argument names files instead of being a frame."""
    several = (
        isinstance(given, list | tuple) and bool(given) and all(isinstance(g, str | Path) for g in given)
    )
    return isinstance(given, str | Path) or several


class ParquetStreams:
    """A column of values and one of streams, or each column a stream, in any number of files.

    Files are taken in the order of their names, rows as they stand. Where the streams are sorted, which the
    files tell themselves, each row group is read once; else the streams are taken a few at a time.
    """

    skipped: tuple[str, ...] = ()

    def __init__(self, files: Any, value: Any, stream: str | None, workers: int) -> None:
        self._library = require("pyarrow.parquet", extra="files", purpose=N_("Reading a Parquet file"))
        self._arrow = require("pyarrow", extra="files", purpose=N_("Reading a Parquet file"))
        self._metadata: dict[str, Any] = {}
        self._found: dict[Piece, tuple[list[Any], Ints]] = {}
        self._workers, self._stream = workers, stream
        paths = _paths(files)
        for path in paths:
            self._metadata[path] = self._open(path)
        known = list(self._metadata[paths[0]].schema.to_arrow_schema().names)
        self._value = self._columns(value, known)
        self._pieces = [piece for path in paths for piece in self._row_groups(path) if piece.rows]
        rows = sum(piece.rows for piece in self._pieces)
        self.values = rows * (1 if stream is not None else len(self._value))
        if not rows:
            raise DataError(
                N_("there are no rows"), mend=N_("Check that this is the right file"), argument="frame"
            )

    def _open(self, path: str) -> Any:
        try:
            return self._library.ParquetFile(path).metadata
        except (self._arrow.ArrowException, OSError) as error:
            raise DataError(
                N_("{value} is no Parquet file, or is damaged or cut off"),
                mend=N_("Copy or export it again; other kinds of files are read by gs.read()"),
                argument="frame",
                value=path,
            ) from error

    def _columns(self, value: Any, known: Sequence[str]) -> list[str]:
        """The columns of values that were asked for, or all that hold numbers."""
        asked = [value] if isinstance(value, str) else list(value or ())
        if self._stream is not None and len(asked) != 1:
            raise DataError(
                N_("the column of streams is named, and not one column of values"),
                mend=N_("Give value too, or leave out stream where each column is a stream"),
                argument="value",
            )
        for path, metadata in self._metadata.items():
            there = metadata.schema.to_arrow_schema().names
            for name, argument in (*((one, "value") for one in asked), (self._stream, "stream")):
                if name is not None and name not in there:
                    raise UnknownName(name, there, what=N_("column"), argument=argument).at(place=path)
        if asked:
            return asked
        schema = next(iter(self._metadata.values())).schema.to_arrow_schema()
        numbers = [name for name in known if _is_number(self._arrow, schema.field(name).type)]
        self.skipped = tuple(name for name in known if name not in numbers)
        return numbers

    def _row_groups(self, path: str) -> Iterator[Piece]:
        metadata, row = self._metadata[path], 0
        names = [metadata.schema.column(place).path for place in range(metadata.num_columns)]
        place = names.index(self._stream) if self._stream in names else None
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            told = None if place is None else group.column(place).statistics
            least, greatest = (told.min, told.max) if told is not None and told.has_min_max else (None, None)
            yield Piece(path, number, row, group.num_rows, least, greatest)
            row += group.num_rows

    def batches(self) -> Iterator[Batch]:
        """All streams, each whole."""
        if self._stream is None:
            yield from self._wide()
        elif self._sorted:
            yield from self._in_order()
        else:
            yield from self._mixed()

    @property
    def _sorted(self) -> bool:
        """Whether no row group reaches back behind the one before."""
        pairs = [(piece.least, piece.greatest) for piece in self._pieces]
        if any(least is None for least, _ in pairs):
            return False
        return all(before[1] <= after[0] for before, after in pairwise(pairs))

    def _in_order(self) -> Iterator[Batch]:
        """Streams of sorted files: all but the last of a row group are whole, that one may go on."""
        held: list[Floats] = []
        gathered = Gathered()
        with ThreadPoolExecutor(self._workers) as pool:
            read = ahead(pool, self._sorted_runs, self._pieces, 2 * self._workers)
            for batch, following in pairwise(chain(read, [_END])):
                goes_on = following.names[:1] == batch.names[-1:]
                first, last = 0, len(batch.names) - goes_on
                if held and last:
                    whole = np.concatenate([*held, batch.values[: batch.starts[1]]])
                    yield from gathered.add(batch.names[0], whole)
                    first, held = 1, []
                yield from gathered.add_all(batch, first, last)
                if goes_on:
                    held.append(batch.values[batch.starts[last] :])
        yield from gathered.rest()

    def _sorted_runs(self, piece: Piece) -> Batch:
        names, values, starts = self._runs(piece)
        order = sorted(range(len(names)), key=names.__getitem__)
        if order != list(range(len(names))):
            parts = [values[starts[place] : starts[place + 1]] for place in order]
            starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
            names, values = [names[place] for place in order], np.concatenate(parts)
        return Batch([str(name) for name in names], values, starts)

    def _mixed(self) -> Iterator[Batch]:
        """Streams in the order in which they first appear, a budget of values at a time."""
        counts: dict[Any, int] = {}
        homes: list[set[Any]] = []
        for piece in self._pieces:
            labels, _, starts = self._runs(piece, values=False)
            homes.append(set(labels))
            for name, rows in zip(labels, np.diff(starts).tolist(), strict=True):
                counts[name] = counts.get(name, 0) + rows
        for wanted in _within_budget(counts):
            found = self._parts(wanted, homes)
            gathered = Gathered()
            for name in wanted:
                yield from gathered.add(str(name), np.concatenate(found[name]))
            yield from gathered.rest()

    def _parts(self, wanted: Sequence[Any], homes: Sequence[set[Any]]) -> dict[Any, list[Floats]]:
        """The values of some streams, piece by piece."""
        found: dict[Any, list[Floats]] = {name: [] for name in wanted}
        for piece, home in zip(self._pieces, homes, strict=True):
            if home.isdisjoint(found):
                continue
            names, values, starts = self._runs(piece)
            for place, name in enumerate(names):
                if name in found:
                    found[name].append(values[starts[place] : starts[place + 1]].copy())
        return found

    def _runs(self, piece: Piece, *, values: bool = True) -> tuple[list[Any], Floats, Ints]:
        """The streams of a row group with their values, each in its order."""
        assert self._stream is not None  # noqa: S101 (only long data have runs)
        wanted = [self._stream, *self._value] if values else [self._stream]
        table = self._read(piece, wanted)
        labels = _labels(table.column(self._stream), self._arrow)
        gone = np.flatnonzero(labels.missing)
        if gone.size:
            raise DataError(
                N_("the stream is missing"),
                mend=N_("Fill it in, or leave out the row"),
                column=self._stream,
                row=piece.row + int(gone[0]) + 1,
                place=piece.path,
            )
        order, starts, places = in_runs(labels.codes, self._stream)
        names = [labels.names[int(place)] for place in places]
        if order is None:
            self._found[piece] = names, starts
        numbers = self._numbers(table, self._value[0], piece) if values else np.zeros(0)
        return names, numbers if order is None or not values else numbers[order], starts

    def _read(self, piece: Piece, columns: Sequence[str]) -> Any:
        try:
            file = self._library.ParquetFile(piece.path, metadata=self._metadata[piece.path])
            return file.read_row_group(piece.number, columns=list(columns), use_threads=False)
        except (self._arrow.ArrowException, OSError) as error:
            raise DataError(
                N_("{value} is no Parquet file, or is damaged or cut off"),
                mend=N_("Copy or export it again; other kinds of files are read by gs.read()"),
                argument="frame",
                value=piece.path,
            ) from error

    def _numbers(self, table: Any, name: str, piece: Piece) -> Floats:
        column = table.column(name)
        if not _is_number(self._arrow, column.type):
            raise DataError(
                N_("the column holds {value}, not numbers"),
                mend=N_("Name the column of measurements"),
                column=name,
                value=str(column.type),
            )
        values: Floats = column.cast(self._arrow.float64(), safe=False).to_numpy(zero_copy_only=False)
        if not np.isfinite(values.sum()) and np.isinf(values).any():
            row = int(np.flatnonzero(np.isinf(values))[0])
            raise DataError(
                N_("{value} is infinite"),
                mend=N_("Correct the value, or leave it empty if it is missing"),
                column=name,
                row=piece.row + row + 1,
                place=piece.path,
                value=float(values[row]),
            )
        return values

    def _wide(self) -> Iterator[Batch]:
        """Columns as streams, as many at a time as the budget holds."""
        rows = sum(piece.rows for piece in self._pieces)
        width = max(1, BUDGET // rows)
        gathered = Gathered()
        for first in range(0, len(self._value), width):
            names = self._value[first : first + width]
            for name, values in self._columns_of(names).items():
                yield from gathered.add(name, values)
            yield from gathered.rest()

    def _columns_of(self, names: Sequence[str]) -> dict[str, Floats]:
        parts: dict[str, list[Floats]] = {name: [] for name in names}
        for piece in self._pieces:
            table = self._read(piece, names)
            for name in names:
                parts[name].append(self._numbers(table, name, piece))
        return {name: np.concatenate(found) for name, found in parts.items()}

    def of(self, names: Sequence[str]) -> dict[str, Floats]:
        """The values of some streams, read again."""
        if self._stream is None:
            return self._columns_of(names)
        pieces = [piece for piece in self._pieces if not self._cannot_hold(piece, names)]
        found: dict[str, list[Floats]] = {name: [] for name in names}
        with ThreadPoolExecutor(self._workers) as pool:
            for parts in ahead(pool, partial(self._of_piece, names=frozenset(names)), pieces, self._workers):
                for name, values in parts:
                    found[name].append(values)
        return {name: np.concatenate(parts) for name, parts in found.items()}

    def _of_piece(self, piece: Piece, names: frozenset[str]) -> list[tuple[str, Floats]]:
        """The values of some streams in a row group; of one whose runs are known only the values are read."""
        if piece in self._found:
            labels, starts = self._found[piece]
            if names.isdisjoint(map(str, labels)):
                return []
            values = self._numbers(self._read(piece, self._value), self._value[0], piece)
        else:
            labels, values, starts = self._runs(piece)
        return [
            (str(label), values[starts[place] : starts[place + 1]].copy())
            for place, label in enumerate(labels)
            if str(label) in names
        ]

    def _cannot_hold(self, piece: Piece, names: Sequence[str]) -> bool:
        """Whether the file says that none of the streams is in a row group."""
        least, greatest = piece.least, piece.greatest
        if not isinstance(least, int | str):
            return False
        wanted: list[Any] = [int(name) for name in names] if isinstance(least, int) else list(names)
        return not any(least <= name <= greatest for name in wanted)


def _within_budget(counts: dict[Any, int]) -> Iterator[list[Any]]:
    wanted: list[Any] = []
    size = 0
    for name, rows in counts.items():
        if wanted and size + rows > BUDGET:
            yield wanted
            wanted, size = [], 0
        wanted.append(name)
        size += rows
    if wanted:
        yield wanted


def _paths(files: Any) -> list[str]:
    """The files that are named, by pattern or by name."""
    found: list[str] = []
    for given in [files] if isinstance(files, str | Path) else files:
        here = sorted(glob.glob(str(given), recursive=True))  # noqa: PTH207 (a pattern may be absolute)
        if not here:
            raise DataError(
                N_("there is no file {value}"),
                mend=N_("Check folder and name; a pattern such as measurements/*.parquet takes several"),
                argument="frame",
                value=str(given),
            )
        found += here
    return list(dict.fromkeys(found))


class _Labels(NamedTuple):
    """The stream of each row as a number, the names of the numbers, and where none is given."""

    codes: Ints
    names: Any
    missing: Any


def _labels(column: Any, arrow: Any) -> _Labels:
    missing = column.is_null().to_numpy() if column.null_count else np.zeros(0, dtype=np.bool_)
    if arrow.types.is_integer(column.type) and not column.null_count:
        return _Labels(column.to_numpy(), _Itself(), missing)
    coded = column if arrow.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = coded.unify_dictionaries().combine_chunks()
    whole = whole.chunk(0) if hasattr(whole, "chunk") else whole
    codes = whole.indices.fill_null(0).to_numpy().astype(np.int64)
    return _Labels(codes, whole.dictionary.to_pylist(), missing)


class _Itself:
    """Numbers that are their own names."""

    def __getitem__(self, code: int) -> int:
        return code


def _is_number(arrow: Any, kind: Any) -> bool:
    types = arrow.types
    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind))
