"""A million values to a judged time-weighted chart, beside the loop that everyone writes."""

from __future__ import annotations

from functools import partial
from itertools import accumulate
from typing import Any

import numpy as np
from harness import Line, Sheet, median_seconds
from topics.process import process

from gemba import stats as gs

VALUES = 1_000_000
POINTS, WIDTH = 100_000, 10
KNOWN = {"mean": 10.0, "sigma": 0.1}


def sheets() -> list[Sheet]:
    values = process(VALUES)
    least = median_seconds(partial(np.sum, values), repeats=99)
    ewma, cusum, ma = (judged(kind, values) for kind in ("ewma", "cusum", "ma"))
    lines = (
        Line("gemba, ewma", ewma, ewma),
        Line("gemba, cusum, both sums", cusum, ewma),
        Line("gemba, ma of 3", ma, ewma),
        *(
            Line(f"gemba, fast, {kind}", judged(kind, values, "fast"), ewma)
            for kind in ("ewma", "cusum", "ma")
        ),
        *residuals(values, ewma),
        Line("np.sum of the values", least, ewma),
        Line("scipy lfilter, z alone", filtered(values), ewma, "no limits, no judgement"),
        Line("a loop in Python, z alone", looped(values), ewma, "no limits, no judgement"),
    )
    return [Sheet(f"Time-weighted charts of {VALUES:,} values", 0.10, lines), several()]


def several() -> Sheet:
    """Ten variables together, beside the one product of matrices that any answer needs."""
    rows = process(POINTS * WIDTH).reshape(POINTS, WIDTH)
    away, turn = rows - rows.mean(axis=0), np.linalg.inv(np.cov(rows.T))
    t2, mewma, mcusum, fast_t2, fast_mewma, fast_mcusum = (
        median_seconds(partial(gs.control_chart, kind, rows, engine=engine))
        for engine in ("numpy", "fast")
        for kind in ("t2", "mewma", "mcusum")
    )
    plain = np.einsum("ij,jk,ik->i", away[:500], turn, away[:500])
    np.testing.assert_allclose(gs.control_chart("t2", rows).panels[0].points[:500], plain, rtol=1e-9)
    lines = (
        Line("gemba, t2", t2, t2, "covariance, distances, limits, judgement"),
        Line("gemba, mewma", mewma, t2),
        Line("gemba, mcusum", mcusum, t2),
        Line("gemba, fast, t2", fast_t2, t2),
        Line("gemba, fast, mewma", fast_mewma, t2),
        Line("gemba, fast, mcusum", fast_mcusum, t2),
        Line("rows @ matrix", median_seconds(lambda: away @ turn), t2, "the least it can take"),
        Line("a loop of mahalanobis", looped_rows(away, turn), t2, "distances alone"),
    )
    return Sheet(f"{WIDTH} variables, {POINTS:,} points", 0.15, lines)


def residuals(values: np.ndarray, against: float) -> tuple[Line, ...]:
    """Residuals of a first-order model with known parameters."""
    limits = gs.known_limits("residual", **KNOWN, phi=0.5)
    both = (median_seconds(partial(gs.judge, limits, values, engine=engine)) for engine in ("numpy", "fast"))
    names = ("gemba, residual", "gemba, fast, residual")
    return tuple(Line(name, seconds, against) for name, seconds in zip(names, both, strict=True))


def looped_rows(away: np.ndarray, turn: np.ndarray) -> float:
    """Seconds of the distance of each row by itself."""
    return median_seconds(lambda: [row @ turn @ row for row in away], repeats=3)


def judged(kind: str, values: np.ndarray, engine: Any = "numpy") -> float:
    """Seconds to judge by frozen limits."""
    limits = gs.known_limits(kind, **KNOWN)
    return median_seconds(partial(gs.judge, limits, values, engine=engine))


def filtered(values: np.ndarray) -> float:
    """Seconds of the filter that gives the same averages."""
    from scipy.signal import lfilter

    lam = gs.known_limits("ewma", **KNOWN).design["lam"]
    z = gs.judge(gs.known_limits("ewma", **KNOWN), values).panel("ewma").points
    np.testing.assert_allclose(lfilter([lam], [1, lam - 1], values - 10.0) + 10.0, z, atol=1e-9)
    return median_seconds(partial(lfilter, [lam], [1, lam - 1], values))


def looped(values: np.ndarray) -> float:
    """Seconds of the plain recursion."""
    return median_seconds(
        lambda: list(accumulate(values.tolist(), lambda z, x: 0.8 * z + 0.2 * x)), repeats=3
    )
