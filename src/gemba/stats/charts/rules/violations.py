"""Violations: every firing of every rule with all the points that make it, kept as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np

from gemba.stats.charts.rules.rule import Rule
from gemba.stats.charts.rules.words import violation_words
from gemba.stats.results import N_, Bools, Ints, UnknownName, sealed, unfilled
from gemba.stats.results.codec import decode_fields, encode_fields


@dataclass(frozen=True)
class Violation:
    """One unbroken pattern that breaks a rule.

    Parameters
    ----------
    panel : str
        The panel of the chart: ``"xbar"``.
    rule : str
        The code of the rule.
    fired : tuple of int
        Every point at which the rule fires, numbered from 1.
    points : tuple of int
        All points that make the pattern, numbered from 1.
    definition : Rule
        The rule itself.
    """

    panel: str
    rule: str
    fired: tuple[int, ...]
    points: tuple[int, ...]
    definition: Rule = field(repr=False, compare=False)

    def words(self, language: str | None = None) -> str:
        """The violation as a sentence."""
        return violation_words(self.definition, self.points, language)

    def to_dict(self) -> dict[str, Any]:
        """Panel, rule, fired and points as plain JSON values."""
        return {
            "panel": self.panel,
            "rule": self.rule,
            "fired": list(self.fired),
            "points": list(self.points),
        }


@dataclass(frozen=True, eq=False)
class Ragged:
    """Rows of unequal length in one array; row ``i`` ends before ``ends[i]``."""

    values: Ints
    ends: Ints

    def __len__(self) -> int:
        return self.ends.size

    @property
    def starts(self) -> Ints:
        """Where each row starts."""
        return np.concatenate(([0], self.ends[:-1])) if self.ends.size else self.ends

    @property
    def lengths(self) -> Ints:
        """How long each row is."""
        return np.diff(self.ends, prepend=0)

    def row(self, index: int) -> tuple[int, ...]:
        """One row."""
        start = int(self.ends[index - 1]) if index else 0
        return tuple(self.values[start : int(self.ends[index])].tolist())

    def take(self, rows: Ints) -> Ragged:
        """These rows in this order."""
        starts, ends = self.starts[rows], self.ends[rows]
        return Ragged(sealed(self.values[ranges(starts, ends)]), sealed(np.cumsum(ends - starts)))

    @classmethod
    def joined(cls, parts: Sequence[Ragged]) -> Ragged:
        """The rows of all parts, one part after the other."""
        offsets = np.cumsum([0, *(part.values.size for part in parts)])
        ends = [part.ends + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
        values = [part.values for part in parts]
        return cls(sealed(_concatenate(values)), sealed(_concatenate(ends)))

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Ragged:
        """Rows from sequences."""
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        values = np.array([item for row in rows for item in row], dtype=np.int64)
        return cls(sealed(values), sealed(np.cumsum(lengths)))


@dataclass(frozen=True, eq=False)
class Violations(Sequence[Violation]):
    """All violations of a chart; a ``Violation`` is made only when it is asked for.

    They stand in the order of the panels, then of the rules, then of the first point at which they fire.

    Parameters
    ----------
    panels : tuple of str
        The panels that were judged, also those without a violation.
    sizes : tuple of int
        How many points each panel has.
    rules : tuple of Rule
        The rules that the violations speak of.
    panel, rule : int array
        For each violation its place in ``panels`` and in ``rules``.
    fired, points : Ragged
        For each violation the points at which it fires and the points that make it, numbered from 1.
    """

    panels: tuple[str, ...]
    sizes: tuple[int, ...]
    rules: tuple[Rule, ...]
    panel: Ints
    rule: Ints
    fired: Ragged
    points: Ragged

    def __len__(self) -> int:
        return self.rule.size

    @overload
    def __getitem__(self, index: int) -> Violation: ...
    @overload
    def __getitem__(self, index: slice) -> Violations: ...
    def __getitem__(self, index: int | slice) -> Violation | Violations:
        if isinstance(index, slice):
            return self._take(np.arange(len(self))[index])
        place = range(len(self))[index]
        rule = self.rules[int(self.rule[place])]
        panel = self.panels[int(self.panel[place])]
        return Violation(panel, rule.code, self.fired.row(place), self.points.row(place), rule)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Violations):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def flagged(self, panel: str) -> Bools:
        """For each point of the panel: does any rule fire there?"""
        index = self._panel_index(panel)
        flags = np.zeros(self.sizes[index], dtype=np.bool_)
        flags[self.fired.values[np.repeat(self.panel == index, self.fired.lengths)] - 1] = True
        flagged: Bools = sealed(flags)
        return flagged

    def codes_at(self, panel: str) -> dict[int, tuple[str, ...]]:
        """Point number -> codes of the rules that fire there, in the order of the rules."""
        found: dict[int, tuple[str, ...]] = {}
        for place in np.flatnonzero(self.panel == self._panel_index(panel)).tolist():
            code = self.rules[int(self.rule[place])].code
            for point in self.fired.row(place):
                found[point] = (*found.get(point, ()), code)
        return dict(sorted(found.items()))

    def of(self, panel: str | None = None, rule: str | None = None) -> Violations:
        """The violations of one panel, of one rule, or both."""
        keep = np.ones(len(self), dtype=np.bool_)
        if panel is not None:
            keep &= self.panel == self._panel_index(panel)
        if rule is not None:
            keep &= np.isin(self.rule, [i for i, r in enumerate(self.rules) if r.code == rule])
        return self._take(np.flatnonzero(keep))

    def to_list(self) -> list[dict[str, Any]]:
        """One plain dict for each violation, for JSON."""
        return [violation.to_dict() for violation in self]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; ``from_dict`` reads them back."""
        return encode_fields(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Violations:
        """The violations that ``to_dict`` gave."""
        return decode_fields(cls, stored)

    @classmethod
    def join(cls, parts: Iterable[Violations]) -> Violations:
        """The violations of several panels as one."""
        listed = list(parts)
        rules = tuple(dict.fromkeys(rule for part in listed for rule in part.rules))
        panel, rule, offset = [], [], 0
        for part in listed:
            places = np.array([rules.index(r) for r in part.rules], dtype=np.int64)
            panel.append(part.panel + offset)
            rule.append(places[part.rule])
            offset += len(part.panels)
        return cls(
            panels=tuple(name for part in listed for name in part.panels),
            sizes=tuple(size for part in listed for size in part.sizes),
            rules=rules,
            panel=sealed(_concatenate(panel)),
            rule=sealed(_concatenate(rule)),
            fired=Ragged.joined([part.fired for part in listed]),
            points=Ragged.joined([part.points for part in listed]),
        )

    def _panel_index(self, panel: str) -> int:
        if panel not in self.panels:
            raise UnknownName(panel, self.panels, what=N_("panel"), argument="panel")
        return self.panels.index(panel)

    def _take(self, rows: Ints) -> Violations:
        return Violations(
            self.panels,
            self.sizes,
            self.rules,
            sealed(self.panel[rows]),
            sealed(self.rule[rows]),
            self.fired.take(rows),
            self.points.take(rows),
        )


def ranges(starts: Ints, stops: Ints) -> Ints:
    """Every whole number of every half-open range, one range after the other."""
    lengths = stops - starts
    ends = np.cumsum(lengths)
    if not lengths.size:
        return np.zeros(0, dtype=np.int64)
    shifts: Ints = np.repeat(stops - ends, lengths)
    shifts += np.arange(int(ends[-1]))
    return shifts


def _concatenate(parts: Sequence[Ints]) -> Ints:
    joined: Ints = unfilled(sum(part.size for part in parts), np.int64)
    return np.concatenate(parts, out=joined) if parts else joined
