"""Least squares by QR: the one place where equations are solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gemba.stats.results import N_, DataError, Floats

_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class Fit:
    """A solved least squares problem of n rows and p coefficients.

    ``coef`` has shape (p,) with the intercept, if any, first. ``root`` has shape (p, p) and is a square root
    of the inverse of X'X: ``root @ root.T``. ``vif`` is NaN for the intercept and without one.
    ``residuals`` and ``leverage`` have shape (n,); ``rss`` is the residual sum of squares, ``explained`` that
    of the model (about the mean with an intercept, else about zero), ``df`` the degrees of freedom left.
    """

    coef: Floats
    root: Floats
    vif: Floats
    residuals: Floats
    leverage: Floats
    rss: float
    explained: float
    df: int


def solve(columns: Floats, y: Floats, *, intercept: bool, names: Sequence[str]) -> Fit:
    """Solve for the coefficients that make the sum of squared residuals least.

    Parameters
    ----------
    columns : array, shape (n, k)
        Finite predictor columns without the intercept.
    y : array, shape (n,)
        Finite responses.
    intercept : bool
        Whether the model has a constant.
    names : sequence of str
        Names of the columns, for the error.

    Returns
    -------
    Fit
        Coefficients and what their inference needs.

    Raises
    ------
    DataError
        For fewer rows than coefficients, and for a column that is constant beside an intercept or a linear
        combination of others; it is named.

    Notes
    -----
    Columns are centered (with an intercept) and scaled to length one, then factored as QR by Householder
    reflections (Golub and Van Loan, Matrix Computations, section 5.3).
    """
    n, k = columns.shape
    _check_rows(n, k + intercept)
    center, centered = _center(columns) if intercept else (np.zeros(k), columns)
    y_center, y_centered = _center(y[:, None]) if intercept else (np.zeros(1), y[:, None])
    target = y_centered[:, 0]
    lengths = _lengths(columns, centered, names)
    q, r = np.linalg.qr(centered / lengths)
    _check_independent(r, names)
    inner = np.linalg.solve(r, np.eye(k)) / lengths[:, None]
    parts = q.T @ target
    slopes = inner @ parts
    residuals = target - centered @ slopes
    coef, root, vif = slopes, inner, np.full(k, np.nan)
    if intercept:
        coef = np.concatenate([y_center - center @ slopes, slopes])
        root = np.block([[np.full((1, 1), n**-0.5), -(center @ inner)[None, :]], [np.zeros((k, 1)), inner]])
        vif = np.concatenate([[np.nan], lengths**2 * np.sum(inner**2, axis=1)])
    return Fit(
        coef=coef,
        root=root,
        vif=vif,
        residuals=residuals,
        leverage=np.sum(q**2, axis=1) + (1.0 / n if intercept else 0.0),
        rss=float(residuals @ residuals),
        explained=float(parts @ parts),
        df=n - k - intercept,
    )


def sequential_squares(blocks: Sequence[Floats], y: Floats) -> tuple[list[float], list[int]]:
    """What each block of columns explains of y beyond the mean and the blocks before it.

    Parameters
    ----------
    blocks : sequence of arrays, each of shape (n, k_i)
        Columns of a factor or an interaction; a constant comes first without being given.
    y : array, shape (n,)
        Responses.

    Returns
    -------
    list of float, list of int
        The sum of squares and the degrees of freedom of each block, and of the residuals as last.

    Notes
    -----
    The squared lengths of the projections of y on the orthogonalised blocks: no difference of large sums.
    """
    rest = _center(y[:, None])[1][:, 0]
    basis = np.full((len(y), 1), len(y) ** -0.5)
    squares, freedoms = [], []
    for block in blocks:
        new = _orthonormal(block, basis)
        parts = new.T @ rest
        rest = rest - new @ parts
        basis = np.hstack([basis, new])
        squares.append(float(parts @ parts))
        freedoms.append(new.shape[1])
    return [*squares, float(rest @ rest)], [*freedoms, len(y) - basis.shape[1]]


def _orthonormal(block: Floats, basis: Floats) -> Floats:
    """An orthonormal basis of what ``block`` adds to the space of ``basis``."""
    left = block - basis @ (basis.T @ block)
    left = left - basis @ (basis.T @ left)
    u, lengths, _ = np.linalg.svd(left, full_matrices=False)
    found: Floats = u[:, lengths > 1e-9 * np.linalg.norm(block)]
    return found


def _center(columns: Floats) -> tuple[Floats, Floats]:
    """Column means and centered columns; the first row is taken away first, which is exact nearby."""
    shifted = columns - columns[0]
    means = shifted.mean(axis=0)
    return columns[0] + means, shifted - means


def _lengths(columns: Floats, centered: Floats, names: Sequence[str]) -> Floats:
    lengths: Floats = np.linalg.norm(centered, axis=0)
    flat = lengths <= 1e-14 * np.linalg.norm(columns, axis=0)
    if flat.any():
        raise DataError(
            N_("the column is constant and explains nothing"),
            mend=N_("Leave it out"),
            column=names[int(np.flatnonzero(flat)[0])],
        )
    return lengths


def _check_rows(rows: int, coefficients: int) -> None:
    if rows < coefficients:
        raise DataError(
            N_("the model has {coefficients} coefficients and needs as many complete rows; there: {value}"),
            mend=N_("Give more rows, or fewer predictors"),
            argument="frame",
            value=rows,
            coefficients=coefficients,
        )


def _check_independent(r: Floats, names: Sequence[str]) -> None:
    short = np.abs(np.diag(r)) < _TOLERANCE
    if not short.any():
        return
    first = int(np.flatnonzero(short)[0])
    weights = np.linalg.solve(r[:first, :first], r[:first, first])
    others = [name for name, weight in zip(names, weights, strict=False) if abs(weight) > 1e-8]
    raise DataError(
        N_("the column is a linear combination of: {others}"),
        mend=N_("Leave out one of them"),
        column=names[first],
        others=", ".join(others),
    )
