"""Linear regression: how a response depends on one or several predictors, with every diagnostic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from gemba.stats.data import Frame, backend_of, get_numbers
from gemba.stats.data.frames import to_floats
from gemba.stats.distributions import f_sf, t_ppf, t_sf
from gemba.stats.linear.prediction import Prediction, checked_level
from gemba.stats.linear.solve import Fit, solve
from gemba.stats.linear.words import LEFT_OUT, anova_columns
from gemba.stats.results import (
    N_,
    NN_,
    Column,
    DataError,
    Floats,
    Ints,
    Result,
    Table,
    frozen_array,
    translator,
)

INTERCEPT = "Intercept"


@dataclass(frozen=True, kw_only=True, eq=False)
class Regression(Result):
    """A fitted linear model.

    ``response`` on ``predictors``, with powers up to ``degree``, ``durbin_watson`` of the residuals;
    ``n`` rows were used, ``missing`` left out. One element a term (the intercept first): ``terms``,
    ``coef``, ``se``, ``t``, ``p``, ``vif`` (NaN for the intercept and without one). ``s`` is the residual
    standard deviation, ``r2``, ``adj_r2`` and ``pred_r2`` shares, ``f`` and ``f_p`` the test of the whole
    model with ``df_model`` and ``df_error`` degrees of freedom, ``ss_model`` and ``ss_error`` its sums of
    squares; ``press`` the prediction sum of squares. One element a used row: ``rows`` (numbered from 1),
    ``fitted``, ``residuals``, ``leverage``, ``cooks`` (Cook's distance) and ``standardized`` (residual
    over its own standard deviation). ``root`` holds the rows of a square root of the inverse of X'X.
    Without degrees of freedom left, what needs s is NaN.
    """

    NAME: ClassVar[str] = "regression"

    response: str
    predictors: tuple[str, ...]
    degree: int
    intercept: bool
    terms: tuple[str, ...]
    coef: Floats
    se: Floats
    t: Floats
    p: Floats
    vif: Floats
    s: float
    r2: float
    adj_r2: float
    pred_r2: float
    f: float
    f_p: float
    df_model: int
    df_error: int
    ss_model: float
    ss_error: float
    press: float
    durbin_watson: float
    n: int
    missing: int
    rows: Ints
    fitted: Floats
    residuals: Floats
    leverage: Floats
    cooks: Floats
    standardized: Floats
    root: tuple[Floats, ...]

    def confidence_interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper ends of the two-sided confidence intervals of the coefficients."""
        half = t_ppf(0.5 + 0.5 * checked_level(level), self.df_error) * self.se
        return self.coef - half, self.coef + half

    def predict(self, frame: Frame, *, confidence: float = 0.95) -> Prediction:
        """What does the model expect at new values of the predictors, and how sure is it?

        Parameters
        ----------
        frame : Frame
            A frame with the predictors as columns; bare numbers when there is one predictor.
        confidence : float
            Level of both intervals.

        Returns
        -------
        Prediction
            Fit, confidence interval of the mean and prediction interval of one new value.

        Raises
        ------
        DataError
            For a missing predictor value or column, or a level outside 0 to 1.
        """
        columns = _predictor_columns(frame, self.predictors)
        gone = np.isnan(columns).any(axis=1)
        if gone.any():
            raise DataError(
                N_("a predictor is missing"),
                mend=N_("Give every predictor a value in every row"),
                argument="frame",
                row=int(np.flatnonzero(gone)[0]) + 1,
            )
        design = _powers(columns, self.degree)
        if self.intercept:
            design = np.column_stack([np.ones(len(design)), design])
        fit = design @ self.coef
        se = self.s * np.linalg.norm(design @ np.array(self.root), axis=1)
        factor = float(t_ppf(0.5 + 0.5 * checked_level(confidence), self.df_error))
        wide = factor * np.hypot(se, self.s)
        arrays = {
            "fit": fit, "se": se, "mean_lower": fit - factor * se, "mean_upper": fit + factor * se,
            "lower": fit - wide, "upper": fit + wide,
        }  # fmt: skip
        return Prediction(
            response=self.response,
            confidence=confidence,
            backend=backend_of(frame),
            **{name: frozen_array(values) for name, values in arrays.items()},
        )

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        if self.df_error == 0:
            text = t.counted(
                NN_(
                    "{response}: the model passes through the one point; nothing is left to judge it.",
                    "{response}: the model passes through all {n} points; nothing is left to judge it.",
                ),
                self.n,
            )
        else:
            text = t(
                N_(
                    "{response}: the model explains {share:.1f} % of the variation "
                    "(s = {s:.4g}, p = {p:.3g})."
                )
            )
        return text.format(response=self.response, n=self.n, share=100 * self.r2, s=self.s, p=self.f_p)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        unusual = self._unusual(language)
        return (
            self._coefficients(language),
            self._quality(language),
            self._analysis_of_variance(language),
            *([unusual] if unusual.rows else []),
        )

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        parts = [
            t(
                N_(
                    "Least squares by QR decomposition of the centered and scaled columns. t is the "
                    "coefficient over its standard error, p two-sided. PRESS sums the squared errors of "
                    "predicting each row from all others; predicted R² is 1 - PRESS over the total sum of "
                    "squares. VIF says how much collinearity inflates a coefficient's variance. Cook's "
                    "distance says how far the fit moves without a row (Montgomery, Peck and Vining, "
                    "Introduction to Linear Regression Analysis, chapters 3, 4, 6 and 9)."
                )
            )
        ]
        if not self.intercept:
            parts.append(t(N_("There is no intercept: R² and the total sum of squares are about zero.")))
        if self.missing:
            parts.append(t.counted(LEFT_OUT, self.missing))
        return " ".join(parts).format(missing=self.missing)

    def _coefficients(self, language: str | None) -> Table:
        t = translator(language)
        columns = (
            Column("term", t(N_("Term")), align="left"),
            Column("coef", t(N_("Coefficient"))),
            Column("se", t(N_("Standard error"))),
            Column("t", t(N_("t")), decimals=2),
            Column("p", t(N_("p")), digits=3),
            Column("vif", t(N_("VIF")), decimals=2),
        )
        rows = list(zip(self.terms, self.coef, self.se, self.t, self.p, self.vif, strict=True))
        return Table.build(t(N_("Coefficients")), columns, rows)

    def _quality(self, language: str | None) -> Table:
        t = translator(language)
        labels = {
            "n": N_("n"),
            "s": N_("s"),
            "r2": N_("R²"),
            "adj_r2": N_("Adjusted R²"),
            "pred_r2": N_("Predicted R²"),
            "press": N_("PRESS"),
            "durbin_watson": N_("Durbin-Watson"),
        }
        columns = [Column(name, t(label)) for name, label in labels.items()]
        row = [getattr(self, name) for name in labels]
        return Table.build(t(N_("Quality of the model")), columns, [row])

    def _analysis_of_variance(self, language: str | None) -> Table:
        t = translator(language)
        ms_model, ms_error = self.ss_model / self.df_model, self.s**2
        total = self.ss_model + self.ss_error
        rows = (
            (t(N_("Regression")), self.df_model, self.ss_model, ms_model, self.f, self.f_p),
            (t(N_("Error")), self.df_error, self.ss_error, ms_error, None, None),
            (t(N_("Total")), self.df_model + self.df_error, total, None, None, None),
        )
        return Table.build(t(N_("Analysis of variance")), anova_columns(language), rows)

    def _unusual(self, language: str | None) -> Table:
        t = translator(language)
        columns = (
            Column("row", t(N_("Row"))),
            Column("fitted", t(N_("Fitted"))),
            Column("residual", t(N_("Residual"))),
            Column("standardized", t(N_("Standardized")), decimals=2),
            Column("leverage", t(N_("Leverage")), decimals=3),
            Column("cooks", t(N_("Cook's distance")), decimals=3),
        )
        high = min(0.99, 3.0 * len(self.terms) / self.n)
        odd = (np.abs(self.standardized) > 2) | (self.leverage > high)
        shown = (self.rows, self.fitted, self.residuals, self.standardized, self.leverage, self.cooks)
        rows = list(zip(*(values[odd] for values in shown), strict=True))
        note = t(N_("Standardized residual beyond 2, or leverage above {high:.3g}.")).format(high=high)
        return Table.build(t(N_("Unusual rows")), columns, rows, [note])


def regression(
    frame: Frame,
    *,
    response: str,
    predictors: str | Sequence[str],
    degree: int = 1,
    intercept: bool = True,
) -> Regression:
    """How does a response depend on its predictors?

    Parameters
    ----------
    frame : Frame
        Where the columns are; rows with a missing value are left out and counted.
    response : str
        The column to explain.
    predictors : str or sequence of str
        The columns that explain it.
    degree : int
        Powers of each predictor up to this one are terms; no products of predictors.
    intercept : bool
        ``False`` forces the model through zero.

    Returns
    -------
    Regression
        Coefficients, tests, quality of the fit and diagnostics of every row.

    Raises
    ------
    DataError
        For collinear or constant predictors (named), too few rows, text or infinity.
    UnknownName
        For a column that is not there.

    Notes
    -----
    Montgomery, Peck and Vining, Introduction to Linear Regression Analysis; right to the certified digits of
    the NIST Statistical Reference Datasets.

    Examples
    --------
    >>> fit = regression({"x": [1, 2, 3, 4], "y": [2.1, 3.9, 6.2, 7.8]}, response="y", predictors="x")
    >>> fit.coef.round(3).tolist(), round(fit.r2, 4)
    ([0.15, 1.94], 0.9957)
    """
    names = (predictors,) if isinstance(predictors, str) else tuple(predictors)
    columns = _predictor_columns(frame, names)
    y = get_numbers(frame, response, argument="response")
    return _fit_rows(columns, y, response, names, degree, intercept, backend_of(frame))


def least_squares(
    X: ArrayLike,  # noqa: N803 (the name this matrix has everywhere)
    y: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    intercept: bool = True,
) -> Regression:
    """How does y depend on the columns of a matrix?

    Parameters
    ----------
    X : array_like, shape (n, k) or (n,)
        Predictors, without a column for the intercept.
    y : array_like, shape (n,)
        Responses.
    names : sequence of str, optional
        Names of the columns; ``x1``, ``x2`` ... when left out.
    intercept : bool
        ``False`` forces the model through zero.

    Returns
    -------
    Regression
        As ``regression`` gives.

    Raises
    ------
    DataError
        As ``regression`` does.

    Notes
    -----
    Householder QR of the centered and scaled columns, never X'X (Golub and Van Loan, Matrix Computations,
    section 5.3).

    Examples
    --------
    >>> least_squares([1, 2, 3, 4], [2.1, 3.9, 6.2, 7.8], intercept=False).coef.round(4).tolist()
    [1.99]
    """
    matrix = np.asarray(X)
    matrix = matrix[:, None] if matrix.ndim == 1 else matrix
    listed = tuple(names) if names is not None else tuple(f"x{i + 1}" for i in range(matrix.shape[1]))
    if len(listed) != matrix.shape[1]:
        raise DataError(
            N_("the names do not match the columns of predictors: {value} and {columns}"),
            mend=N_("Give one name a column"),
            argument="names",
            value=len(listed),
            columns=matrix.shape[1],
        )
    columns = {name: matrix[:, i] for i, name in enumerate(listed)}
    return _fit_rows(
        _predictor_columns(columns, listed), to_floats(y, argument="y"), "y", listed, 1, intercept, "dict"
    )


def _predictor_columns(frame: Frame, names: Sequence[str]) -> Floats:
    if not names:
        raise DataError(
            N_("there is no predictor"), mend=N_("Name at least one column"), argument="predictors"
        )
    bare = len(names) == 1 and isinstance(frame, list | tuple | np.ndarray)
    columns = [get_numbers(frame, None if bare else name, argument="predictors") for name in names]
    matrix: Floats = np.column_stack(columns)
    return matrix


def _powers(columns: Floats, degree: int) -> Floats:
    """Every column, then every square, and so on."""
    return np.hstack([columns**power for power in range(1, degree + 1)])


def _power_names(names: Sequence[str], degree: int) -> list[str]:
    return [name if power == 1 else f"{name}^{power}" for power in range(1, degree + 1) for name in names]


def _fit_rows(
    columns: Floats,
    y: Floats,
    response: str,
    names: tuple[str, ...],
    degree: int,
    intercept: bool,
    backend: str,
) -> Regression:
    if degree < 1:
        raise DataError(
            N_("a polynomial of degree {value} has no slope"),
            mend=N_("Give a degree of at least 1"),
            argument="degree",
            value=degree,
        )
    if len(columns) != len(y):
        raise DataError(
            N_("the responses do not match the rows of predictors: {value} and {rows}"),
            mend=N_("Give one response a row"),
            argument="y",
            value=len(y),
            rows=len(columns),
        )
    kept = ~(np.isnan(columns).any(axis=1) | np.isnan(y))
    terms = _power_names(names, degree)
    fit = solve(_powers(columns[kept], degree), y[kept], intercept=intercept, names=terms)
    _check_varies(fit, response)
    return Regression(
        response=response,
        predictors=names,
        degree=degree,
        intercept=intercept,
        terms=(INTERCEPT, *terms) if intercept else tuple(terms),
        n=int(kept.sum()),
        missing=int((~kept).sum()),
        rows=frozen_array(np.flatnonzero(kept) + 1, np.int64),
        fitted=frozen_array(y[kept] - fit.residuals),
        root=tuple(frozen_array(row) for row in fit.root),
        backend=backend,
        **_inference(fit, intercept=intercept),
        **_diagnostics(fit),
    )


def _check_varies(fit: Fit, response: str) -> None:
    if fit.explained + fit.rss == 0:
        raise DataError(
            N_("the response is constant, so there is no variation to explain"),
            mend=N_("Check that this is the right column"),
            column=response,
        )


def _inference(fit: Fit, *, intercept: bool) -> dict[str, Any]:
    """The tests of the coefficients and of the model."""
    df_total = len(fit.residuals) - intercept
    df_model = len(fit.coef) - intercept
    df = np.float64(fit.df if fit.df > 0 else np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.sqrt(fit.rss / df)
        se = s * np.linalg.norm(fit.root, axis=1)
        t = fit.coef / se
        f = np.float64(fit.explained) / df_model / s**2
        unexplained = fit.rss / (fit.explained + fit.rss)
        adj_r2 = 1.0 - unexplained * df_total / df
    arrays = {"coef": fit.coef, "se": se, "t": t, "p": 2.0 * t_sf(np.abs(t), df), "vif": fit.vif}
    return {name: frozen_array(values) for name, values in arrays.items()} | {
        "s": float(s),
        "r2": fit.explained / (fit.explained + fit.rss),
        "adj_r2": float(adj_r2),
        "f": float(f),
        "f_p": float(f_sf(f, df_model, df)),
        "df_model": df_model,
        "df_error": fit.df,
        "ss_model": fit.explained,
        "ss_error": fit.rss,
    }


def _diagnostics(fit: Fit) -> dict[str, Any]:
    """What each row does to the fit; NaN for a row that the model must pass through."""
    free = 1.0 - fit.leverage
    free = np.where(free > 1e-10, free, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = fit.rss / np.float64(fit.df if fit.df > 0 else np.nan)
        standardized = fit.residuals / np.sqrt(variance * free)
        cooks = standardized**2 * fit.leverage / (free * len(fit.coef))
        press = np.sum((fit.residuals / free) ** 2)
        pred_r2 = 1.0 - press / (fit.explained + fit.rss)
        durbin_watson = np.sum(np.diff(fit.residuals) ** 2) / np.float64(fit.rss)
    arrays = {
        "residuals": fit.residuals, "leverage": fit.leverage, "cooks": cooks, "standardized": standardized,
    }  # fmt: skip
    return {name: frozen_array(values) for name, values in arrays.items()} | {
        "press": float(press),
        "pred_r2": float(pred_r2),
        "durbin_watson": float(durbin_watson),
    }
