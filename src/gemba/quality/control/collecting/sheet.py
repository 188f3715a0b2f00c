"""Readings of a batch, and each of their fields as a column: most of the columns hold one value. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from operator import is_
from typing import Any

from msgspec.structs import astuple

from gemba.quality.control.collecting.reading import Reading

FIELDS = Reading.__struct_fields__


class Sheet:
    """Readings that go the same way; what is made of all of them is made once, when it is asked for."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.readings = readings

    def __len__(self) -> int:
        return len(self.readings)

    def __getitem__(self, field: str) -> Sequence[Any]:
        """What the readings have in a field."""
        return self._columns[field]

    @cached_property
    def contents(self) -> list[tuple[Any, ...]]:
        """All that each reading says, in the order of the fields."""
        return [astuple(reading) for reading in self.readings]

    @cached_property
    def _columns(self) -> dict[str, Sequence[Any]]:
        columns = zip(*self.contents, strict=True) if self.readings else [()] * len(FIELDS)
        return dict(zip(FIELDS, columns, strict=True))

    def holds_only(self, field: str, value: object) -> bool:
        """Whether a field holds this value in every reading."""
        column = self[field]
        return column.count(value) == len(column)

    def only(self, readings: Sequence[Reading]) -> Sheet:
        """The sheet of some of its readings, in their order; itself, where it is all of them as they are."""
        same = len(readings) == len(self.readings) and all(map(is_, readings, self.readings))
        return self if same else Sheet(readings)
