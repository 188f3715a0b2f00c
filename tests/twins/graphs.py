"""The graphs a second time, in plain Python, the slow way."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise


def rank_categories(labels: Sequence[str | None]) -> list[tuple[str, int, Fraction, Fraction]]:
    """Category, count, share and cumulative share, the most frequent first, equal ones by name."""
    counted = Counter(label for label in labels if label is not None)
    total = sum(counted.values())
    ranked = []
    so_far = 0
    for name in sorted(counted, key=lambda name: (-counted[name], name)):
        so_far += counted[name]
        ranked.append((name, counted[name], Fraction(counted[name], total), Fraction(so_far, total)))
    return ranked


def count_between(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    """How many values each bin holds: its lower border in, its upper one out, the last one whole."""
    counts = [0] * (len(edges) - 1)
    for value in values:
        for i in range(len(counts)):
            last = i == len(counts) - 1
            if edges[i] <= value and (value < edges[i + 1] or (last and value == edges[i + 1])):
                counts[i] += 1
                break
    return counts


def normal_share_below(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def count_runs(signs: Sequence[object]) -> tuple[int, int]:
    """The number of runs of equal signs, and the length of the longest."""
    lengths = [len(list(group)) for _, group in groupby(signs)]
    return len(lengths), max(lengths, default=0)


def check_runs_about(values: Sequence[float], center: float) -> tuple[int, float, float]:
    """Runs about a line, their expected number and the probability of so few."""
    signs = [value > center for value in values]
    m, n = signs.count(True), signs.count(False)
    runs, _ = count_runs(signs)
    expected = 1 + Fraction(2 * m * n, m + n)
    variance = (expected - 1) * (expected - 2) / (m + n - 1)
    return runs, float(expected), normal_share_below(float(runs - expected) / math.sqrt(variance))


def check_runs_up_and_down(values: Sequence[float]) -> tuple[int, float, float]:
    """Runs of rises and falls, their expected number and the probability of so few."""
    kept = [value for value, _ in groupby(values)]
    signs = [b > a for a, b in pairwise(kept)]
    runs, _ = count_runs(signs)
    expected, variance = (2 * len(kept) - 1) / 3, (16 * len(kept) - 29) / 90
    return runs, expected, normal_share_below((runs - expected) / math.sqrt(variance))


def quartile(values: Sequence[float], share: Fraction) -> float:
    """The value at rank (n + 1) p, between neighbours in proportion, never outside the data."""
    ordered = sorted(values)
    rank = min(max((len(ordered) + 1) * share, Fraction(1)), Fraction(len(ordered)))
    whole = int(rank)
    low = ordered[whole - 1]
    high = ordered[min(whole, len(ordered) - 1)]
    return low + float(rank - whole) * (high - low)


def split_by_fences(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """The ends of the whiskers and the values beyond Tukey's fences, in the order of the data."""
    q1, q3 = quartile(values, Fraction(1, 4)), quartile(values, Fraction(3, 4))
    low, high = q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)
    inside = [value for value in values if low <= value <= high]
    return min(inside), max(inside), [value for value in values if not low <= value <= high]
