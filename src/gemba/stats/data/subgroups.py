"""Rational subgroups from long, wide or stacked data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from gemba.stats.data.frames import (
    Frame,
    all_finite,
    get_labels,
    get_numbers,
    get_raw_labels,
    get_values,
    to_floats,
)
from gemba.stats.results import N_, DataError, Floats, Ints, sealed, steps_from

Returning = Literal["new", "join"]


@dataclass(frozen=True, eq=False)
class Subgroups:
    """Values in time order, cut into subgroups.

    Subgroup ``i`` is ``values[starts[i]:starts[i + 1]]``; missing values are already taken out, so its size
    is the number of values it really has, and may be zero (the place on the time axis stays).
    ``labels`` name the subgroups. ``rows`` give the row of each value in the data, from 1, and ``heads`` the
    row in which each subgroup begins, both only where they do not follow from the places; ask ``value_rows``
    and ``first_rows``.
    """

    values: Floats
    starts: Ints
    labels: tuple[object, ...] | None = None
    name: str = "value"
    rows: Ints | None = None
    missing: int = 0
    heads: Ints | None = None

    @property
    def first_rows(self) -> Ints:
        """The row, from 1, in which each subgroup begins."""
        if self.heads is not None:
            return self.heads
        return self.starts[:-1] + 1 if self.rows is None else self.rows[self.starts[:-1]]

    @property
    def value_rows(self) -> Ints:
        """The row, from 1, in which each value stands."""
        if self.rows is not None:
            return self.rows
        return np.arange(1, len(self.values) + 1) if self.heads is None else np.repeat(self.heads, self.sizes)

    def part(self, first: int, stop: int) -> Subgroups:
        """The subgroups from ``first`` up to ``stop``, counted from 0."""
        start, end = int(self.starts[first]), int(self.starts[stop])
        return Subgroups(
            self.values[start:end],
            self.starts[first : stop + 1] - start,
            None if self.labels is None else self.labels[first:stop],
            self.name,
            self.value_rows[start:end],
            0,
            self.first_rows[first:stop],
        )

    @property
    def count(self) -> int:
        """Number of subgroups."""
        return len(self.starts) - 1

    @cached_property
    def sizes(self) -> Ints:
        """How many values each subgroup has; one number in memory where that is the same for all."""
        if self.equal_size is not None:
            return np.broadcast_to(np.int64(self.equal_size), self.count)
        sizes: Ints = sealed(self.starts[1:] - self.starts[:-1])
        return sizes

    @cached_property
    def equal_size(self) -> int | None:
        """The one size of all subgroups, or ``None`` when they differ."""
        if self.count == 0:
            return None
        size, rest = divmod(len(self.values), self.count)
        if rest or int(self.starts[1] - self.starts[0]) != size:
            return None
        evenly = self.count == 1 or bool((self.starts[1:] - self.starts[:-1] == size).all())
        return size if evenly else None

    @classmethod
    def of(
        cls,
        frame: Frame,
        value: str | Sequence[str] | None = None,
        subgroup: str | None = None,
        size: int | None = None,
        *,
        returning: Returning | None = None,
        borrow: bool = False,
    ) -> Subgroups:
        """Subgroups from any layout.

        Parameters
        ----------
        frame : Frame
            Long data (one value a row) or wide data (one subgroup a row).
        value : str or list of str, optional
            One column for long data, several for wide data. Not needed for a bare array: two-dimensional is
            wide, one-dimensional is long.
        subgroup : str, optional
            Long data: the column that says to which subgroup a value belongs; wide data: a column of labels.
        size : int, optional
            Long data without such a column: every ``size`` rows in order are one subgroup.
        returning : {"new", "join"}, optional
            What it means when an id returns after other ids: a new subgroup (as Minitab reads it) or more
            values of the old one. Without an answer such data are refused, with both readings counted.
        borrow : bool
            Look into the caller's memory instead of copying it, as ``get_numbers`` does. Only for what is
            used up at once.

        Raises
        ------
        DataError
            When neither subgroup nor size is given, an id is missing, an id returns and nobody said what it
            means, or there is no value at all.

        Examples
        --------
        >>> Subgroups.of([10.1, 10.3, 9.9, 10.0], size=2).sizes
        array([2, 2])
        """
        if value is None and is_wide(frame, value):
            is_matrix = isinstance(frame, np.ndarray)
            return (
                cls._of_wide(_matrix(frame, borrow=borrow), "value", None)
                if is_matrix
                else cls.of_lists(frame)
            )
        if isinstance(value, str) or value is None:
            return cls._of_long(frame, value, subgroup, size, returning, borrow=borrow)
        columns = [get_numbers(frame, name, argument="value") for name in value]
        labels = get_labels(frame, subgroup, argument="subgroup") if subgroup else None
        return cls._of_wide(np.column_stack(columns), ", ".join(value), labels)

    @classmethod
    def of_lists(
        cls, groups: Sequence[Sequence[float | None]], *, labels: Sequence[object] | None = None
    ) -> Subgroups:
        """Subgroups from a list of lists, of any sizes."""
        starts = np.concatenate([[0], np.cumsum([len(group) for group in groups])]).astype(np.int64)
        heads = np.arange(1, len(groups) + 1, dtype=np.int64)
        try:
            flat = to_floats([item for group in groups for item in group], argument="value")
        except DataError as error:
            raise error.at(row=int(np.searchsorted(starts, error.row or 0))) from None
        return _without_missing(flat, starts, None if labels is None else tuple(labels), "value", heads=heads)

    @classmethod
    def _of_wide(cls, matrix: Floats, name: str, labels: tuple[object, ...] | None) -> Subgroups:
        count, width = matrix.shape
        starts, heads = steps_from(0, width, count + 1), steps_from(1, 1, count)
        return _without_missing(matrix.reshape(-1), starts, labels, name, heads=heads, size=width)

    @classmethod
    def _of_long(
        cls,
        frame: Frame,
        value: str | None,
        subgroup: str | None,
        size: int | None,
        returning: Returning | None,
        *,
        borrow: bool,
    ) -> Subgroups:
        values = get_numbers(frame, value, argument="value", borrow=borrow)
        name = value or "value"
        if subgroup is not None:
            ids = get_raw_labels(frame, subgroup, argument="subgroup")
            order, starts, labels = _by_label(ids, subgroup, returning)
            if order is None:
                return _without_missing(values, starts, labels, name)
            return _without_missing(values[order], starts, labels, name, rows=order + 1)
        if size is None:
            raise DataError(
                N_("it is not said how the values make subgroups"),
                mend=N_("Give the subgroup column, or size=5 for every five rows"),
                argument="subgroup",
            )
        if size < 1:
            raise DataError(
                N_("a subgroup of {value} values is impossible"),
                mend=N_("Give a size of at least 1"),
                argument="size",
                value=size,
            )
        starts = np.arange(0, len(values) + size, size, dtype=np.int64)
        starts[-1] = len(values)
        even = None if len(values) % size else size
        return _without_missing(values, starts, None, name, size=even)


def _by_label(
    ids: Any, column: str, returning: Returning | None
) -> tuple[Ints | None, Ints, tuple[object, ...]]:
    """The order of the values (None: as they are), where each subgroup starts, and its label."""
    if isinstance(ids, tuple) and None in ids:
        raise DataError(
            N_("the subgroup is missing"),
            mend=N_("Fill it in, or leave out the row"),
            column=column,
            row=ids.index(None) + 1,
        )
    changes, heads = _changes(ids)
    if len(set(heads)) == len(heads) or returning == "new":
        return None, np.append(changes, len(ids)), tuple(heads)
    if returning is None:
        _refuse_returning(changes.tolist(), heads, column)
    numbers: dict[object, int] = {label: code for code, label in enumerate(dict.fromkeys(heads))}
    run_codes = np.array([numbers[label] for label in heads], dtype=np.int64)
    codes = np.repeat(run_codes, np.diff(np.append(changes, len(ids))))
    order = np.argsort(codes, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=len(numbers)))]).astype(np.int64)
    return order, starts, tuple(numbers)


def _changes(ids: Any) -> tuple[Ints, list[object]]:
    """The places, from 0, where another id begins, and the ids that begin there."""
    if isinstance(ids, np.ndarray):
        changes = np.flatnonzero(np.append(True, ids[1:] != ids[:-1])[: len(ids)])
        return changes, ids[changes].tolist()
    places = [i for i in range(len(ids)) if i == 0 or ids[i] != ids[i - 1]]
    return np.array(places, dtype=np.int64), [ids[i] for i in places]


def is_wide(frame: Frame, value: str | Sequence[str] | None) -> bool:
    """Whether each row is a subgroup: columns are named, or the data are a matrix or a list of lists."""
    if value is not None:
        return not isinstance(value, str)
    if isinstance(frame, np.ndarray):
        return frame.ndim == 2
    first = frame[0] if isinstance(frame, Sequence) and len(frame) else None
    return isinstance(first, Sequence | np.ndarray) and not isinstance(first, str)


def _matrix(frame: Any, *, borrow: bool) -> Floats:
    """Wide data without names: one row a subgroup."""
    values = get_values(frame.reshape(-1), None, argument="value")
    try:
        flat = to_floats(values, argument="value", borrow=borrow)
    except DataError as error:
        raise error.at(row=((error.row or 1) - 1) // frame.shape[1] + 1) from None
    return flat.reshape(frame.shape)


def _refuse_returning(changes: list[int], heads: list[object], column: str) -> None:
    seen: set[object] = set()
    for position, label in zip(changes, heads, strict=True):
        if label in seen:
            raise DataError(
                N_("subgroup {value} returns after other subgroups, which can be read in two ways"),
                mend=N_(
                    "Say returning='new' (each change starts a new subgroup, as in Minitab: {new} subgroups) "
                    "or returning='join' (the same id is the same subgroup: {join} subgroups)"
                ),
                column=column,
                row=position + 1,
                value=label,
                new=len(heads),
                join=len(set(heads)),
            )
        seen.add(label)


def _without_missing(
    values: Floats,
    starts: Ints,
    labels: tuple[object, ...] | None,
    name: str,
    *,
    rows: Ints | None = None,
    heads: Ints | None = None,
    size: int | None = None,
) -> Subgroups:
    """The subgroups without their missing values; ``size`` is that of all of them before, where it is one."""
    whole = Subgroups(
        sealed(np.ascontiguousarray(values)),
        sealed(starts),
        labels,
        name,
        None if rows is None else sealed(rows),
        0,
        None if heads is None else sealed(heads),
    )
    if len(values) and all_finite(values):
        if size is not None:
            vars(whole)["equal_size"] = size
        return whole
    known = ~np.isnan(values)
    missing = len(values) - int(np.count_nonzero(known))
    if missing == len(values):
        raise DataError(
            N_("there are no values"),
            mend=N_("Check that this is the right column"),
            column=name if name != "value" else None,
            argument="value" if name == "value" else None,
        )
    all_rows = whole.value_rows
    heads = all_rows[np.minimum(starts[:-1], len(values) - 1)]
    kept_starts = np.concatenate([[0], np.cumsum(known)])[starts].astype(np.int64)
    kept_rows = sealed(all_rows[known])
    return Subgroups(
        sealed(values[known]), sealed(kept_starts), labels, name, kept_rows, missing, sealed(heads)
    )
