"""A million values to a judged time-weighted chart, beside the loop that everyone writes."""

from __future__ import annotations

from functools import partial
from itertools import accumulate

import numpy as np
from harness import Line, Sheet, median_seconds
from topics.process import process

from gemba import stats as gs

VALUES = 1_000_000
KNOWN = {"mean": 10.0, "sigma": 0.1}


def sheets() -> list[Sheet]:
    values = process(VALUES)
    least = median_seconds(partial(np.sum, values), repeats=99)
    ewma, cusum, ma = (judged(kind, values) for kind in ("ewma", "cusum", "ma"))
    lines = (
        Line("gemba, ewma", ewma, ewma),
        Line("gemba, cusum, both sums", cusum, ewma),
        Line("gemba, ma of 3", ma, ewma),
        Line("np.sum of the values", least, ewma),
        Line("scipy lfilter, z alone", filtered(values), ewma, "no limits, no judgement"),
        Line("a loop in Python, z alone", looped(values), ewma, "no limits, no judgement"),
    )
    return [Sheet(f"Time-weighted charts of {VALUES:,} values", 0.10, lines)]


def judged(kind: str, values: np.ndarray) -> float:
    """Seconds to judge by frozen limits."""
    limits = gs.known_limits(kind, **KNOWN)
    return median_seconds(partial(gs.judge, limits, values))


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
