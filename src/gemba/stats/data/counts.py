"""Counts with their denominators: defective items of n inspected, defects in so many units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gemba.stats.data.frames import Frame, get_labels, get_numbers
from gemba.stats.results import N_, DataError, Floats, frozen_array

Nature = Literal["defectives", "defects"]


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts in time order and how much was inspected each time.

    ``counts[i]`` is NaN where a count is missing. ``sizes`` are items for defectives, and inspection units
    (any positive number, such as 1.5 square metres) for defects. ``name`` is the column of the counts,
    ``labels`` name the samples where a column of labels was given.
    """

    counts: Floats
    sizes: Floats
    name: str = "count"
    labels: tuple[object, ...] | None = None

    @classmethod
    def of(
        cls,
        frame: Frame,
        value: str | None = None,
        n: str | float | None = None,
        *,
        nature: Nature,
        label: str | None = None,
    ) -> Counts:
        """Counts from a column and sizes from a column or one number.

        Parameters
        ----------
        frame : Frame
            Where the counts are.
        value : str, optional
            The column of counts; not needed for bare numbers.
        n : str or float, optional
            The column of sizes, or one size for all. Defects may leave it out: one unit each.
        nature : {"defectives", "defects"}
            Defectives are items, at most ``n`` of them; defects are events, as many as there are.
        label : str, optional
            A column that names the samples.

        Raises
        ------
        DataError
            For a negative or broken count, a count above its size, a size that is missing, zero or negative.
        """
        counts = get_numbers(frame, value, argument="value")
        sizes = _sizes(frame, n, len(counts), nature)
        column = value or "value"
        _check_counts(counts, column)
        _check_sizes(counts, sizes, n if isinstance(n, str) else None)
        if nature == "defectives":
            _check_defectives(counts, sizes, column, n if isinstance(n, str) else None)
        labels = get_labels(frame, label, argument="label") if label else None
        return cls(counts, sizes, column, labels)

    def part(self, first: int, stop: int) -> Counts:
        """The samples from ``first`` up to ``stop``, counted from 0."""
        labels = None if self.labels is None else self.labels[first:stop]
        return Counts(self.counts[first:stop], self.sizes[first:stop], self.name, labels)

    @property
    def equal_size(self) -> float | None:
        """The one size of all samples, or ``None`` when they differ."""
        present = self.sizes[~np.isnan(self.counts)]
        return float(present[0]) if len(present) and (present == present[0]).all() else None


def _sizes(frame: Frame, n: str | float | None, length: int, nature: Nature) -> Floats:
    if isinstance(n, str):
        return get_numbers(frame, n, argument="n")
    if n is None and nature == "defectives":
        raise DataError(
            N_("defective items need the number inspected"),
            mend=N_("Give the column of sizes, or one number for all"),
            argument="n",
        )
    if n is not None and not 0 < n < math.inf:
        raise DataError(
            N_("the number inspected is {value}, which is no number above zero"),
            mend=N_("Give one positive number for all samples, or the column of sizes"),
            argument="n",
            value=n,
        )
    return frozen_array(np.full(length, 1.0 if n is None else float(n)))  # type: ignore[no-any-return]


def _check_counts(counts: Floats, column: str) -> None:
    present = ~np.isnan(counts)
    if not present.any():
        raise DataError(
            N_("there are no counts"),
            mend=N_("Check that this is the right column"),
            column=column,
        )
    with np.errstate(invalid="ignore"):
        negative, broken = counts < 0, present & (counts != np.floor(counts))
    _refuse_first(
        negative, counts, column, N_("the count {value} is negative"), N_("Counts start at zero: correct it")
    )
    _refuse_first(
        broken,
        counts,
        column,
        N_("the count {value} is not a whole number"),
        N_("Give counts, not rates: the number of items or defects, with their size in n"),
    )


def _check_sizes(counts: Floats, sizes: Floats, column: str | None) -> None:
    needed = ~np.isnan(counts)
    _refuse_first(
        needed & np.isnan(sizes),
        sizes,
        column,
        N_("the size is missing where a count is given"),
        N_("Give the size, or leave out the count too"),
        argument="n",
    )
    with np.errstate(invalid="ignore"):
        bad = needed & (sizes <= 0)
    _refuse_first(
        bad,
        sizes,
        column,
        N_("the size {value} is not above zero"),
        N_("Leave out samples in which nothing was inspected"),
        argument="n",
    )


def _check_defectives(counts: Floats, sizes: Floats, column: str, size_column: str | None) -> None:
    with np.errstate(invalid="ignore"):
        above = counts > sizes
        broken = ~np.isnan(counts) & (sizes != np.floor(sizes))
    _refuse_first(
        broken,
        sizes,
        size_column,
        N_("the size {value} is not a whole number of items"),
        N_("Correct it, or use a u chart for defects per unit"),
        argument="n",
    )
    if above.any():
        row = int(np.flatnonzero(above)[0])
        raise DataError(
            N_("{value} defective items of {size} inspected is impossible"),
            mend=N_("Correct one of them, or use a u chart if an item can have several defects"),
            column=column,
            row=row + 1,
            value=float(counts[row]),
            size=f"{sizes[row]:g}",
        )


def _refuse_first(
    bad: np.ndarray[tuple[int], np.dtype[np.bool_]],
    values: Floats,
    column: str | None,
    problem: str,
    mend: str,
    argument: str | None = None,
) -> None:
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise DataError(
            problem,
            mend=mend,
            argument=None if column else argument,
            column=column,
            row=row + 1,
            value=float(values[row]),
        )
