"""Two factors: does each change the mean, and does the effect of one depend on the other?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from gemba.stats.data import Frame, backend_of
from gemba.stats.distributions import f_sf
from gemba.stats.linear.groups import Grouped, group_values
from gemba.stats.linear.solve import sequential_squares
from gemba.stats.linear.words import LEFT_OUT, anova_columns
from gemba.stats.results import N_, Column, DataError, Floats, Ints, Result, Table, frozen_array, translator

SquaresType = Literal[1, 2, 3]


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoWayAnova(Result):
    """A two-way analysis of variance.

    ``response`` is the column of values, ``factors`` the two columns with ``levels_a`` and ``levels_b``;
    ``missing`` rows were left out. ``ss_error``, ``df_error`` and ``ms_error`` are of the residuals,
    ``ss_total`` of all; ``s``, ``r2`` and ``adj_r2`` as in regression.
    ``sources`` are the first factor, the second and, unless left out, their interaction; ``df``, ``f`` and
    ``p`` have one element each of them. ``ss_type1`` (sequential), ``ss_type2`` and ``ss_type3`` are the same
    when ``balanced``; ``squares_type`` is the one that ``f`` and ``p`` use. ``means`` and ``counts`` have a
    row a level of the first factor and a column a level of the second, NaN in an empty cell.
    """

    NAME: ClassVar[str] = "twoway_anova"

    response: str
    factors: tuple[str, str]
    sources: tuple[str, ...]
    squares_type: int
    balanced: bool
    ss_type1: Floats
    ss_type2: Floats
    ss_type3: Floats
    df: Ints
    f: Floats
    p: Floats
    ss_error: float
    df_error: int
    ms_error: float
    ss_total: float
    s: float
    r2: float
    adj_r2: float
    levels_a: tuple[str, ...]
    levels_b: tuple[str, ...]
    means: tuple[Floats, ...]
    counts: tuple[Ints, ...]
    missing: int

    @property
    def ss(self) -> Floats:
        """The sums of squares of the chosen type."""
        return (self.ss_type1, self.ss_type2, self.ss_type3)[self.squares_type - 1]

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        acting = [source for source, p in zip(self.sources, self.p, strict=True) if p < 0.05]
        if not acting:
            text = t(N_("No effect on {response} is shown."))
        else:
            text = t(N_("{response} depends on: {acting}."))
        return text.format(response=self.response, acting=", ".join(acting))

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        mean_squares = self.ss / self.df
        rows = [
            *zip(self.sources, self.df, self.ss, mean_squares, self.f, self.p, strict=True),
            (t(N_("Error")), self.df_error, self.ss_error, self.ms_error, None, None),
            (t(N_("Total")), int(self.df.sum()) + self.df_error, self.ss_total, None, None, None),
        ]
        note = t(N_("s = {s:.6g}, R² = {r2:.4f}, adjusted R² = {adj_r2:.4f}; sums of squares of type {kind}"))
        note = note.format(s=self.s, r2=self.r2, adj_r2=self.adj_r2, kind=self.squares_type)
        return (
            Table.build(t(N_("Analysis of variance")), anova_columns(language), rows, [note]),
            self._cells(language),
        )

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        parts = [
            t(
                N_(
                    "Fixed effects. Type I sums of squares credit each source with what it adds to those "
                    "before it; type II with what it adds to all others that do not contain it; type III "
                    "with what it adds to all others, under contrasts that sum to zero, as Minitab and JMP "
                    "do. With equal counts the three agree. Here type {kind} is tested."
                )
            )
        ]
        if self.missing:
            parts.append(t.counted(LEFT_OUT, self.missing))
        return " ".join(parts).format(kind=self.squares_type, missing=self.missing)

    def _cells(self, language: str | None) -> Table:
        t = translator(language)
        columns = (
            Column("a", self.factors[0], align="left"),
            Column("b", self.factors[1], align="left"),
            Column("n", t(N_("n"))),
            Column("mean", t(N_("Mean"))),
        )
        rows = [
            (a, b, self.counts[i][j], self.means[i][j])
            for i, a in enumerate(self.levels_a)
            for j, b in enumerate(self.levels_b)
        ]
        return Table.build(t(N_("Cells")), columns, rows)


def anova_twoway(
    frame: Frame,
    *,
    value: str,
    factors: tuple[str, str],
    interaction: bool = True,
    squares_type: SquaresType = 3,
) -> TwoWayAnova:
    """Which of two factors changes the mean, and do they act together?

    Parameters
    ----------
    frame : Frame
        Where the columns are; rows with a missing value or level are left out and counted.
    value : str
        The column of measurements.
    factors : tuple of two str
        The columns of levels, in the order of type I.
    interaction : bool
        Whether the effect of one factor may depend on the other.
    squares_type : {1, 2, 3}
        Which sums of squares are tested; all three are in the result.

    Returns
    -------
    TwoWayAnova
        The analysis of variance and the cell means.

    Raises
    ------
    DataError
        For an empty cell with interaction (named), no degrees of freedom left for the error, a factor with
        one level, or values without scatter.

    Notes
    -----
    Montgomery, Design and Analysis of Experiments, chapter 5; for unequal counts Searle, Linear Models for
    Unbalanced Data, chapter 12.

    Examples
    --------
    >>> data = {"y": [1, 2, 4, 5, 3, 4, 9, 8], "a": list("ppppqqqq"), "b": list("xxyyxxyy")}
    >>> anova_twoway(data, value="y", factors=("a", "b")).ss_type3.round(6).tolist()
    [18.0, 32.0, 2.0]
    """
    _check_type(squares_type)
    grouped = group_values(frame, value, factors)
    counts = _cell_counts(grouped)
    if interaction:
        _check_cells(counts, grouped, factors)
    squares, df, rest, df_error = _all_squares(grouped, interaction=interaction)
    _check_connected(df, grouped, factors)
    _check_error(df_error, rest + sum(squares[0]), value)
    sources = (*factors, f"{factors[0]} × {factors[1]}")[: len(df)]
    chosen, total, ms_error = np.array(squares[squares_type - 1]), sum(squares[0]) + rest, rest / df_error
    with np.errstate(divide="ignore"):
        f = chosen / np.array(df) / np.float64(ms_error)
    one, two, three = (frozen_array(found) for found in squares)
    return TwoWayAnova(
        response=value,
        factors=factors,
        sources=sources,
        squares_type=squares_type,
        balanced=bool((counts == counts.flat[0]).all()),
        ss_type1=one,
        ss_type2=two,
        ss_type3=three,
        df=frozen_array(df, np.int64),
        f=frozen_array(f),
        p=frozen_array(f_sf(f, df, df_error)),
        ss_error=rest,
        df_error=df_error,
        ms_error=ms_error,
        ss_total=total,
        s=math.sqrt(ms_error),
        r2=1.0 - rest / total,
        adj_r2=1.0 - ms_error * (len(grouped.values) - 1) / total,
        levels_a=grouped.levels[0],
        levels_b=grouped.levels[1],
        means=_cell_means(grouped, counts),
        counts=tuple(frozen_array(row, np.int64) for row in counts),
        missing=grouped.missing,
        backend=backend_of(frame),
    )


def _check_type(squares_type: int) -> None:
    if squares_type not in (1, 2, 3):
        raise DataError(
            N_("there are no sums of squares of type {value}"),
            mend=N_("Give 1, 2 or 3"),
            argument="squares_type",
            value=squares_type,
        )


def _all_squares(
    grouped: Grouped, *, interaction: bool
) -> tuple[tuple[list[float], list[float], list[float]], list[int], float, int]:
    """Sums of squares of types I, II and III, degrees of freedom, and those of the error."""
    a, b = (_contrasts(codes, len(names)) for codes, names in zip(grouped.codes, grouped.levels, strict=True))
    products = (a[:, :, None] * b[:, None, :]).reshape(len(a), -1)
    y, both = grouped.values, [products] if interaction else []
    (ss_a, *tail, rest), (df_a, *df_tail, df_error) = sequential_squares([a, b, *both], y)
    ss_a_after_b = sequential_squares([b, a], y)[0][1]
    first = [ss_a, *tail]
    second = [ss_a_after_b, *tail]
    ss_a_last = sequential_squares([b, *both, a], y)[0][-2]
    ss_b_last = sequential_squares([a, *both, b], y)[0][-2]
    third = [ss_a_last, ss_b_last, *tail[1:]]
    return (first, second, third), [df_a, *df_tail], rest, df_error


def _contrasts(codes: Ints, levels: int) -> Floats:
    """A column for each level but the last, which is minus one in all of them."""
    rows: Floats = np.vstack([np.eye(levels - 1), -np.ones(levels - 1)])[codes]
    return rows


def _cells(grouped: Grouped) -> Ints:
    cells: Ints = grouped.codes[0] * len(grouped.levels[1]) + grouped.codes[1]
    return cells


def _cell_counts(grouped: Grouped) -> Ints:
    shape = (len(grouped.levels[0]), len(grouped.levels[1]))
    counts: Ints = np.bincount(_cells(grouped), minlength=shape[0] * shape[1]).reshape(shape)
    return counts


def _cell_means(grouped: Grouped, counts: Ints) -> tuple[Floats, ...]:
    shifted = grouped.values - grouped.values[0]
    sums = np.bincount(_cells(grouped), weights=shifted, minlength=counts.size).reshape(counts.shape)
    with np.errstate(invalid="ignore"):
        return tuple(frozen_array(row) for row in grouped.values[0] + sums / counts)


def _check_cells(counts: Ints, grouped: Grouped, factors: tuple[str, str]) -> None:
    if (counts == 0).any():
        i, j = np.argwhere(counts == 0)[0]
        raise DataError(
            N_("there is no value for {a} = {level_a} with {b} = {level_b}"),
            mend=N_("Add data for that cell, or leave out the interaction with interaction=False"),
            argument="factors",
            a=factors[0],
            level_a=grouped.levels[0][i],
            b=factors[1],
            level_b=grouped.levels[1][j],
        )


def _check_connected(df: list[int], grouped: Grouped, factors: tuple[str, str]) -> None:
    if df[1] < len(grouped.levels[1]) - 1:
        raise DataError(
            N_("levels of {a} and {b} occur together so rarely that their effects cannot be told apart"),
            mend=N_("Add data for cells that link them"),
            argument="factors",
            a=factors[0],
            b=factors[1],
        )


def _check_error(df_error: int, total: float, value: str) -> None:
    if df_error == 0:
        raise DataError(
            N_("the model uses up all values, so there is no error to test against"),
            mend=N_("Repeat some cells, or leave out the interaction with interaction=False"),
            column=value,
        )
    if total == 0:
        raise DataError(
            N_("all values are equal, so there is nothing to analyse"),
            mend=N_("Check the resolution of the gauge, or that this is the right column"),
            column=value,
        )
