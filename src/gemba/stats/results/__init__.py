"""What every answer of ``gemba.stats`` is: a frozen result, its tables, its words, its errors.

Neighbours: every other floor of ``gemba.stats`` builds on this one; this one builds on none.
"""

from gemba.stats.results.arrays import Bools, Floats, Ints, frozen_array, sealed, steps_from, unfilled
from gemba.stats.results.errors import DataError, Marked, MissingExtra, StatsError, Told, UnknownName, require
from gemba.stats.results.result import Result, find_kinds, restore
from gemba.stats.results.table import Column, Table
from gemba.stats.results.words import N_, NN_, Forms, Translate, signed, speaking, spoken, translator

__all__ = [
    "NN_",
    "N_",
    "Bools",
    "Column",
    "DataError",
    "Floats",
    "Forms",
    "Ints",
    "Marked",
    "MissingExtra",
    "Result",
    "StatsError",
    "Table",
    "Told",
    "Translate",
    "UnknownName",
    "find_kinds",
    "frozen_array",
    "require",
    "restore",
    "sealed",
    "signed",
    "speaking",
    "spoken",
    "steps_from",
    "translator",
    "unfilled",
]
