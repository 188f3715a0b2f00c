"""Capability by percentiles in plain Python: fits by halving, quantiles in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist, fmean, stdev

SHARE = NormalDist().cdf(-3)


def halved(miss: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses zero."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if miss(middle) < 0 else (low, middle)
    return (low + high) / 2


def weibull_fit(values: Sequence[float]) -> tuple[float, float]:
    """Shape and scale of greatest likelihood, by the one equation of the shape."""
    logs = [math.log(value) for value in values]
    center = fmean(logs)

    def miss(shape: float) -> float:
        powers = [math.exp(shape * (log - center)) for log in logs]
        weighted = math.fsum(p * log for p, log in zip(powers, logs, strict=True)) / math.fsum(powers)
        return weighted - 1 / shape - center

    shape = halved(miss, 1e-3, 200.0)
    return shape, fmean([value**shape for value in values]) ** (1 / shape)


def indices(
    low: float, middle: float, high: float, lsl: float, usl: float, outside: float
) -> dict[str, float]:
    ppl, ppu = (middle - lsl) / (middle - low), (usl - middle) / (high - middle)
    found = {"pp": (usl - lsl) / (high - low), "ppl": ppl, "ppu": ppu, "ppk": min(ppl, ppu)}
    return found | {"x_00135": low, "x_50": middle, "x_99865": high, "ppm_total": 1e6 * outside}


def weibull(values: Sequence[float], lsl: float, usl: float) -> dict[str, float]:
    shape, scale = weibull_fit(values)
    at = [scale * math.pow(-math.log(1 - p), 1 / shape) for p in (SHARE, 0.5, 1 - SHARE)]
    outside = math.exp(-math.pow(usl / scale, shape)) + 1 - math.exp(-math.pow(lsl / scale, shape))
    return {"shape": shape, "scale": scale} | indices(at[0], at[1], at[2], lsl, usl, outside)


def lognormal(values: Sequence[float], lsl: float, usl: float) -> dict[str, float]:
    logs = [math.log(value) for value in values]
    curve = NormalDist(fmean(logs), stdev(logs))
    at = [math.exp(curve.mean + z * curve.stdev) for z in (-3, 0, 3)]
    outside = curve.cdf(2 * curve.mean - math.log(usl)) + curve.cdf(math.log(lsl))
    return {"meanlog": curve.mean, "sdlog": curve.stdev} | indices(at[0], at[1], at[2], lsl, usl, outside)


def box_cox(values: Sequence[float]) -> float:
    """Where the slope of the likelihood is zero, the slope by its formula."""
    logs = [math.log(value) for value in values]
    total, n = math.fsum(logs), len(values)

    def falling(exponent: float) -> float:
        y = [math.expm1(exponent * log) / exponent for log in logs]
        slopes = [(log * math.exp(exponent * log) - one) / exponent for log, one in zip(logs, y, strict=True)]
        center = fmean(y)
        top = math.fsum((one - center) * slope for one, slope in zip(y, slopes, strict=True))
        return n * top / math.fsum((one - center) ** 2 for one in y) - total

    return halved(falling, -4.9999, 4.9991)
