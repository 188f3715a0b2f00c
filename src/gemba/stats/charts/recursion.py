"""Long recursions by whole arrays: what a plain loop gives, in a fraction of its time.

Up to ``SHORT`` values the plain loop itself is run, so that a chart of usual length agrees with the stream to
the last bit.
"""

from __future__ import annotations

import numpy as np

from gemba.stats.kernels import fast
from gemba.stats.results import Floats

SHORT = 2_048
_BLOCK = 64
_PIECE = 4_096


def decaying_sums(values: Floats, keep: float, start: Floats | float = 0.0) -> Floats:
    """``y[i] = keep * y[i - 1] + values[i]`` along the first axis, with ``y[-1] = start``.

    Cut into blocks, which all run at once from zero; what each inherits from the block before it is again
    such a sum over the blocks, and decays into it.
    """
    if fast() and values.ndim == 1:
        from gemba.stats.kernels import recursions

        return recursions.decaying(values, keep, float(np.asarray(start)))
    if len(values) <= SHORT:
        return _loop(values, keep, start)
    whole = len(values) // _BLOCK * _BLOCK
    out = np.empty_like(values)
    blocks = out[:whole].reshape(-1, _BLOCK, *values.shape[1:])
    given = values[:whole].reshape(blocks.shape)
    blocks[:, 0] = given[:, 0]
    for place in range(1, _BLOCK):
        np.multiply(blocks[:, place - 1], keep, out=blocks[:, place])
        blocks[:, place] += given[:, place]
    ends = decaying_sums(blocks[:, -1], keep**_BLOCK, start)
    inherited = np.concatenate([np.broadcast_to(start, (1, *values.shape[1:])), ends[:-1]])
    decay = (keep ** np.arange(1.0, _BLOCK + 1)).reshape(-1, *[1] * (values.ndim - 1))
    blocks += decay * inherited[:, None]
    out[whole:] = decaying_sums(values[whole:], keep, ends[-1])
    return out


def floored_sums(values: Floats, start: float) -> Floats:
    """``y[i] = max(0, y[i - 1] + values[i])``, with ``y[-1] = start``: one side of a cusum.

    A sum that is floored at zero is the free sum less its lowest value so far, where that is below zero;
    short pieces keep the free sum near zero and with it the digits.
    """
    if fast():
        from gemba.stats.kernels import recursions

        return recursions.floored(values, start)
    if len(values) <= SHORT:
        return _floored_loop(values, start)
    out = np.empty_like(values)
    for first in range(0, len(values), _PIECE):
        free = out[first : first + _PIECE]
        np.cumsum(values[first : first + _PIECE], out=free)
        free += start
        free -= np.minimum(np.minimum.accumulate(free), 0.0)
        start = float(free[-1])
    return out


def _loop(values: Floats, keep: float, start: Floats | float) -> Floats:
    if values.ndim > 1:
        out, last = np.empty_like(values), start
        for place, value in enumerate(values):
            last = out[place] = keep * last + value
        return out
    listed, now = [], float(start)
    for number in values.tolist():
        now = keep * now + number
        listed.append(now)
    return np.array(listed, dtype=np.float64)


def _floored_loop(values: Floats, start: float) -> Floats:
    listed, now = [], start
    for number in values.tolist():
        now = max(0.0, now + number)
        listed.append(now)
    return np.array(listed, dtype=np.float64)
