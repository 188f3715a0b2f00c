"""From one subgroup size to many: each distinct size is computed once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gemba.stats.results import N_, DataError, Floats, Ints, sealed


def of_sizes(constant: Callable[[int], float], sizes: Ints) -> Floats:
    """The constant of every size, NaN where a size is below 2."""
    distinct, places = np.unique(sizes, return_inverse=True)
    values = np.array([constant(int(n)) if n >= 2 else np.nan for n in distinct], dtype=np.float64)
    return sealed(values[places])  # type: ignore[no-any-return]


def check_size(n: float) -> None:
    """Refuse a size from which nothing can be learned about spread."""
    if not n >= 2:
        raise DataError(
            N_("one value has no spread, and the size given is {value}"),
            mend=N_("Give a size of at least 2"),
            argument="n",
            value=n,
        )
