"""Read-only arrays: what a result holds cannot be changed behind its back."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Array: TypeAlias = Floats | Ints | Bools

_PAGE, _LARGE = 1 << 21, 1 << 20


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


def unfilled(shape: int | tuple[int, ...], dtype: Any = np.float64) -> Any:
    """An array to be filled at once, which begins where a large page of memory does if it is large.

    Memory that is touched for the first time costs more than most of what is computed in it, and far less in
    pages of 2 MB than in those of 4 KB; but an array that begins anywhere has none of them at its ends.
    """
    count = math.prod(shape) if isinstance(shape, tuple) else int(shape)
    size = np.dtype(dtype).itemsize
    if count * size < _LARGE:
        return np.empty(shape, dtype)
    whole = np.empty(count + 2 * _PAGE // size, dtype)
    first = -whole.__array_interface__["data"][0] % _PAGE // size
    array = whole[first : first + count].reshape(shape)
    whole.flags.writeable = False
    return array


def steps_from(first: int, step: int, count: int) -> Ints:
    """Whole numbers at equal distance, in such an array."""
    steps: Ints = unfilled(count, np.int64)
    steps.fill(step)
    steps[:1] = first
    np.cumsum(steps, out=steps)
    return steps


def _is_sealed(array: Any) -> bool:
    base = array.base
    while isinstance(base, np.ndarray):
        if base.flags.writeable:
            return False
        base = base.base
    return base is None
