"""What a screening answers: every stream with its figures, ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from gemba.stats.charts.rules import RuleSet
from gemba.stats.results import Bools, Floats, Ints, Result, Table, UnknownName
from gemba.stats.results.words import N_
from gemba.stats.screening.findings import FINDINGS
from gemba.stats.screening.measures import Measures
from gemba.stats.screening.words import explain, headline, ranked_table, totals_table

if TYPE_CHECKING:
    from gemba.stats.figures import Figure

SHOWN = 40
"""So many rows ``summary`` prints."""


@dataclass(frozen=True, eq=False)
class Trace:
    """The course of one stream for its small chart: the ``points`` worth drawing and their numbers from 1."""

    stream: str
    numbers: Ints
    points: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Screening(Result):
    """Thousands of streams, each with its figures, the worst first.

    Parameters
    ----------
    streams : tuple of str
        Their names, in the order of the data.
    measures : Measures
        What was measured of each: counts, mean, sigmas, signals, shift, drift.
    kind, size : str, int
        The chart that judged each stream, and how many rows make a subgroup of it.
    rules : RuleSet
        The rules that were asked for.
    rule_names : tuple of str
        Panel and code of each rule that was applied.
    fired : tuple of int array
        For each of them the points at which it fires, stream by stream.
    lsl, usl, target : float array
        The specification of each stream, NaN where there is none.
    cp, cpk, pp, ppk : float array
        Capability, NaN where the specification gives none.
    stable : int array
        1 stable, 0 not stable, -1 nothing to judge.
    found : mapping
        Finding -> which streams have it: ``empty``, ``dead``, ``not capable``, ``shift``, ``drift``,
        ``not stable``.
    order : str
        By what the streams are ranked.
    ranking : int array
        Their places, from 0, the worst first.
    traces : tuple of Trace
        The course of the worst streams.
    chance, min_cpk : float
        What was asked.
    skipped : tuple of str
        Columns that hold no numbers and were left out.
    without_stream : tuple of str
        Specifications that name no stream.
    rows : int
        Values of all streams together, missing ones included.
    """

    NAME: ClassVar[str] = "screening"

    streams: tuple[str, ...]
    measures: Measures
    kind: str
    size: int
    rules: RuleSet
    rule_names: tuple[str, ...]
    fired: tuple[Ints, ...]
    lsl: Floats
    usl: Floats
    target: Floats
    cp: Floats
    cpk: Floats
    pp: Floats
    ppk: Floats
    stable: Ints
    found: dict[str, Bools]
    order: str
    ranking: Ints
    traces: tuple[Trace, ...]
    chance: float
    min_cpk: float
    skipped: tuple[str, ...] = ()
    without_stream: tuple[str, ...] = ()
    rows: int = 0

    def findings(self, stream: str) -> tuple[str, ...]:
        """What was found of one stream, the gravest first."""
        if stream not in self.streams:
            raise UnknownName(stream, self.streams, what=N_("stream"), argument="stream")
        place = self.streams.index(stream)
        return tuple(name for name in FINDINGS if self.found[name][place])

    def worst(self, count: int = 12) -> tuple[str, ...]:
        """The names of the first streams of the ranking."""
        return tuple(self.streams[place] for place in self.ranking[:count].tolist())

    def headline(self, language: str | None = None) -> str:
        """How many streams, and how many of them have each finding."""
        return headline(self, language)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """Every stream in the order of the ranking, and how often each finding came."""
        return ranked_table(self, language), totals_table(self, language)

    def summary(self, language: str | None = None) -> str:
        """Headline, the totals and the worst streams as text."""
        streams, totals = self.tables(language)
        shown = streams.first(SHOWN, language)
        return "\n\n".join([self.headline(language), totals.to_text(), shown.to_text()])

    def explain(self, language: str | None = None) -> str:
        """What is measured, what each finding means, and how the streams are ranked."""
        return explain(self, language)

    def plot(self, *, language: str | None = None) -> Figure:
        """Small charts of the worst streams."""
        from gemba.stats.screening.picture import draw

        return draw(self, language)

    def row(self, stream: str) -> dict[str, Any]:
        """The line of one stream in the table, by the names of its columns."""
        if stream not in self.streams:
            raise UnknownName(stream, self.streams, what=N_("stream"), argument="stream")
        frame = ranked_table(self).to_dict()
        place = frame["stream"].index(stream)
        return {name: values[place] for name, values in frame.items()}
