"""Measurements by the levels of one or two factors, complete rows only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gemba.stats.data import Frame, get_labels, get_numbers
from gemba.stats.results import N_, DataError, Floats, Ints


@dataclass(frozen=True, eq=False)
class Grouped:
    """``values`` with, for each factor, its level names and the level number of every value."""

    values: Floats
    levels: tuple[tuple[str, ...], ...]
    codes: tuple[Ints, ...]
    missing: int


def group_values(frame: Frame, value: str, factors: Sequence[str]) -> Grouped:
    """Values with their factor levels; a row without a value or a level is left out and counted.

    Levels that are numbers are in rising order, others in the order in which they first appear.
    """
    values = get_numbers(frame, value, argument="value")
    labels = [get_labels(frame, name, argument="factor") for name in factors]
    kept = ~np.isnan(values) & np.array([None not in row for row in zip(*labels, strict=True)], dtype=bool)
    levels, codes = [], []
    for name, column in zip(factors, labels, strict=True):
        present = [label for label, keep in zip(column, kept, strict=True) if keep]
        found = _level_order(present)
        if len(found) < 2:
            raise DataError(
                N_("the factor needs at least 2 levels with data, and it has {count}"),
                mend=N_("Check that this is the right column"),
                column=name,
                count=len(found),
            )
        places = {label: place for place, label in enumerate(found)}
        levels.append(tuple(str(label) for label in found))
        codes.append(np.array([places[label] for label in present], dtype=np.int64))
    return Grouped(values[kept], tuple(levels), tuple(codes), int((~kept).sum()))


def _level_order(labels: Sequence[object]) -> list[object]:
    distinct = list(dict.fromkeys(labels))
    numbers = [label for label in distinct if isinstance(label, int | float)]
    ordered: list[object] = [*sorted(numbers)]
    return ordered if len(ordered) == len(distinct) else distinct
