"""Run rules on words of 64 points: a bit a point, no branch, near the speed at which memory is read."""

from __future__ import annotations

import numpy as np

from gemba.stats.kernels.compiled import compiled
from gemba.stats.results import Floats, Ints

Words = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]

OUTSIDE, INSIDE, MOVE = 0, 1, 2
"""How a track compares a point: beyond either border, between them, or with the point before."""
SIGN, EITHER, TURN = 0, 1, 2
"""What a rule reads of a track: each side, either side, or the turns between them."""

_ONE, _LAST = np.uint64(1), np.uint64(63)
_BLOCK = 64  # words of points that are compared while they lie in the nearest cache
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_PLACES = np.zeros(64, dtype=np.int64)
for _place in range(64):
    _PLACES[((int(_DE_BRUIJN) << _place) & 0xFFFFFFFFFFFFFFFF) >> 58] = _place


@compiled
def _outside(x: Floats, bottom: Floats, top: Floats, step: int, words: tuple[int, int], rows: Words) -> None:
    """Who is above and who is below the borders: full words without a branch, then the last one."""
    first, stop = words
    lower, upper = np.empty(64), np.empty(64)
    lower[:], upper[:] = bottom[0], top[0]
    for word in range(first, min(stop, len(x) // 64)):
        start = word * 64
        here = x[start : start + 64]
        if step:
            lower, upper = bottom[start : start + 64], top[start : start + 64]
        up, down = np.uint64(0), np.uint64(0)
        for bit in range(64):
            up |= np.uint64(here[bit] > upper[bit]) << np.uint64(bit)
            down |= np.uint64(here[bit] < lower[bit]) << np.uint64(bit)
        rows[0, word], rows[1, word] = up, down
    for place in range(max(first, len(x) // 64) * 64, min(stop * 64, len(x))):
        shift = np.uint64(place & 63)
        rows[0, place >> 6] |= np.uint64(x[place] > top[place * step]) << shift
        rows[1, place >> 6] |= np.uint64(x[place] < bottom[place * step]) << shift


@compiled
def _inside(x: Floats, bottom: Floats, top: Floats, step: int, words: tuple[int, int], rows: Words) -> None:
    """Who lies between the borders or on them."""
    first, stop = words
    lower, upper = np.empty(64), np.empty(64)
    lower[:], upper[:] = bottom[0], top[0]
    for word in range(first, min(stop, len(x) // 64)):
        start = word * 64
        here = x[start : start + 64]
        if step:
            lower, upper = bottom[start : start + 64], top[start : start + 64]
        up = np.uint64(0)
        for bit in range(64):
            up |= np.uint64((here[bit] <= upper[bit]) & (here[bit] >= lower[bit])) << np.uint64(bit)
        rows[0, word] = up
    for place in range(max(first, len(x) // 64) * 64, min(stop * 64, len(x))):
        value = x[place]
        inside = (value <= top[place * step]) & (value >= bottom[place * step])
        rows[0, place >> 6] |= np.uint64(inside) << np.uint64(place & 63)


@compiled
def _moves(x: Floats, words: tuple[int, int], rows: Words) -> None:
    """Who lies above and who below the point before; the first has none before it."""
    first, stop = words
    for word in range(max(first, 1), min(stop, len(x) // 64)):
        start = word * 64
        up, down = np.uint64(0), np.uint64(0)
        here, before = x[start : start + 64], x[start - 1 : start + 63]
        for bit in range(64):
            up |= np.uint64(here[bit] > before[bit]) << np.uint64(bit)
            down |= np.uint64(here[bit] < before[bit]) << np.uint64(bit)
        rows[0, word], rows[1, word] = up, down
    for place in range(1, min(64, len(x)) if first == 0 else 1):
        rows[0, 0] |= np.uint64(x[place] > x[place - 1]) << np.uint64(place)
        rows[1, 0] |= np.uint64(x[place] < x[place - 1]) << np.uint64(place)
    for place in range(max(first, 1, len(x) // 64) * 64, min(stop * 64, len(x))):
        shift = np.uint64(place & 63)
        rows[0, place >> 6] |= np.uint64(x[place] > x[place - 1]) << shift
        rows[1, place >> 6] |= np.uint64(x[place] < x[place - 1]) << shift


@compiled
def _present(x: Floats, words: tuple[int, int], there: Words) -> None:
    first, stop = words
    for word in range(first, min(stop, len(x) // 64)):
        here = x[word * 64 : word * 64 + 64]
        seen = np.uint64(0)
        for bit in range(64):
            seen |= np.uint64(here[bit] == here[bit]) << np.uint64(bit)
        there[word] = seen
    for place in range(max(first, len(x) // 64) * 64, min(stop * 64, len(x))):
        value = x[place]
        there[place >> 6] |= np.uint64(value == value) << np.uint64(place & 63)  # noqa: PLR0124 (as above)


@compiled
def note(
    x: Floats, kinds: Ints, lower: Floats, upper: Floats, steps: Ints, tracks: Words, there: Words
) -> None:
    """Note for each track who is high and who is low, and which points are there at all.

    ``kinds`` and ``steps`` have an entry a track: a step of 0 says that the first border of its row in
    ``lower`` and ``upper`` holds for all points, 1 that each point has its own. ``tracks`` has two rows of
    words a track, and is zero before, as ``there`` is.
    """
    for first in range(0, len(there), _BLOCK):
        words = (first, min(first + _BLOCK, len(there)))
        _present(x, words, there)
        for track in range(len(kinds)):
            rows = tracks[track]
            if kinds[track] == OUTSIDE:
                _outside(x, lower[track], upper[track], steps[track], words, rows)
            elif kinds[track] == INSIDE:
                _inside(x, lower[track], upper[track], steps[track], words, rows)
            else:
                _moves(x, words, rows)


@compiled
def _read(rows: Words, reading: int, side: int, into: Words) -> None:
    """What a rule counts of a track: one side, either side, or the turns between them."""
    high, low = rows[0], rows[1]
    if reading == SIGN:
        one = rows[side]
        for word in range(len(into)):
            into[word] = one[word]
    elif reading == EITHER:
        for word in range(len(into)):
            into[word] = high[word] | low[word]
    else:
        up, down = np.uint64(0), np.uint64(0)
        for word in range(len(into)):
            was_up, was_down = (high[word] << _ONE) | (up >> _LAST), (low[word] << _ONE) | (down >> _LAST)
            into[word] = (high[word] & was_down) | (low[word] & was_up)
            up, down = high[word], low[word]


@compiled
def _run_ends(signs: Words, length: int, into: Words) -> None:
    """Whether the last ``length`` points all carry the sign: by runs of twice the length each time."""
    for word in range(len(into)):
        into[word] = signs[word]
    have = 1
    while have < length:
        step = min(have, length - have)
        left, right = np.uint64(step), np.uint64(64 - step)
        for word in range(len(into) - 1, 0, -1):
            into[word] &= (into[word] << left) | (into[word - 1] >> right)
        into[0] &= into[0] << left
        have += step


@compiled
def _crowded(signs: Words, there: Words, need: int, window: int, planes: Words, earlier: Words) -> None:
    """Whether a point carries the sign and enough of the window before it do, back to the last gap.

    ``planes`` count in binary, a row a digit, from zero; the answer is left in the first of them.
    """
    for word in range(len(signs)):
        earlier[word] = planes[0, word] = signs[word]
    for _ in range(window - 1):
        for word in range(len(signs) - 1, -1, -1):
            before = earlier[word - 1] >> _LAST if word else np.uint64(0)
            carry = ((earlier[word] << _ONE) | before) & there[word]
            earlier[word] = carry
            for digit in range(len(planes)):
                sum_of = planes[digit, word] ^ carry
                carry &= planes[digit, word]
                planes[digit, word] = sum_of
    for word in range(len(signs)):
        more, same = np.uint64(0), ~np.uint64(0)
        for digit in range(len(planes) - 1, -1, -1):
            counted = planes[digit, word]
            if (need >> digit) & 1:
                same &= counted
            else:
                more |= same & counted
                same &= ~counted
        planes[0, word] = (more | same) & signs[word]


@compiled
def _gather(words: Words, into: Ints, at: int) -> int:
    """The places of the bits, appended; and where the next ones belong."""
    for word in range(len(words)):
        rest = words[word]
        while rest:
            lowest = rest & (~rest + _ONE)
            into[at] = word * 64 + _PLACES[(lowest * _DE_BRUIJN) >> np.uint64(58)]
            at += 1
            rest ^= lowest
    return at


@compiled
def _digits(number: int) -> int:
    digits = 0
    while number:
        digits += 1
        number >>= 1
    return digits


@compiled
def fire(
    tracks: Words, there: Words, track: int, reading: int, side: int, need: int, window: int, fired: Words
) -> None:
    """At which points a rule fires, as bits in the first row of ``fired``; the others are room to reckon."""
    signs = fired[1]
    _read(tracks[track], reading, side, signs)
    if need == window:
        _run_ends(signs, window, fired[0])
    else:
        planes = np.zeros((_digits(window), len(there)), dtype=np.uint64)
        _crowded(signs, there, need, window, planes, fired[2])
        for word in range(len(there)):
            fired[0, word] = planes[0, word]


@compiled
def places_of(words: Words, count: int) -> Ints:
    """The places of so many bits, in order."""
    into = np.empty(count, dtype=np.int64)
    _gather(words, into, 0)
    return into


@compiled
def count_bits(words: Words) -> int:
    """How many bits are set."""
    total = np.uint64(0)
    for word in range(len(words)):
        bits = words[word]
        bits -= (bits >> _ONE) & np.uint64(0x5555555555555555)
        bits = (bits & np.uint64(0x3333333333333333)) + (
            (bits >> np.uint64(2)) & np.uint64(0x3333333333333333)
        )
        bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
        total += (bits * np.uint64(0x0101010101010101)) >> np.uint64(56)
    return int(total)


@compiled
def _has(words: Words, place: int) -> bool:
    return bool((words[place >> 6] >> np.uint64(place & 63)) & _ONE)


@compiled
def _parted(there: Words, after: int, before: int) -> bool:
    """Whether a point is missing between two."""
    for place in range(after + 1, before):  # noqa: SIM110 (the compiler knows no generator)
        if not _has(there, place):
            return True
    return False


@compiled
def _heads(fired: Words, there: Words, link: int, reach: int, into: Ints) -> int:
    """Start, first and last firing of each pattern, a column each; and how many patterns there are.

    Firings less than ``link`` apart are one pattern, unless a point is missing between them. A pattern
    starts up to ``reach`` points before it fires first, behind the last missing one.
    """
    found = 0
    for word in range(len(fired)):
        rest = fired[word]
        while rest:
            lowest = rest & (~rest + _ONE)
            place = word * 64 + _PLACES[(lowest * _DE_BRUIJN) >> np.uint64(58)]
            rest ^= lowest
            last = into[2, found - 1]
            if found and (place == last + 1 or (place - last < link and not _parted(there, last, place))):
                into[2, found - 1] = place
                continue
            start = place
            while start > 0 and start > place - reach and _has(there, start - 1):
                start -= 1
            into[0, found], into[1, found], into[2, found] = start, place, place
            found += 1
    return found


@compiled
def _merged(heads: Ints, counts: Ints) -> Ints:
    """The patterns of both sides in the order of their first firings, and in a fourth row their side."""
    total, up, down = counts[0] + counts[1], 0, 0
    merged = np.empty((4, total), dtype=np.int64)
    for one in range(total):
        side = 0 if down == counts[1] or (up < counts[0] and heads[0, 1, up] <= heads[1, 1, down]) else 1
        row = down if side else up
        up, down = up + 1 - side, down + side
        for field in range(3):
            merged[field, one] = heads[side, field, row]
        merged[3, one] = side
    return merged


@compiled
def find_patterns(
    tracks: Words, there: Words, check: tuple[int, int, int, int], link: int, reach: int, rooms: Words
) -> tuple[Ints, int, int]:
    """The patterns of a rule: start, first and last firing and side of each, a column each, in order; and
    how many firings and how many points they have.

    ``check`` is the track, the reading, how many signs, and among how many points. ``rooms`` has three rows
    of words for each side: firings and signs stay there for ``tell_patterns``.
    """
    track, reading, need, window = check
    sides = 2 if reading == SIGN else 1
    counts, points = np.zeros(2, dtype=np.int64), 0
    for side in range(sides):
        fire(tracks, there, track, reading, side, need, window, rooms[side])
        counts[side] = count_bits(rooms[side, 0])
    firings = counts[0] + counts[1]
    heads = np.empty((2, 3, max(counts[0], counts[1])), dtype=np.int64)
    for side in range(sides):
        counts[side] = _heads(rooms[side, 0], there, link, reach, heads[side])
    merged = _merged(heads, counts)
    for one in range(merged.shape[1]):
        if need == window:
            points += merged[2, one] + 1 - merged[0, one]
            continue
        for place in range(merged[0, one], merged[2, one] + 1):
            points += _has(rooms[merged[3, one], 1], place)
    return merged, firings, points


@compiled
def tell_patterns(heads: Ints, unbroken: bool, rooms: Words, rows: tuple[Ints, Ints, Ints, Ints]) -> None:
    """The points at which each pattern fires and where they end, and the points that make it and their ends.

    Points are numbered from 1. All points of an ``unbroken`` pattern make it, else those with the sign.
    """
    fired, fired_ends, points, ends = rows
    fired_at, at = 0, 0
    for one in range(heads.shape[1]):
        start, first, last, side = heads[0, one], heads[1, one], heads[2, one], heads[3, one]
        for place in range(first, last + 1):
            if _has(rooms[side, 0], place):
                fired[fired_at] = place + 1
                fired_at += 1
        for place in range(start, last + 1):
            if unbroken or _has(rooms[side, 1], place):
                points[at] = place + 1
                at += 1
        fired_ends[one], ends[one] = fired_at, at


@compiled
def _count_firings(tracks: Words, there: Words, checks: Ints, fired: Ints, stream: int) -> None:
    words = len(there)
    room, found = np.empty((3, words), dtype=np.uint64), np.zeros((2, words), dtype=np.uint64)
    for rule in range(len(checks)):
        track, reading, need, window, is_run = checks[rule]
        for side in range(2 if reading == SIGN else 1):
            fire(tracks, there, track, reading, side, need, window, room)
            fired[rule, stream] += count_bits(room[0])
            for word in range(words):
                found[0, word] |= room[0, word]
                if is_run:
                    found[1, word] |= room[0, word]
    fired[len(checks), stream], fired[len(checks) + 1, stream] = count_bits(found[0]), count_bits(found[1])


@compiled
def judge_streams(
    x: Floats, starts: Ints, kinds: Ints, lower: Floats, upper: Floats, checks: Ints, fired: Ints
) -> None:
    """How many points of each stream ``x[starts[i]:starts[i + 1]]`` fire each rule.

    ``lower`` and ``upper`` have a row a stream and a column a track. ``checks`` has a row a rule: track,
    reading, need, window, and whether it is a run rule. ``fired`` has a row a rule, then a row for any rule
    and one for any run rule, and a column a stream.
    """
    steps = np.zeros(len(kinds), dtype=np.int64)
    for stream in range(len(starts) - 1):
        points = x[starts[stream] : starts[stream + 1]]
        words = (len(points) + 63) // 64
        tracks, there = np.zeros((len(kinds), 2, words), dtype=np.uint64), np.zeros(words, dtype=np.uint64)
        bottom, top = lower[stream].reshape(-1, 1), upper[stream].reshape(-1, 1)
        note(points, kinds, bottom, top, steps, tracks, there)
        _count_firings(tracks, there, checks, fired, stream)
