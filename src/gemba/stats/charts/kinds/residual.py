"""residual: what a value differs from its forecast by the values before, for data that follow one another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gemba.stats.charts.kind import (
    Band,
    Basis,
    Course,
    Estimate,
    Kind,
    Lines,
    Memory,
    Onward,
    Parameters,
    Setting,
    Single,
    Words,
)
from gemba.stats.charts.means import known_of, mean_of
from gemba.stats.data import Sample, all_finite
from gemba.stats.kernels import fast
from gemba.stats.results import N_, Bools, DataError, Floats, sealed, unfilled

WORDS = Words(
    title=N_("Residual chart"),
    purpose=N_(
        "Is a process stable whose values follow one another: did anything happen that the last value "
        "did not announce?"
    ),
    needs=N_("Single measurements in time order, at least 50, of which neighbours resemble one another"),
    instead=(
        N_("i-mr when neighbours do not resemble one another, or every second value can be left out"),
        N_("ewma when small shifts matter and neighbours hardly resemble one another"),
        N_("regression when another measured variable drives the values"),
    ),
    formulas=(
        N_(
            "Model {model}: ar1 forecasts mean + phi (last value - mean); ima forecasts an ewma of weight lam"
        ),
        N_(
            "Residuals: value - forecast; 0 ± {nsigma:g} of their standard deviation, wider where the last "
            "value is missing"
        ),
        N_("phi, mean and lam by least squares of the forecasts, one step ahead"),
    ),
    source=N_(
        "Alwan and Roberts, Journal of Business and Economic Statistics 6(1), 1988, 87-95; Montgomery and "
        "Mastrangelo, Journal of Quality Technology 23(3), 1991, 179-193; Montgomery, Introduction to "
        "Statistical Quality Control, 7th ed., chapter 10"
    ),
)
DESIGN = (
    Setting("model", "ar1", N_("model of how values follow one another"), choices=("ar1", "ima")),
    Setting("phi", math.nan, N_("historical correlation of neighbours"), most=0.999, signed=True),
    Setting("lam", math.nan, N_("historical weight of the newest value"), most=1.0),
)
METHOD = "residuals of the forecasts"


def statistic(sample: Sample) -> tuple[Floats]:
    """The values, of which the course makes residuals."""
    return (sample.values,)


def single(value: float | None, carried: float) -> Single:
    """One value."""
    return Single(1.0, (math.nan if value is None else float(value),), carried)


def spread(basis: Basis) -> Estimate:
    """The model by least squares of its forecasts, and the standard deviation of the residuals."""
    values = basis.points[0] if basis.used is None else np.where(basis.used, basis.points[0], np.nan)
    known = known_of(values)
    count, design = len(known), basis.design
    if design["model"] == "ima":
        first, weight, sigma = _fit_average(known, design["lam"])
        away = known - first
        mean = first + _last_forecast(_steps(away), weight)
        further = {"lam": weight, "first": first}
    else:
        mean, phi, sigma = _fit_neighbours(values, design["phi"])
        further = {"phi": phi}
    return Estimate(mean, sigma, count, float(count), 1.0, 1.0, further=further)


def _fit_neighbours(values: Floats, given: float) -> tuple[float, float, float]:
    """Mean, phi and sigma from all pairs of neighbours: the straight line of each value on the one before."""
    both = ~np.isnan(values[1:]) & ~np.isnan(values[:-1])
    before, after = values[:-1][both], values[1:][both]
    if len(after) < 4:
        raise _few(len(after))
    first, second = mean_of(before), mean_of(after)
    x, y = before - first, after - second
    phi = given
    if math.isnan(given):
        square = float(x @ x)
        phi = float(x @ y) / square if square > 0 else 0.0
    if not abs(phi) < 1:
        raise DataError(
            N_("the values wander: each follows the one before with a phi of {value}, and has no mean"),
            mend=N_("Use model='ima', which needs none, or chart the differences"),
            argument="model",
            value=round(phi, 4),
        )
    rest = y - phi * x
    freedom = len(after) - (2 if math.isnan(given) else 1)
    mean = first + (second - first) / (1 - phi)
    return mean, phi, math.sqrt(float(rest @ rest) / freedom)


def _fit_average(known: Floats, given: float) -> tuple[float, float, float]:
    """The first value, the weight with the smallest squares of forecasts from there on, and sigma."""
    from scipy.optimize import minimize_scalar

    if len(known) < 5:
        raise _few(len(known) - 1)
    start = float(known[0])
    away = _steps(known - start)
    weight = given
    if math.isnan(given):
        found = minimize_scalar(
            lambda w: _squares(away, w), bounds=(1e-6, 1.0), method="bounded", options={"xatol": 1e-10}
        )
        weight = float(found.x)
    freedom = len(known) - (2 if math.isnan(given) else 1)
    return start, weight, math.sqrt(_squares(away, weight) / freedom)


def _steps(away: Floats) -> list[float] | Floats:
    """For a loop in Python a list; for a compiled one the array."""
    return away if fast() else away.tolist()


def _squares(away: list[float] | Floats, weight: float) -> float:
    """The sum of squared forecast errors of an ewma that begins at the first value."""
    if isinstance(away, np.ndarray):
        from gemba.stats.kernels import recursions

        return recursions.squared_errors(away, weight)
    forecast = total = 0.0
    for value in away:
        error = value - forecast
        total += error * error
        forecast += weight * error
    return total


def _last_forecast(away: list[float] | Floats, weight: float) -> float:
    """What the average says of the next value."""
    if isinstance(away, np.ndarray):
        from gemba.stats.kernels import recursions

        return recursions.forecast_by_average(away, 0.0, 0.0, weight, np.empty_like(away))
    forecast = 0.0
    for value in away:
        forecast += weight * (value - forecast)
    return forecast


def _few(pairs: int) -> DataError:
    return DataError(
        N_("{value} pairs of neighbours are too few to learn how values follow one another"),
        mend=N_("Give at least 50 values in a row, or use kind='i-mr'"),
        argument="frame",
        value=max(pairs, 0),
    )


def limits(parameters: Parameters, sizes: Floats) -> tuple[Band]:
    """Zero, and nsigma standard deviations of a forecast from the value just before."""
    return (_band(parameters, np.where(np.isnan(sizes), np.nan, parameters.sigma)),)


def along(
    parameters: Parameters,
    measured: tuple[Floats, ...],
    sizes: Floats,  # noqa: ARG001 (single values)
    learned: Bools | None,
) -> tuple[tuple[Floats], tuple[Band]]:
    """Every residual with its lines; the data that an average was learned from begin at their first value."""
    memory: Memory = ()
    if learned is not None and "first" in parameters.further:
        memory = (parameters.further["first"] - parameters.mean,)
    if fast():
        return _compiled(parameters, memory, measured[0])
    points, sigmas = [], []
    for value in measured[0].tolist():
        residual, sigma, memory = _next(parameters, memory, value)
        points.append(residual)
        sigmas.append(sigma)
    return (sealed(np.array(points)),), (_band(parameters, sealed(np.array(sigmas))),)


def _compiled(parameters: Parameters, memory: Memory, values: Floats) -> tuple[tuple[Floats], tuple[Band]]:
    from gemba.stats.kernels import recursions

    points: Floats = unfilled(values.shape)
    mean, sigma = parameters.mean, parameters.sigma
    if parameters.design["model"] == "ima":
        start = memory[0] if memory else 0.0
        recursions.forecast_by_average(values, mean, start, _learned_value(parameters, "lam"), points)
        sigmas = np.broadcast_to(sigma, len(values))
        if not all_finite(points):
            sigmas = sealed(np.where(np.isnan(points), np.nan, sigma))
    else:
        sigmas = unfilled(values.shape)
        phi = _learned_value(parameters, "phi")
        recursions.forecast_by_mean(values, mean, phi, sigma, points, sigmas)
    return (sealed(points),), (_band(parameters, sigmas),)


def onward(
    parameters: Parameters,
    memory: Memory,
    size: float,  # noqa: ARG001 (single values)
    measured: tuple[float, ...],
) -> Onward:
    """The next residual; the memory is how far the forecast, or the last value, lies from the mean."""
    residual, sigma, memory = _next(parameters, memory, measured[0])
    reach = parameters.nsigma * sigma
    return Onward((residual,), (Lines(sigma * 0.0, 0.0 - reach, reach, sigma),), memory)


def _next(parameters: Parameters, memory: Memory, value: float) -> tuple[float, float, Memory]:
    """Residual and its standard deviation, and what the next point needs; NaN at a missing value."""
    gone = math.isnan(value)
    away = value - parameters.mean
    if parameters.design["model"] == "ima":
        (forecast,) = memory or (0.0,)
        if gone:
            return math.nan, math.nan, memory
        weight = _learned_value(parameters, "lam")
        return away - forecast, parameters.sigma, (forecast + weight * (away - forecast),)
    phi = _learned_value(parameters, "phi")
    forecast, share = memory or (0.0, 1.0 / (1 - phi * phi))
    if gone:
        return math.nan, math.nan, (phi * forecast, 1 + phi * phi * share) if memory else ()
    return away - forecast, parameters.sigma * math.sqrt(share), (phi * away, 1.0)


def _learned_value(parameters: Parameters, name: str) -> float:
    given = float(parameters.design[name])
    return parameters.further[name] if math.isnan(given) else given


def needed(design: Mapping[str, Any]) -> tuple[str, ...]:
    """Without data the number of the model must be given."""
    return ("lam",) if design["model"] == "ima" else ("phi",)


def _band(parameters: Parameters, sigma: Floats) -> Band:
    reach = parameters.nsigma * sigma
    return Band(sigma * 0.0, 0.0 - reach, reach, sigma)


RESIDUAL = Kind(
    name="residual",
    panels=("residual",),
    layout="individuals",
    words=WORDS,
    methods=(METHOD,),
    statistic=statistic,
    single=single,
    spread=spread,
    limits=limits,
    course=Course(along, onward),
    design=DESIGN,
    learned=needed,
)
