"""Mean, spread and shape of a sample, right to the last digits whatever the offset of the data.

All of them shift the values by the first one before they sum: the differences of nearby numbers are exact
(Sterbenz), so that 1,000,000,000.1 to 1,000,000,000.3 keep every digit they have.
"""

from __future__ import annotations

import math

import numpy as np

from gemba.stats.data import Frame, Sample
from gemba.stats.results import N_, DataError, Floats


def mean(values: Frame) -> float:
    """What is the average?

    Parameters
    ----------
    values : array_like, shape (n,)
        Measurements; a missing one (NaN, None) is left out.

    Returns
    -------
    float
        The arithmetic mean.

    Raises
    ------
    DataError
        When no value is left.

    Examples
    --------
    >>> mean([10.0, 12.0, None])
    11.0
    """
    present = Sample.of(values).present
    return _center(present)[0]


def standard_deviation(values: Frame) -> float:
    """How much do the values scatter?

    Parameters
    ----------
    values : array_like, shape (n,)
        Measurements; a missing one is left out.

    Returns
    -------
    float
        The sample standard deviation (divisor n - 1), in the unit of the values; zero for equal values.

    Raises
    ------
    DataError
        When fewer than two values are left.

    Notes
    -----
    Two passes with the correction of Chan, Golub and LeVeque (1983, The American Statistician 37:242).

    Examples
    --------
    >>> standard_deviation([10000001, 10000003, 10000002])
    1.0
    """
    present = Sample.of(values, at_least=2).present
    return math.sqrt(sum_of_squares(present) / (len(present) - 1))


def sum_of_squares(values: Floats) -> float:
    """The sum of squared deviations from the mean of finite values.

    Examples
    --------
    >>> sum_of_squares(np.array([1e9, 1e9 + 1, 1e9 + 2]))
    2.0
    """
    deviations = _center(values)[1]
    return float(np.sum(deviations**2))


def skewness(values: Frame, *, adjusted: bool = True) -> float:
    """Does one tail reach further than the other?

    Parameters
    ----------
    values : array_like, shape (n,)
        Measurements; a missing one is left out.
    adjusted : bool
        ``True`` gives G1, the figure of Minitab, JMP and Excel; ``False`` gives g1 = m3 / m2^1.5.

    Returns
    -------
    float
        Positive for a long right tail. NaN when all values are equal.

    Raises
    ------
    DataError
        When fewer than three values are left.

    Notes
    -----
    Joanes and Gill (1998), The Statistician 47:183.

    Examples
    --------
    >>> round(skewness([1, 2, 3, 10]), 4)
    1.7636
    """
    present = Sample.of(values, at_least=3).present
    second, third, _ = _moments(present)
    if second == 0:
        return math.nan
    g1, n = third / second**1.5, len(present)
    return float(g1 * math.sqrt(n * (n - 1)) / (n - 2)) if adjusted else g1


def kurtosis(values: Frame, *, adjusted: bool = True) -> float:
    """Are the tails heavier than those of a normal distribution?

    Parameters
    ----------
    values : array_like, shape (n,)
        Measurements; a missing one is left out.
    adjusted : bool
        ``True`` gives G2, the figure of Minitab, JMP and Excel; ``False`` gives g2 = m4 / m2^2 - 3.

    Returns
    -------
    float
        The excess over a normal distribution, which has zero. NaN when all values are equal.

    Raises
    ------
    DataError
        When fewer than four values are left.

    Notes
    -----
    Joanes and Gill (1998), The Statistician 47:183.

    Examples
    --------
    >>> round(kurtosis([1, 2, 3, 10]), 4)
    3.228
    """
    present = Sample.of(values, at_least=4).present
    second, _, fourth = _moments(present)
    if second == 0:
        return math.nan
    g2, n = fourth / second**2 - 3.0, len(present)
    return ((n + 1) * g2 + 6.0) * (n - 1) / ((n - 2) * (n - 3)) if adjusted else g2


def autocorrelation(values: Frame, *, lag: int = 1) -> float:
    """Does a value tell something about the one that follows?

    Parameters
    ----------
    values : array_like, shape (n,)
        Measurements in time order. A missing one breaks the pairs it would be in.
    lag : int
        How many places apart the paired values are, at least 1.

    Returns
    -------
    float
        The sum of (x_i - m)(x_(i+lag) - m) over the sum of (x_i - m)^2. NaN when all values are equal.

    Raises
    ------
    DataError
        When the series is not longer than the lag, or the lag is below 1.

    Notes
    -----
    Box, Jenkins and Reinsel, Time Series Analysis, section 2.1; the definition of NIST StRD for lag 1.

    Examples
    --------
    >>> autocorrelation([10000001, 10000003, 10000002])
    -0.5
    """
    if lag < 1:
        raise DataError(
            N_("a lag of {value} pairs values with themselves or the past"),
            mend=N_("Give a lag of at least 1"),
            argument="lag",
            value=lag,
        )
    sample = Sample.of(values, at_least=lag + 1)
    deviations = np.zeros(len(sample.values))
    deviations[~np.isnan(sample.values)] = _center(sample.present)[1]
    total = float(deviations @ deviations)
    return float(deviations[:-lag] @ deviations[lag:]) / total if total > 0 else math.nan


def _center(values: Floats) -> tuple[float, Floats]:
    """The mean, and the deviations from it, of finite values."""
    shifted = values - values[0]
    offset = float(np.mean(shifted))
    rest = shifted - offset
    correction = float(np.mean(rest))
    return float(values[0]) + (offset + correction), rest - correction


def _moments(values: Floats) -> tuple[float, float, float]:
    """The second, third and fourth central moments (divisor n)."""
    deviations = _center(values)[1]
    squares = deviations**2
    return float(np.mean(squares)), float(np.mean(squares * deviations)), float(np.mean(squares**2))
