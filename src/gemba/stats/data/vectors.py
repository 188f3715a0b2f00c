"""Several characteristics measured together, one row for each item, single or in subgroups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gemba.stats.data.frames import Frame, all_finite, column_names, get_labels, get_numbers
from gemba.stats.data.subgroups import Returning, Subgroups
from gemba.stats.results import N_, Bools, DataError, Floats, Ints, sealed, unfilled


@dataclass(frozen=True, eq=False)
class Vectors:
    """Rows of values in time order, a column for each variable.

    A row with a value missing is NaN as a whole: it says nothing of how the variables go together. ``groups``
    cut the rows into subgroups; its values are row numbers, from 0.
    """

    rows: Floats
    names: tuple[str, ...]
    groups: Subgroups | None = None

    @classmethod
    def of(
        cls,
        frame: Frame,
        value: Sequence[str] | None = None,
        subgroup: str | None = None,
        size: int | None = None,
        *,
        returning: Returning | None = None,
    ) -> Vectors:
        """Rows from columns of a frame, or from a bare matrix.

        Parameters
        ----------
        frame : Frame
            Where the numbers are.
        value : sequence of str, optional
            The columns; not needed for a matrix or a list of rows.
        subgroup, size, returning
            As in ``Subgroups.of``, which row belongs to which subgroup; without both each row is a point.

        Raises
        ------
        DataError
            When there are fewer than two variables, text or infinity among the values, or no whole row.

        Examples
        --------
        >>> Vectors.of([[1.0, 2.0], [1.5, None], [2.0, 1.0]]).rows
        array([[ 1.,  2.],
               [nan, nan],
               [ 2.,  1.]])
        """
        matrix = frame if type(frame) is np.ndarray and value is None else None
        frame, names = _named(frame, value)
        if len(names) < 2:
            raise DataError(
                N_("several variables are needed, and there is {value}"),
                mend=N_("Name the column of each variable, or use a chart of one variable"),
                argument="value",
                value=len(names),
            )
        rows = _rows(frame, names, matrix)
        whole = np.broadcast_to(np.True_, len(rows)) if all_finite(rows) else ~np.isnan(rows).any(axis=1)
        if not whole.any():
            raise DataError(
                N_("there is no row in which every variable has a value"),
                mend=N_("Give more data, or leave out the variable that is missing"),
                argument="value",
            )
        if whole.strides != (0,):
            rows[~whole] = np.nan
        groups = None
        if subgroup is not None or size is not None:
            numbers = np.where(whole, np.arange(len(rows), dtype=np.float64), np.nan)
            table: dict[str, Any] = {"row": numbers}
            if subgroup is not None:
                table[subgroup] = get_labels(frame, subgroup, argument="subgroup")
            groups = Subgroups.of(table, "row", subgroup, size, returning=returning)
        return cls(sealed(rows), tuple(names), groups)

    @cached_property
    def missing(self) -> int:
        """How many rows have a value missing."""
        return 0 if all_finite(self.rows) else int(np.count_nonzero(np.isnan(self.rows[:, 0])))

    @property
    def count(self) -> int:
        """How many points there are: rows, or subgroups."""
        return len(self.rows) if self.groups is None else self.groups.count

    def part(self, first: int, stop: int) -> Vectors:
        """The points from ``first`` up to ``stop``, counted from 0."""
        if self.groups is None:
            return Vectors(self.rows[first:stop], self.names)
        return Vectors(self.rows, self.names, self.groups.part(first, stop))

    @property
    def sizes(self) -> Ints:
        """How many rows with all values each point has."""
        return (~np.isnan(self.rows[:, 0])).astype(np.int64) if self.groups is None else self.groups.sizes

    @cached_property
    def means(self) -> Floats:
        """The mean of each subgroup, a row each; the rows themselves where there are no subgroups."""
        if self.groups is None:
            return self.rows
        means = np.full((self.count, len(self.names)), np.nan)
        for places, members in self._by_size():
            means[places] = means_of(members)
        return sealed(means)  # type: ignore[no-any-return]

    @cached_property
    def products(self) -> Floats:
        """For each subgroup the sums of squares and products around its mean, a matrix each."""
        width = len(self.names)
        products = np.zeros((self.count, width, width))
        for places, members in self._by_size():
            products[places] = products_of(members)
        return sealed(products)  # type: ignore[no-any-return]

    def _by_size(self) -> list[tuple[Ints, Floats]]:
        """The subgroups of each size: their places, and their members as one block."""
        if self.groups is None:
            return []
        sizes, numbers = self.groups.sizes, self.groups.values.astype(np.int64)
        found = []
        for size in np.unique(sizes[sizes > 0]):
            places = np.flatnonzero(sizes == size)
            at = self.groups.starts[places][:, None] + np.arange(size)
            found.append((places, self.rows[numbers[at]]))
        return found

    def used_products(self, used: Bools | None) -> tuple[Floats, int]:
        """The pooled sums of squares and products of the subgroups that are used, and their freedom."""
        sizes = self.sizes
        kept = sizes > 1 if used is None else used & (sizes > 1)
        pooled: Floats = self.products[kept].sum(axis=0)
        return pooled, int((sizes[kept] - 1).sum())


def means_of(members: Floats) -> Floats:
    """The means of subgroups of one size, given as a block of rows each, from the first row as origin."""
    first = members[:, :1]
    means: Floats = first[:, 0] + (members - first).mean(axis=1)
    return means


def products_of(members: Floats) -> Floats:
    """The sums of squares and products of such subgroups around their means, a matrix each."""
    away = members - means_of(members)[:, None, :]
    products: Floats = np.einsum("gij,gik->gjk", away, away)
    return products


def _rows(frame: Frame, names: list[str], matrix: Any) -> Floats:
    """The columns side by side; a matrix of numbers all of which are there is taken as it stands."""
    if matrix is not None and matrix.dtype.kind in "fiu":
        rows: Floats = unfilled(matrix.shape)
        rows[:] = matrix
        if all_finite(rows):
            return rows
    return np.column_stack([get_numbers(frame, name, argument="value") for name in names])


def _named(frame: Frame, value: Sequence[str] | None) -> tuple[Frame, list[str]]:
    """The frame and the columns of its variables; a bare matrix gets names."""
    if value is not None:
        return frame, list(value)
    if isinstance(frame, np.ndarray) or (isinstance(frame, Sequence) and not isinstance(frame, str)):
        plain = isinstance(frame, np.ndarray) and frame.dtype.kind in "fiu"
        listed = np.asarray(frame, dtype=None if plain else object)
        if listed.ndim != 2:
            raise DataError(
                N_("a row of values is needed for each point"),
                mend=N_("Give a matrix with a column for each variable"),
                argument="frame",
            )
        names = [f"x{number}" for number in range(1, listed.shape[1] + 1)]
        return {name: listed[:, place] for place, name in enumerate(names)}, names
    raise DataError(
        N_("it is not said which columns are the variables"),
        mend=N_("Name the column of each; there are: {known}"),
        argument="value",
        known=", ".join(column_names(frame)),
    )
