"""Statistics for quality work: right, fast, and proved on the user's machine."""

from gemba.stats.results import DataError, MissingExtra, Result, StatsError, Table, UnknownName, restore

__all__ = ["DataError", "MissingExtra", "Result", "StatsError", "Table", "UnknownName", "restore"]
