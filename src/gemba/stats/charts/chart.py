"""A control chart as a result: its points, lines, violations and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from gemba.stats.charts.cautions import Caution
from gemba.stats.charts.limits import Limits
from gemba.stats.charts.panel import Panel
from gemba.stats.charts.rules import RuleSet, Violations
from gemba.stats.charts.text import chart_headline, explain_chart, points_table, verdict_tables
from gemba.stats.results import N_, Result, Table, UnknownName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gemba.stats.charts.events import Event
    from gemba.stats.figures import Figure

Label = str | int | float | None

SHOWN_POINTS = 40
"""Up to this many points ``summary`` prints them all, and so many rows of every other table."""


@dataclass(frozen=True)
class Stage:
    """A stretch of the chart with limits of its own: points ``first`` to ``last``, numbered from 1."""

    name: Label
    first: int
    last: int
    limits: Limits


@dataclass(frozen=True)
class Exclusion:
    """A point that stays on the chart and out of the estimate, and why."""

    point: int
    label: Label
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class ControlChart(Result):
    """A judged control chart.

    Parameters
    ----------
    kind : str
        The kind of chart.
    phase : {"I", "II"}
        Limits estimated from these data, or frozen before.
    stages : tuple of Stage
        At least one.
    panels : tuple of Panel
        The points and lines of each panel.
    rules : RuleSet
        The rules that were asked for; each panel takes those that suit it.
    violations : Violations
        Every violation of every rule, with all its points, numbered from 1.
    excluded : tuple of Exclusion
        Points left out of the estimate. They are judged as all others are.
    warnings : tuple of Caution
        What a reader should know beside the verdict.
    labels : tuple or None
        The names of the points.
    name, axis : str
        What is measured, and what the labels are.
    """

    NAME = "control chart"
    SCHEMA = 2
    UPGRADES: ClassVar = {1: dict}

    kind: str
    phase: Literal["I", "II"]
    stages: tuple[Stage, ...]
    panels: tuple[Panel, ...]
    rules: RuleSet
    violations: Violations
    excluded: tuple[Exclusion, ...] = ()
    warnings: tuple[Caution, ...] = ()
    labels: tuple[Label, ...] | None = None
    name: str = "value"
    axis: str = ""

    @property
    def limits(self) -> Limits:
        """The limits of the last stage: freeze these to judge what comes next."""
        return self.stages[-1].limits

    @property
    def stable(self) -> bool:
        """Whether no rule fired."""
        return len(self.violations) == 0

    def panel(self, name: str) -> Panel:
        """The panel of that name."""
        for panel in self.panels:
            if panel.name == name:
                return panel
        raise UnknownName(name, [panel.name for panel in self.panels], what=N_("panel"), argument="name")

    def headline(self, language: str | None = None) -> str:
        """Stable, or which rules fired where."""
        return chart_headline(self, language)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """The points, the limits, and the violations when there are any."""
        return points_table(self, language), *verdict_tables(self, language)

    def explain(self, language: str | None = None) -> str:
        """Estimator, constants, formulas, excluded points, rules and source."""
        return explain_chart(self, language)

    def summary(self, language: str | None = None) -> str:
        """Headline, warnings, limits and violations as text; the points too when they are few."""
        tables = list(verdict_tables(self, language))
        if len(self.panels[0].points) <= SHOWN_POINTS:
            tables.append(points_table(self, language))
        cautions = "\n".join(caution.words(language) for caution in self.warnings)
        shown = (table.first(SHOWN_POINTS, language).to_text() for table in tables)
        parts = [self.headline(language), cautions, *shown]
        return "\n\n".join(part for part in parts if part)

    def plot(
        self, *, language: str | None = None, room: float | None = None, events: Sequence[Event] = ()
    ) -> Figure:
        """The chart as a figure; ``room`` is the whole width in pixels, ``events`` stand on its time axis."""
        from gemba.stats.charts.picture import chart_figure

        return chart_figure(self, language=language, room=room, events=events)
