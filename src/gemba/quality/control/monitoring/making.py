"""Points made of what is ready to be judged. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from gemba.quality.control.monitoring.points import Point, Ready

PANELS = 3
"""As many as a chart can have."""


def void_point(item: Ready) -> Point:
    """A point whose values were all voided."""
    return point_of(item._replace(values=()), (), None, "", None)


def point_of(
    item: Ready,
    values: Sequence[float],
    limits: int | None,
    fired: str,
    size: float | None,
    memory: str | None = None,
) -> Point:
    """A point with its values on the panels."""
    first, second, third = [*map(known_value, values), None, None, None][:3]
    return Point(
        item.position, item.sequence, item.slots, len(item.values), first, second, limits, fired,
        item.first_reading, item.last_reading, item.last_position, item.at, item.subgroup,
        third, size, memory,
    )  # fmt: skip


def points_of(
    ready: Sequence[Ready],
    values: Sequence[Sequence[float]],
    limits: int | None,
    fired: Mapping[int, str],
    sizes: Sequence[float | None],
    memories: Sequence[str | None],
) -> list[Point]:
    """The judged points, each with its values on the panels; ``fired`` names the rules by their place."""
    panels: list[Sequence[float | None]] = [*known_values(values)]
    panels += [[None] * len(ready)] * (PANELS - len(panels))
    made = zip(ready, *panels, sizes, memories, strict=True)
    return [
        Point(
            position, sequence, slots, len(members), first, second, limits, fired.get(place, ""),
            first_reading, last_reading, last_position, at, subgroup, third, size, memory,
        )
        for place, (
            (position, sequence, slots, members, first_reading, last_reading, last_position, at, subgroup, _),
            first, second, third, size, memory,
        ) in enumerate(made)
    ]  # fmt: skip


def known_value(value: float) -> float | None:
    """A number as it is stored: nothing where it is not a number, and one zero, as in any database."""
    return None if value != value else value + 0.0  # noqa: PLR0124 (NaN is not itself)


def known_values(panels: Sequence[Sequence[float]]) -> list[list[float | None]]:
    """The same of all values of all panels."""
    return [[None if value != value else value + 0.0 for value in panel] for panel in panels]  # noqa: PLR0124


def number_of(value: float | None) -> float:
    """A stored number; NaN where nothing is stored."""
    return math.nan if value is None else value
