"""Families of distributions: a standard shape, moved and stretched, of a value or of its logarithm."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gemba.stats.distributions.normal import normal_cdf, normal_ppf, normal_sf
from gemba.stats.distributions.special import BETA, FOLDED, MIXTURE, Special
from gemba.stats.results import N_, Floats, Translate, UnknownName, signed

_TINY = 1e-300


@dataclass(frozen=True)
class Shape:
    """A standard distribution: its functions of z, and the slopes of its log density."""

    cdf: Callable[[Any], Any]
    sf: Callable[[Any], Any]
    ppf: Callable[[Any], Any]
    log_density: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    bend: Callable[[Any], Any]
    draw: Callable[[np.random.Generator, tuple[int, int]], Any]


def _expit(z: Any) -> Any:
    from scipy.special import expit

    return expit(z)


def _uniform(chance: np.random.Generator, size: tuple[int, int]) -> Any:
    return np.clip(chance.random(size), 1e-16, 1 - 1e-16)


NORMAL: Final = Shape(
    cdf=normal_cdf,
    sf=normal_sf,
    ppf=normal_ppf,
    log_density=lambda z: -0.5 * z * z - 0.5 * math.log(2 * math.pi),
    slope=lambda z: -z,
    bend=lambda z: -np.ones_like(z),
    draw=lambda chance, size: chance.standard_normal(size),
)
SMALLEST: Final = Shape(
    cdf=lambda z: -np.expm1(-np.exp(z)),
    sf=lambda z: np.exp(-np.exp(z)),
    ppf=lambda p: np.log(-np.log1p(-np.asarray(p))),
    log_density=lambda z: z - np.exp(z),
    slope=lambda z: 1 - np.exp(z),
    bend=lambda z: -np.exp(z),
    draw=lambda chance, size: np.log(-np.log1p(-_uniform(chance, size))),
)
LARGEST: Final = Shape(
    cdf=lambda z: np.exp(-np.exp(-z)),
    sf=lambda z: -np.expm1(-np.exp(-z)),
    ppf=lambda p: -np.log(-np.log(np.asarray(p))),
    log_density=lambda z: -z - np.exp(-z),
    slope=lambda z: np.exp(-z) - 1,
    bend=lambda z: -np.exp(-z),
    draw=lambda chance, size: -np.log(-np.log(_uniform(chance, size))),
)
LOGISTIC: Final = Shape(
    cdf=_expit,
    sf=lambda z: _expit(-z),
    ppf=lambda p: np.log(np.asarray(p)) - np.log1p(-np.asarray(p)),
    log_density=lambda z: -np.abs(z) - 2 * np.log1p(np.exp(-np.abs(z))),
    slope=lambda z: -np.tanh(z / 2),
    bend=lambda z: -0.5 / np.cosh(z / 2) ** 2,
    draw=lambda chance, size: chance.logistic(0.0, 1.0, size),
)


@dataclass(frozen=True)
class Family:
    """A family: its name, its words, its shape, and whether it is one of logarithms or has a threshold.

    ``shape`` is ``None`` for gamma and exponential, which have formulas of their own, and for a ``special``
    family. One of these is fitted only where it is named: physics must speak for it, not the fit alone.
    """

    name: str
    title: str
    shape: Shape | None
    logged: bool = False
    threshold: bool = False
    special: Special | None = None

    @property
    def positive(self) -> bool:
        """Whether it needs values above zero."""
        return not self.threshold and self.special is None and (self.logged or self.shape is None)

    @property
    def count(self) -> int:
        """How many parameters are fitted."""
        if self.special is not None:
            return len(self.special.names)
        return (1 if self.name.startswith("exponential") else 2) + self.threshold


FAMILIES: Final[Mapping[str, Family]] = {
    family.name: family
    for family in (
        Family("normal", N_("Normal"), NORMAL),
        Family("lognormal", N_("Lognormal"), NORMAL, logged=True),
        Family("lognormal-3", N_("Lognormal with threshold"), NORMAL, logged=True, threshold=True),
        Family("weibull", N_("Weibull"), SMALLEST, logged=True),
        Family("weibull-3", N_("Weibull with threshold"), SMALLEST, logged=True, threshold=True),
        Family("gamma", N_("Gamma"), None),
        Family("exponential", N_("Exponential"), None),
        Family("exponential-2", N_("Exponential with threshold"), None, threshold=True),
        Family("logistic", N_("Logistic"), LOGISTIC),
        Family("loglogistic", N_("Loglogistic"), LOGISTIC, logged=True),
        Family("smallest-extreme", N_("Smallest extreme value"), SMALLEST),
        Family("largest-extreme", N_("Largest extreme value"), LARGEST),
        Family("beta", N_("Beta"), None, special=BETA),
        Family("folded-normal", N_("Folded normal"), None, special=FOLDED),
        Family("normal-mixture", N_("Mixture of two normals"), None, special=MIXTURE),
    )
}
USUAL: Final = tuple(name for name, family in FAMILIES.items() if family.special is None)
"""The families that are tried where none is named."""
PARAMETERS: Final[Mapping[str, str]] = {
    "shape": N_("shape"),
    "second shape": N_("second shape"),
    "scale": N_("scale"),
    "location": N_("location"),
    "threshold": N_("threshold"),
    "mean": N_("mean"),
    "sd": N_("sd"),
    "share": N_("share of the first"),
    "second mean": N_("second mean"),
    "second sd": N_("second sd"),
}
"""What the parameters are called."""


def family_named(name: str, argument: str = "distribution") -> Family:
    """The family of that name; the nearest one is offered."""
    if name not in FAMILIES:
        raise UnknownName(str(name), FAMILIES, what=N_("distribution"), argument=argument)
    return FAMILIES[name]


@dataclass(frozen=True)
class Fit:
    """A family with its parameters.

    ``location`` and ``scale`` are those of the standard shape (of the logarithms, where the family is one of
    logarithms); of gamma and exponential ``scale`` is that of the values. ``shape`` is the shape of a gamma,
    ``threshold`` where the distribution begins. ``numbers`` are the parameters of a family with formulas of
    its own.
    """

    family: str
    location: float
    scale: float
    shape: float = 1.0
    threshold: float = 0.0
    numbers: tuple[float, ...] = ()

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters under the names that the field gives them."""
        kind = FAMILIES[self.family]
        if kind.special is not None:
            return dict(zip(kind.special.names, self.numbers, strict=True))
        threshold = {"threshold": self.threshold} if kind.threshold else {}
        if kind.name == "gamma":
            return {"shape": self.shape, "scale": self.scale}
        if kind.shape is None:
            return {"scale": self.scale} | threshold
        if kind.shape is SMALLEST and kind.logged:
            return {"shape": 1 / self.scale, "scale": math.exp(self.location)} | threshold
        if kind.shape is NORMAL and not kind.logged:
            return {"mean": self.location, "sd": self.scale}
        return {"location": self.location, "scale": self.scale} | threshold

    def told(self, t: Translate) -> str:
        """The parameters in words."""
        numbers = self.parameters.items()
        return ", ".join(f"{t(PARAMETERS[name])} {signed(f'{number:.6g}')}" for name, number in numbers)

    def cdf(self, x: Any) -> Floats:
        """The share below each value."""
        return self._of(x, upper=False)

    def sf(self, x: Any) -> Floats:
        """The share above each value, right far out too."""
        return self._of(x, upper=True)

    def quantile(self, p: Any) -> Floats:
        """The values below which the shares lie."""
        from scipy.special import gammaincinv

        kind, shares = FAMILIES[self.family], np.asarray(p, dtype=np.float64)
        if kind.special is not None:
            return np.asarray(kind.special.quantile(self.numbers, shares), dtype=np.float64)
        if kind.name == "gamma":
            return np.asarray(self.scale * gammaincinv(self.shape, shares))
        if kind.shape is None:
            return np.asarray(self.threshold - self.scale * np.log1p(-shares))
        y = self.location + self.scale * kind.shape.ppf(shares)
        return np.asarray(self.threshold + np.exp(y) if kind.logged else y)

    def _of(self, x: Any, *, upper: bool) -> Floats:
        from scipy.special import gammainc, gammaincc

        kind = FAMILIES[self.family]
        if kind.special is not None:
            return np.asarray(
                (kind.special.sf if upper else kind.special.cdf)(self.numbers, x), dtype=np.float64
            )
        away = np.asarray(x, dtype=np.float64) - self.threshold
        if kind.name == "gamma":
            part = np.maximum(away, 0.0) / self.scale
            return np.asarray((gammaincc if upper else gammainc)(self.shape, part))
        if kind.shape is None:
            part = np.maximum(away, 0.0) / self.scale
            return np.asarray(np.exp(-part) if upper else -np.expm1(-part))
        y = np.log(np.maximum(away, _TINY)) if kind.logged else away
        z = (y - self.location) / self.scale
        with np.errstate(over="ignore"):
            return np.asarray((kind.shape.sf if upper else kind.shape.cdf)(z), dtype=np.float64)
