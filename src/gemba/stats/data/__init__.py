"""What comes in, validated once: samples, subgroups, counts with denominators, tolerances.

After this door nothing is checked again: every array is float64 or int64, read-only, and finite except
for NaN, which means "missing". Neighbours: ``readers`` fill these shapes from files; ``charts`` and
``capability`` compute from them.
"""

from gemba.stats.data.counts import Counts
from gemba.stats.data.frames import (
    Frame,
    all_finite,
    backend_of,
    column_names,
    count_missing,
    get_labels,
    get_numbers,
)
from gemba.stats.data.sample import Sample
from gemba.stats.data.subgroups import Subgroups
from gemba.stats.data.tolerance import Tolerance
from gemba.stats.data.vectors import Vectors

__all__ = [
    "Counts",
    "Frame",
    "Sample",
    "Subgroups",
    "Tolerance",
    "Vectors",
    "all_finite",
    "backend_of",
    "column_names",
    "count_missing",
    "get_labels",
    "get_numbers",
]
