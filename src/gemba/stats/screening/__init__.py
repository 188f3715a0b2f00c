"""Thousands of streams at once: which are dead, which miss their specification, which have moved?

``screen`` takes a frame, or Parquet files that need not fit into memory, and ranks what it finds. ``streams``
and ``parquet`` cut the data into batches, ``measures`` says of each stream what ``capability`` and
``control_chart`` would say, ``findings`` what is wrong with it, and ``picture`` draws the worst.

Neighbours: ``charts`` judges, ``capability`` is a stranger that gives the same indices of a single stream.
"""

from gemba.stats.screening.measures import Measures
from gemba.stats.screening.result import Screening, Trace
from gemba.stats.screening.study import screen

__all__ = ["Measures", "Screening", "Trace", "screen"]
