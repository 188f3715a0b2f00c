"""Transforms that make values normal: Box and Cox, Yeo and Johnson, and Johnson's curves."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gemba.stats.distributions.fitting import a_squared
from gemba.stats.distributions.normal import normal_cdf, normal_ppf, normal_sf
from gemba.stats.results import N_, DataError, Floats

TransformName = Literal["box-cox", "yeo-johnson", "johnson-su", "johnson-sb"]
WIDEST = 5.0
"""No exponent is sought beyond."""


@dataclass(frozen=True)
class Transform:
    """A transform with its numbers, and the normal distribution of what it gives.

    ``numbers`` are lambda of Box-Cox and Yeo-Johnson; gamma, delta, xi and lambda of Johnson's curves.
    """

    name: TransformName
    numbers: tuple[float, ...]
    mean: float = 0.0
    sd: float = 1.0

    def forward(self, x: Any) -> Floats:
        """The transformed values."""
        values = np.asarray(x, dtype=np.float64)
        if self.name == "box-cox":
            return _box_cox(np.maximum(values, 1e-300), self.numbers[0])
        if self.name == "yeo-johnson":
            return _yeo_johnson(values, self.numbers[0])
        gamma, delta, xi, scale = self.numbers
        part = (values - xi) / scale
        if self.name == "johnson-su":
            return np.asarray(gamma + delta * np.arcsinh(part))
        inside = np.clip(part, 1e-300, 1 - 1e-16)
        return np.asarray(gamma + delta * (np.log(inside) - np.log1p(-inside)))

    def backward(self, y: Any) -> Floats:
        """The values that were transformed; infinite or NaN-free ends where the transform is bounded."""
        values = np.asarray(y, dtype=np.float64)
        if self.name in ("box-cox", "yeo-johnson"):
            back = _back_box_cox if self.name == "box-cox" else _back_yeo_johnson
            return back(values, self.numbers[0])
        gamma, delta, xi, scale = self.numbers
        z = (values - gamma) / delta
        return np.asarray(xi + scale * (np.sinh(z) if self.name == "johnson-su" else 1 / (1 + np.exp(-z))))

    def cdf(self, x: Any) -> Floats:
        """The share below each value."""
        return normal_cdf(self.forward(x), self.mean, self.sd)

    def sf(self, x: Any) -> Floats:
        """The share above each value."""
        return normal_sf((self.forward(x) - self.mean) / self.sd)

    def quantile(self, p: Any) -> Floats:
        """The values below which the shares lie."""
        return self.backward(self.mean + self.sd * normal_ppf(np.asarray(p, dtype=np.float64)))


def fit_transform(values: Floats, name: str) -> Transform:
    """The transform that makes the values most nearly normal.

    Raises
    ------
    DataError
        For values of zero or below with Box-Cox, or where no Johnson curve passes through the values.
    """
    if name == "johnson":
        return _johnson(np.sort(values))
    if name == "box-cox" and values.min() <= 0:
        raise DataError(
            N_("a Box-Cox transform needs values above zero, and the smallest is {value}"),
            mend=N_("Take yeo-johnson or johnson"),
            argument="distribution",
            value=float(values.min()),
        )
    exponent = box_cox_lambda(values) if name == "box-cox" else _best(values, _yeo_johnson, _yeo_slope)
    bare = Transform("box-cox" if name == "box-cox" else "yeo-johnson", (exponent,))
    y = bare.forward(values)
    return Transform(bare.name, bare.numbers, float(y.mean()), float(y.std(ddof=1)))


def box_cox_lambda(values: Floats) -> float:
    """The exponent of greatest likelihood, not rounded.

    Examples
    --------
    >>> round(box_cox_lambda(np.array([1.0, 4.0, 9.0, 16.0, 25.0])), 2)
    0.35
    """
    return _best(values, _box_cox, lambda x: float(np.log(x).sum()))


def _best(
    values: Floats, change: Callable[[Floats, float], Floats], slope: Callable[[Floats], float]
) -> float:
    from scipy.optimize import minimize_scalar

    n, fixed = len(values), slope(values)

    def badness(exponent: float) -> float:
        y = change(values, exponent)
        return 0.5 * n * math.log(float(y.var())) - (exponent - 1) * fixed

    found = minimize_scalar(badness, bounds=(-WIDEST, WIDEST), method="bounded", options={"xatol": 1e-10})
    return float(found.x)


def _yeo_slope(x: Floats) -> float:
    return float((np.sign(x) * np.log1p(np.abs(x))).sum())


def _box_cox(x: Floats, exponent: float) -> Floats:
    logs = np.log(x)
    return logs if abs(exponent) < 1e-12 else np.asarray(np.expm1(exponent * logs) / exponent)


def _back_box_cox(y: Floats, exponent: float) -> Floats:
    if abs(exponent) < 1e-12:
        return np.asarray(np.exp(y))
    inside = exponent * y
    with np.errstate(divide="ignore"):
        logs = np.log1p(np.maximum(inside, -1.0)) / exponent
    return np.asarray(np.exp(logs))


def _yeo_johnson(x: Floats, exponent: float) -> Floats:
    above = _box_cox(np.maximum(x, 0.0) + 1.0, exponent)
    below = -_box_cox(1.0 - np.minimum(x, 0.0), 2.0 - exponent)
    return np.where(x >= 0, above, below)


def _back_yeo_johnson(y: Floats, exponent: float) -> Floats:
    above = _back_box_cox(np.maximum(y, 0.0), exponent) - 1.0
    below = 1.0 - _back_box_cox(-np.minimum(y, 0.0), 2.0 - exponent)
    return np.where(y >= 0, above, below)


def _johnson(ordered: Floats) -> Transform:
    """Through four percentiles, at the z whose curve makes the values most nearly normal."""
    found = [curve for z in np.arange(0.25, 1.26, 0.01) for curve in [_through(ordered, float(z))] if curve]
    if not found:
        raise DataError(
            N_("no Johnson curve passes through these values"),
            mend=N_("Take a distribution by name, or nonparametric"),
            argument="distribution",
        )
    return min(found, key=lambda curve: _away(ordered, curve))


def _away(ordered: Floats, curve: Transform) -> float:
    z = curve.forward(ordered)
    below, above = (np.log(np.maximum(part, 1e-300)) for part in (normal_cdf(z), normal_sf(z)))
    return float(a_squared(below[None, :], above[None, :])[0])


def _through(ordered: Floats, z: float) -> Transform | None:
    """The curve of Slifker and Shapiro (1980), Technometrics 22:239, through percentiles at ±z and ±3z."""
    places = normal_cdf(np.array([-3 * z, -z, z, 3 * z])) * len(ordered) + 0.5 - 1
    a, b, c, d = np.interp(places, np.arange(len(ordered)), ordered)
    m, n, p = d - c, b - a, c - b
    if min(m, n, p) <= 0:
        return None
    middle, ratio = (c + b) / 2, m * n / (p * p)
    if ratio > 1.001:
        total = m / p + n / p
        delta = 2 * z / math.acosh(total / 2)
        gamma = delta * math.asinh((n - m) / p / (2 * math.sqrt(ratio - 1)))
        scale = 2 * p * math.sqrt(ratio - 1) / ((total - 2) * math.sqrt(total + 2))
        return Transform("johnson-su", (gamma, delta, middle + (n - m) / (2 * (total - 2)), scale))
    if ratio >= 0.999:
        return None
    product, rest = (1 + p / m) * (1 + p / n), 1 / ratio - 1
    delta = z / math.acosh(math.sqrt(product) / 2)
    gamma = delta * math.asinh((p / n - p / m) * math.sqrt(product - 4) / (2 * rest))
    scale = p * math.sqrt((product - 2) ** 2 - 4) / rest
    xi = middle - scale / 2 + p * (p / n - p / m) / (2 * rest)
    inside = xi < ordered[0] and ordered[-1] < xi + scale
    return Transform("johnson-sb", (gamma, delta, xi, scale)) if inside else None
