"""Read-only arrays: what a result holds cannot be changed behind its back."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Array: TypeAlias = Floats | Ints | Bools


def frozen_array(values: ArrayLike, dtype: Any = np.float64) -> Any:
    """The values as a read-only array that shares no memory with a writable one.

    An array that is already read-only, owns its memory and has the wanted type is returned as it is.
    """
    array = np.asarray(values, dtype=dtype)
    if array.flags.writeable or not _is_sealed(array):
        array = array.copy()
        array.flags.writeable = False
    return array


def sealed(array: Any) -> Any:
    """Mark an array that was just made, and that nobody else holds, as read-only without a copy."""
    array.flags.writeable = False
    return array


def _is_sealed(array: Any) -> bool:
    base = array.base
    while isinstance(base, np.ndarray):
        if base.flags.writeable:
            return False
        base = base.base
    return base is None
