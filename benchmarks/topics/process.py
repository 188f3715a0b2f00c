"""The process that is measured: normal, with a small shift in its last tenth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def process(count: int) -> NDArray[np.float64]:
    """So many values, the same in every run."""
    values = np.random.default_rng(20261122).normal(10.0, 0.1, count)
    values[-count // 10 :] += 0.02
    return values
