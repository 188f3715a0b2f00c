"""One column of measurements in time order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gemba.stats.data.frames import Frame, count_missing, get_numbers
from gemba.stats.results import N_, DataError, Floats


@dataclass(frozen=True, eq=False)
class Sample:
    """Measurements in time order.

    ``values`` has NaN where one is missing; ``name`` is the characteristic as the caller called it,
    ``unit`` its unit or ``""``.
    """

    values: Floats
    name: str = "value"
    unit: str = ""

    @classmethod
    def of(cls, frame: Frame, value: str | None = None, *, unit: str = "", at_least: int = 1) -> Sample:
        """A sample from a column of a frame, or from bare numbers.

        Parameters
        ----------
        frame : Frame
            Where the numbers are.
        value : str, optional
            The column; not needed for bare numbers.
        unit : str
            Unit of measurement, for labels.
        at_least : int
            How many values that are not missing the question needs.

        Raises
        ------
        DataError
            When there are too few values, or text or infinity among them.

        Examples
        --------
        >>> Sample.of([9.8, 10.1, None, 10.0]).present
        array([ 9.8, 10.1, 10. ])
        """
        sample = cls(get_numbers(frame, value, argument="value"), value or "value", unit)
        total = len(sample.values)
        count = total - sample.missing
        if count < at_least:
            raise DataError(
                N_("there are too few values: {count} in {total} rows, where {needed} are needed")
                if count
                else N_("there are no values"),
                mend=N_("Give more data, or check that this is the right column"),
                argument=None if value else "value",
                column=value,
                count=count,
                total=total,
                needed=at_least,
            )
        return sample

    def part(self, first: int, stop: int) -> Sample:
        """The values from ``first`` up to ``stop``, counted from 0."""
        return Sample(self.values[first:stop], self.name, self.unit)

    @property
    def present(self) -> Floats:
        """The values that are not missing, in time order."""
        present: Floats = self.values[~np.isnan(self.values)]
        return present

    @property
    def rows(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Row numbers, from 1, of the values that are not missing."""
        return np.flatnonzero(~np.isnan(self.values)) + 1

    @cached_property
    def missing(self) -> int:
        """How many values are missing."""
        return count_missing(self.values)
