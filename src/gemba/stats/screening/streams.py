"""From a frame to batches of streams, each in time order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextvars import copy_context
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from gemba.stats.data import Frame, column_names, get_numbers
from gemba.stats.data.frames import NotNumbers, get_raw_labels, iter_numbers
from gemba.stats.kernels import fast
from gemba.stats.results import N_, DataError, Floats, Ints

T = TypeVar("T")
R = TypeVar("R")
BATCH = 1 << 18
"""Values in a batch: they stay in the processor's cache. A longer stream is a batch by itself."""


class Batch(NamedTuple):
    """Streams one after the other: stream ``i`` is ``values[starts[i]:starts[i + 1]]``, NaN where missing."""

    names: list[str]
    values: Floats
    starts: Ints

    @property
    def lengths(self) -> Ints:
        """How many rows each stream has."""
        lengths: Ints = np.diff(self.starts)
        return lengths


class Streams(Protocol):
    """Where streams come from; every stream comes once, whole."""

    skipped: tuple[str, ...]
    """Columns that hold no numbers."""
    values: int
    """How many values there are, nearly."""

    def batches(self) -> Iterator[Batch]:
        """All streams, in their order."""

    def of(self, names: Sequence[str]) -> dict[str, Floats]:
        """The values of some streams."""


class Gathered:
    """Streams on their way into batches of about ``BATCH`` values."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._parts: list[Floats] = []
        self._size = 0

    def add(self, name: str, values: Floats) -> Iterator[Batch]:
        """Take a stream; give the batch that is full without it."""
        if self._size and self._size + len(values) > BATCH:
            yield from self.rest()
        self._names.append(name)
        self._parts.append(values)
        self._size += len(values)

    def add_all(self, batch: Batch, first: int, stop: int) -> Iterator[Batch]:
        """Take whole streams that lie together, without a copy."""
        yield from self.rest()
        most = BATCH * (2 if fast() else 1)  # the compiled loops take a stream at a time and need less room
        while first < stop:
            full = int(np.searchsorted(batch.starts, batch.starts[first] + most, side="right")) - 1
            last = min(max(full, first + 1), stop)
            starts = batch.starts[first : last + 1]
            values = batch.values[starts[0] : starts[-1]]
            yield Batch(batch.names[first:last], values, starts - starts[0])
            first = last

    def rest(self) -> Iterator[Batch]:
        """What has not been given yet."""
        if self._names:
            starts = np.concatenate([[0], np.cumsum([len(part) for part in self._parts])]).astype(np.int64)
            values = self._parts[0] if len(self._parts) == 1 else np.concatenate(self._parts)
            yield Batch(self._names, values, starts)
        self._names, self._parts, self._size = [], [], 0


class WideStreams:
    """Each column of a frame is a stream."""

    def __init__(self, frame: Frame, value: Sequence[str] | None) -> None:
        self._frame, self._asked = frame, value
        self._names = list(value) if value is not None else column_names(frame)
        self.skipped: tuple[str, ...] = ()
        self.values = 0
        if not self._names:
            raise DataError(
                N_("there is no column to screen"),
                mend=N_("Give a frame with columns of numbers"),
                argument="frame" if value is None else "value",
            )
        if isinstance(frame, np.ndarray):
            self.values = frame.size
        else:
            first = frame[next(iter(frame))] if isinstance(frame, Mapping) else frame
            self.values = len(self._names) * (len(first) if hasattr(first, "__len__") else 0)

    def batches(self) -> Iterator[Batch]:
        """Every column of numbers; one that was not asked for and holds none is left out."""
        if isinstance(self._frame, np.ndarray) and self._frame.ndim == 2 and self._frame.dtype.kind in "fiu":
            yield from self._of_matrix(self._frame)
            return
        gathered, skipped = Gathered(), []
        for name, values in iter_numbers(self._frame, self._names, argument="value"):
            if isinstance(values, NotNumbers):
                if self._asked is not None:
                    raise values.error
                skipped.append(name)
                continue
            yield from gathered.add(name, values)
        self.skipped = tuple(skipped)
        yield from gathered.rest()

    def _of_matrix(self, matrix: Any) -> Iterator[Batch]:
        """Columns of an array, turned over a few at a time so that each is read in one go."""
        every = column_names(matrix)
        places = {name: place for place, name in enumerate(every)}
        picked = None if self._asked is None else [places[name] for name in _known(self._names, every)]
        names = self._names if picked is not None else every
        rows = len(matrix)
        width = max(1, BATCH // max(rows, 1))
        for first in range(0, len(names), width):
            here = slice(first, first + width) if picked is None else picked[first : first + width]
            turned = np.array(matrix[:, here].T, dtype=np.float64, order="C")
            refuse_infinite(turned.reshape(-1), names[first : first + width], rows)
            starts = rows * np.arange(len(turned) + 1, dtype=np.int64)
            yield Batch(names[first : first + width], turned.reshape(-1), starts)

    def of(self, names: Sequence[str]) -> dict[str, Floats]:
        """Some columns, again."""
        return {name: get_numbers(self._frame, name, argument="value") for name in names}


class LongStreams:
    """One column of values, and one that says to which stream each belongs."""

    skipped: tuple[str, ...] = ()

    def __init__(self, frame: Frame, value: str, stream: str) -> None:
        self._values = get_numbers(frame, value, argument="value")
        self.values = len(self._values)
        labels = get_raw_labels(frame, stream, argument="stream")
        self._order, self._starts, self._names = in_runs(labels, stream)

    def batches(self) -> Iterator[Batch]:
        """Streams in the order in which they first appear."""
        gathered = Gathered()
        for place, name in enumerate(self._names):
            yield from gathered.add(name, self._one(place))
        yield from gathered.rest()

    def of(self, names: Sequence[str]) -> dict[str, Floats]:
        """Some streams, again."""
        places = {name: place for place, name in enumerate(self._names)}
        return {name: self._one(places[name]) for name in names}

    def _one(self, place: int) -> Floats:
        rows = slice(int(self._starts[place]), int(self._starts[place + 1]))
        values: Floats = self._values[rows if self._order is None else self._order[rows]]
        return values


def ahead(pool: Executor, work: Callable[[T], R], items: Iterable[T], most: int) -> Iterator[R]:
    """The answers in the order of the items, with at most so many begun before they are asked for."""
    waiting: deque[Future[R]] = deque()
    for item in items:
        waiting.append(pool.submit(copy_context().run, work, item))
        if len(waiting) > most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def in_runs(labels: Any, column: str) -> tuple[Ints | None, Ints, list[str]]:
    """The order of the rows (None: as they are), where each stream starts, and its name."""
    if not len(labels):
        raise DataError(N_("there are no rows"), mend=N_("Check that this is the right file"), column=column)
    if isinstance(labels, tuple):
        if None in labels:
            raise DataError(
                N_("the stream is missing"),
                mend=N_("Fill it in, or leave out the row"),
                column=column,
                row=labels.index(None) + 1,
            )
        numbers: dict[object, int] = {label: code for code, label in enumerate(dict.fromkeys(labels))}
        codes = np.fromiter((numbers[label] for label in labels), dtype=np.int64, count=len(labels))
        names = list(numbers)
    else:
        changes = np.flatnonzero(np.append(True, labels[1:] != labels[:-1]))
        heads_of = labels[changes].tolist()
        if len(set(heads_of)) == len(heads_of):
            return None, np.append(changes, len(labels)), [str(head) for head in heads_of]
        known, heads, inverse = np.unique(labels, return_index=True, return_inverse=True)
        order = np.argsort(heads)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        codes, names = place[inverse], known[order].tolist()
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(names)))]).astype(np.int64)
    sorted_already = bool((np.diff(codes) >= 0).all())
    return None if sorted_already else np.argsort(codes, kind="stable"), starts, [str(name) for name in names]


def refuse_infinite(values: Floats, names: Sequence[str], rows: int) -> None:
    """Refuse an infinite value among streams of so many rows each."""
    if np.isfinite(values.sum()) or not np.isinf(values).any():
        return
    place = int(np.flatnonzero(np.isinf(values))[0])
    raise DataError(
        N_("{value} is infinite"),
        mend=N_("Correct the value, or leave it empty if it is missing"),
        column=names[place // rows],
        row=place % rows + 1,
        value=float(values[place]),
    )


def _known(names: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    from gemba.stats.results import UnknownName

    there = set(known)
    for name in names:
        if name not in there:
            raise UnknownName(name, known, what=N_("column"), argument="value")
    return names
