"""Densities and distances of distributions as their definitions read, one value at a time.

A fit of greatest likelihood is right when no small change of a parameter makes these values more likely.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

Density = Callable[[float, Mapping[str, float]], float]


def normal(x: float, p: Mapping[str, float]) -> float:
    return math.exp(-(((x - p["mean"]) / p["sd"]) ** 2) / 2) / (p["sd"] * math.sqrt(2 * math.pi))


def lognormal(x: float, p: Mapping[str, float]) -> float:
    y = x - p.get("threshold", 0.0)
    return normal(math.log(y), {"mean": p["location"], "sd": p["scale"]}) / y


def weibull(x: float, p: Mapping[str, float]) -> float:
    part = (x - p.get("threshold", 0.0)) / p["scale"]
    return p["shape"] / p["scale"] * math.pow(part, p["shape"] - 1) * math.exp(-math.pow(part, p["shape"]))


def gamma(x: float, p: Mapping[str, float]) -> float:
    k, scale = p["shape"], p["scale"]
    return math.pow(x, k - 1) * math.exp(-x / scale) / (math.gamma(k) * math.pow(scale, k))


def exponential(x: float, p: Mapping[str, float]) -> float:
    return math.exp(-x / p["scale"]) / p["scale"]


def logistic(x: float, p: Mapping[str, float]) -> float:
    part = math.exp(-(x - p["location"]) / p["scale"])
    return part / (p["scale"] * (1 + part) ** 2)


def loglogistic(x: float, p: Mapping[str, float]) -> float:
    return logistic(math.log(x), p) / x


def smallest(x: float, p: Mapping[str, float]) -> float:
    z = (x - p["location"]) / p["scale"]
    return math.exp(z - math.exp(z)) / p["scale"]


def largest(x: float, p: Mapping[str, float]) -> float:
    return smallest(-x, {"location": -p["location"], "scale": p["scale"]})


def beta(x: float, p: Mapping[str, float]) -> float:
    a, b = p["shape"], p["second shape"]
    whole = math.gamma(a) * math.gamma(b) / math.gamma(a + b)
    return math.pow(x, a - 1) * math.pow(1 - x, b - 1) / whole


def folded(x: float, p: Mapping[str, float]) -> float:
    both = {"mean": p["location"], "sd": p["scale"]}
    return normal(x, both) + normal(-x, both)


def mixture(x: float, p: Mapping[str, float]) -> float:
    second = normal(x, {"mean": p["second mean"], "sd": p["second sd"]})
    return p["share"] * normal(x, p) + (1 - p["share"]) * second


DENSITIES: dict[str, Density] = {
    "lognormal-3": lognormal,
    "weibull": weibull,
    "weibull-3": weibull,
    "gamma": gamma,
    "exponential": exponential,
    "logistic": logistic,
    "loglogistic": loglogistic,
    "smallest-extreme": smallest,
    "largest-extreme": largest,
    "beta": beta,
    "folded-normal": folded,
    "normal-mixture": mixture,
}


def likelihood(values: Sequence[float], density: Density, parameters: Mapping[str, float]) -> float:
    return math.fsum(math.log(density(value, parameters)) for value in values)


def a_squared(below: Sequence[float]) -> float:
    """From the shares below the ordered values, as Anderson and Darling wrote it."""
    n = len(below)
    parts = [(2 * i - 1) * (math.log(below[i - 1]) + math.log(1 - below[n - i])) for i in range(1, n + 1)]
    return -n - math.fsum(parts) / n
