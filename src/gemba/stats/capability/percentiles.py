"""Indices from percentiles, as ISO 22514-2 has them for any distribution, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from gemba.stats.capability.intervals import Interval
from gemba.stats.data import Tolerance
from gemba.stats.distributions import FAMILIES, Fit, normal_ppf
from gemba.stats.distributions.families import NORMAL
from gemba.stats.distributions.fitting import fit_gamma, fit_shape
from gemba.stats.distributions.transforms import Transform
from gemba.stats.results import Floats

SHARES = (0.0013498980316300946, 0.5, 0.9986501019683699)
"""What lies below mean - 3 sigma, mean and mean + 3 sigma of a normal distribution: 0.135 and 99.865 %."""
RUNS, DRAWN, SLOWER = 1999, 2_000_000, 200_000


class Law(Protocol):
    """What gives percentiles and shares."""

    def quantile(self, p: Any) -> Floats:
        """Values below which the shares lie."""

    def cdf(self, x: Any) -> Floats:
        """The share below."""

    def sf(self, x: Any) -> Floats:
        """The share above."""


@dataclass(frozen=True)
class Sample:
    """The ordered values themselves as a law: nothing is assumed, and nothing is known beyond them."""

    values: Floats

    def quantile(self, p: Any) -> Floats:
        """Percentiles at (n + 1) p, and the extreme values beyond."""
        return np.asarray(np.quantile(self.values, p, method="weibull"))

    def cdf(self, x: Any) -> Floats:
        """The share strictly below."""
        return np.asarray((self.values < x).mean())

    def sf(self, x: Any) -> Floats:
        """The share strictly above."""
        return np.asarray((self.values > x).mean())


@dataclass(frozen=True)
class Indices:
    """Pp, Ppl, Ppu and Ppk; ``None`` without the limit."""

    pp: float | None
    ppl: float | None
    ppu: float | None
    ppk: float


def indices_of(low: Any, middle: Any, high: Any, tolerance: Tolerance) -> dict[str, Any]:
    """The indices by name from three percentiles, numbers or arrays of them."""
    lsl, usl = tolerance.required_lsl, tolerance.required_usl
    ppl = None if lsl is None else (middle - lsl) / (middle - low)
    ppu = None if usl is None else (usl - middle) / (high - middle)
    pp = None if lsl is None or usl is None else (usl - lsl) / (high - low)
    sides = [side for side in (ppl, ppu) if side is not None]
    return {"pp": pp, "ppl": ppl, "ppu": ppu, "ppk": np.minimum(sides[0], sides[-1])}


def percentile_indices(law: Law, tolerance: Tolerance) -> Indices:
    """The indices of a law."""
    low, middle, high = law.quantile(np.array(SHARES)).tolist()
    found = indices_of(low, middle, high, tolerance)
    pp, ppl, ppu = (None if found[name] is None else float(found[name]) for name in ("pp", "ppl", "ppu"))
    return Indices(pp, ppl, ppu, float(found["ppk"]))


def bounds(
    law: Law, values: Floats, tolerance: Tolerance, confidence: float
) -> tuple[float, dict[str, Interval]]:
    """Ppk of the process itself is above the first, and each index lies within its interval.

    Samples of the size are drawn from the law and fitted anew, with threshold and transform held. How far
    their index lies above that of the law is how far ours may lie above that of the process. Where an index
    is not above zero the difference is taken, else the ratio.
    """
    n, runs = len(values), max(199, min(RUNS, DRAWN // len(values)))
    chance = np.random.default_rng(20_261_128)
    low, middle, high = _redrawn(law, chance, runs, n)
    with np.errstate(divide="ignore", invalid="ignore"):  # a drawn sample may have no spread on one side
        played = indices_of(low, middle, high, tolerance)
    mine = law.quantile(np.array(SHARES)).tolist()
    ours = indices_of(mine[0], mine[1], mine[2], tolerance)
    outside = (1 - confidence) / 2
    intervals = {
        name: Interval(
            _reached(float(index), played[name], 1 - outside, "higher"),
            _reached(float(index), played[name], outside, "lower"),
        )
        for name, index in ours.items()
        if index is not None
    }
    return _reached(float(ours["ppk"]), played["ppk"], confidence, "higher"), intervals


def _reached(ours: float, played: Floats, share: float, side: Literal["higher", "lower"]) -> float:
    found = float(np.quantile(np.nan_to_num(played, nan=np.inf), share, method=side))
    return ours * ours / found if ours > 0 and found > 0 else 2 * ours - found


def _redrawn(law: Law, chance: np.random.Generator, runs: int, n: int) -> tuple[Floats, Floats, Floats]:
    """Three percentiles of each drawn sample."""
    if isinstance(law, Sample):
        rows = law.values[chance.integers(0, n, (runs, n))]
        low, middle, high = np.quantile(rows, SHARES, axis=1, method="weibull")
        return low, middle, high
    if isinstance(law, Transform):
        z = normal_ppf(np.array(SHARES))
        location, scale = fit_shape(law.mean + law.sd * chance.standard_normal((runs, n)), NORMAL)
        low, middle, high = (law.backward(location + scale * one) for one in z)
        return low, middle, high
    assert isinstance(law, Fit)  # noqa: S101 (told to the type checker: there is no fourth kind)
    return _refitted(law, chance, runs, n)


def _refitted(law: Fit, chance: np.random.Generator, runs: int, n: int) -> tuple[Floats, Floats, Floats]:
    from scipy.special import gammaincinv

    family = FAMILIES[law.family]
    if family.special is not None:
        rows = family.special.draw(chance, law.numbers, (min(runs, max(199, SLOWER // n)), n))
        fitted = family.special.fit(rows, law.numbers)
        low, middle, high = (np.asarray(family.special.quantile(fitted, p)) for p in SHARES)
        return low, middle, high
    if family.name == "gamma":
        shape, scale = fit_gamma(np.maximum(chance.gamma(law.shape, law.scale, (runs, n)), 1e-300))
        low, middle, high = (scale * gammaincinv(shape, p) for p in SHARES)
        return low, middle, high
    if family.shape is None:
        scale = chance.exponential(law.scale, (runs, n)).mean(axis=1)
        low, middle, high = (law.threshold - scale * np.log1p(-p) for p in SHARES)
        return low, middle, high
    drawn = law.location + law.scale * family.shape.draw(chance, (runs, n))
    location, scale = fit_shape(drawn, family.shape)
    back: Callable[[Any], Any] = np.exp if family.logged else np.asarray
    low, middle, high = (law.threshold + back(location + scale * float(family.shape.ppf(p))) for p in SHARES)
    return low, middle, high
