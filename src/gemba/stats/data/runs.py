"""Single values of several parts in time order, as they come from one machine in short runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gemba.stats.data.frames import Frame, get_labels
from gemba.stats.data.sample import Sample
from gemba.stats.results import N_, DataError, Floats, Ints, sealed


@dataclass(frozen=True, eq=False)
class Runs:
    """Values in time order and the part that each belongs to.

    ``values`` has NaN where one is missing; ``parts`` are names, ``name`` the characteristic. A run is an
    unbroken stretch of one part.
    """

    values: Floats
    parts: Any
    name: str = "value"

    @classmethod
    def of(cls, frame: Frame, value: str | None, part: str | None) -> Runs:
        """Runs from a column of values and a column of parts.

        Parameters
        ----------
        frame : Frame
            Where the columns are.
        value, part : str
            The columns.

        Raises
        ------
        DataError
            When there are no values, text among them, or a part is missing.

        Examples
        --------
        >>> Runs.of({"y": [1.0, 2.0, 5.0], "p": ["A", "A", "B"]}, "y", "p").starts
        array([0, 2])
        """
        sample = Sample.of(frame, value)
        if part is None:
            raise DataError(
                N_("it is not said which part each value belongs to"),
                mend=N_("Name the column of the parts"),
                argument="part",
            )
        labels = get_labels(frame, part, argument="part")
        if None in labels:
            raise DataError(
                N_("the part is missing"), mend=N_("Fill it in"), column=part, row=labels.index(None) + 1
            )
        return cls(sample.values, sealed(np.array([str(label) for label in labels])), sample.name)

    def part(self, first: int, stop: int) -> Runs:
        """The values from ``first`` up to ``stop``, counted from 0."""
        return Runs(self.values[first:stop], self.parts[first:stop], self.name)

    @property
    def starts(self) -> Ints:
        """The place, from 0, where each run begins."""
        changes: Ints = np.flatnonzero(np.append(True, self.parts[1:] != self.parts[:-1]))
        return changes

    @property
    def run_names(self) -> Any:
        """For each value its part and the number of its run, from 1."""
        lengths = np.diff(np.append(self.starts, len(self.parts)))
        numbers = np.repeat(np.arange(1, len(lengths) + 1), lengths)
        names = [f"{part}, run {number}" for part, number in zip(self.parts, numbers, strict=True)]
        return np.array(names)
