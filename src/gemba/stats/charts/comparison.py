"""Two or more rule sets on the same points: what does each see, and how often does each cry wolf?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from gemba.stats.charts.chart import ControlChart
from gemba.stats.charts.panel import Panel, as_level
from gemba.stats.charts.rules import (
    NELSON,
    PLATFORM,
    RuleSet,
    RulesLike,
    find_violations,
    rule_set,
    rules_for,
)
from gemba.stats.charts.run_length import run_length
from gemba.stats.charts.text import PANEL_WORDS
from gemba.stats.results import N_, NN_, Column, DataError, Result, Table, Translate, translator

FIGURED = ("xbar", "i", "median", "difference", "z", "residual")
"""Panels whose points are nearly normal and independent, so that run lengths can be had."""
_SHOWN = 12


@dataclass(frozen=True)
class RulesFound:
    """What one rule set finds: ``signals`` are unbroken patterns, ``flagged`` the points at which rules fire.

    ``alone`` are the flagged points that no other set flags. ``arl`` is how many points lie between false
    alarms in control and ``found`` after how many a shift of one sigma of the plotted points is seen; NaN for
    points that are not normal.
    """

    name: str
    rules: RuleSet
    signals: int
    flagged: tuple[int, ...]
    alone: tuple[int, ...]
    arl: float
    found: float


@dataclass(frozen=True, kw_only=True, eq=False)
class RuleComparison(Result):
    """Rule sets judged on the points of one chart, as ``sets`` in the order that was asked.

    ``panel`` is the panel whose points they judged, ``points`` how many there are.
    """

    NAME: ClassVar[str] = "rule comparison"

    panel: str
    points: int
    sets: tuple[RulesFound, ...]

    def headline(self, language: str | None = None) -> str:
        """How many signals each set finds."""
        t = translator(language)
        words = t.counted(
            NN_("{panel}, {count} point: {list}.", "{panel}, {count} points: {list}."), self.points
        )
        said = "; ".join(_seen(one, t) for one in self.sets)
        panel = t(PANEL_WORDS.get(self.panel, self.panel))
        return words.format(panel=panel, count=self.points, list=said)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        """A row for each set."""
        t = translator(language)
        columns = [
            Column("name", t(N_("Rules")), align="left"),
            Column("codes", t(N_("Codes")), align="left"),
            Column("signals", t(N_("Signals"))),
            Column("flagged", t(N_("Points"))),
            Column("first", t(N_("First at"))),
            Column("alone", t(N_("Only this set sees")), align="left"),
            Column("arl", t(N_("Points to a false alarm")), digits=4),
            Column("found", t(N_("Points to find 1 sigma")), digits=4),
        ]
        rows = [
            (
                s.name,
                ", ".join(s.rules.codes),
                s.signals,
                len(s.flagged),
                s.flagged[0] if s.flagged else None,
                _listed(s.alone),
                s.arl if s.arl == s.arl else None,
                s.found if s.found == s.found else None,
            )
            for s in self.sets
        ]
        return (Table.build(t(N_("What each set finds")), columns, rows),)

    def explain(self, language: str | None = None) -> str:
        """What is counted, and what the run lengths assume."""
        t = translator(language)
        return " ".join(
            t(words)
            for words in (
                N_(
                    "A signal is one unbroken pattern of one rule; a point counts once, whatever fires there."
                ),
                N_(
                    "Points to a false alarm and to find a shift are averages for independent normal points "
                    "with known limits; the shift is one sigma of the plotted points."
                ),
                N_("A set that sees more on your data is better only where what it sees had a cause."),
            )
        )


def compare_rules(
    chart: ControlChart, rules: Sequence[RulesLike] = (PLATFORM, NELSON), *, panel: str | None = None
) -> RuleComparison:
    """What would other rules have said of these points?

    Parameters
    ----------
    chart : ControlChart
        A chart of your data; its limits stay as they are.
    rules : sequence of rule sets
        Two or more, each as ``rule_set`` takes it: a name, codes, a ``RuleSet``.
    panel : str, optional
        The panel to look at; the first one when left out.

    Returns
    -------
    RuleComparison
        For each set its signals, the points it flags, those that it alone flags, and its false alarms.

    Raises
    ------
    DataError
        When fewer than two sets are given.
    UnknownName
        For an unknown rule or panel.

    Examples
    --------
    >>> from gemba.stats.charts import control_chart
    >>> chart = control_chart("i-mr", [0.1, 2.2, 0.3, 2.4, 3.5, 0.2], mean=0.0, sigma=1.0)
    >>> [(s.name, s.flagged) for s in compare_rules(chart, ["bare", "platform"]).sets]
    [('bare', (5,)), ('platform', (4, 5))]
    """
    if isinstance(rules, str | RuleSet) or len(rules) < 2:
        raise DataError(
            N_("one rule set alone has nothing to be compared with"),
            mend=N_("Give two or more, such as ['platform', 'nelson']"),
            argument="rules",
        )
    shown = chart.panels[0] if panel is None else chart.panel(panel)
    sets = [rule_set(one) for one in rules]
    found = [_find(chart, shown, one) for one in sets]
    return RuleComparison(
        panel=shown.name,
        points=len(shown.points),
        sets=tuple(
            _told(shown, one, mine, [other for place, (_, other) in enumerate(found) if place != at], signals)
            for at, (one, (signals, mine)) in enumerate(zip(sets, found, strict=True))
        ),
    )


def _seen(found: RulesFound, t: Translate) -> str:
    flagged = len(found.flagged)
    signals = t.counted(NN_("{count} signal", "{count} signals"), found.signals).format(count=found.signals)
    points = t.counted(NN_("at {count} point", "at {count} points"), flagged).format(count=flagged)
    return f"{found.name} {signals} {points}"


def _find(chart: ControlChart, panel: Panel, rules: RuleSet) -> tuple[int, set[int]]:
    """How many signals, and at which points; each stage begins afresh."""
    suited = rules_for(panel.name, rules).rules
    signals, flagged = 0, set[int]()
    for stage in chart.stages:
        here = slice(stage.first - 1, stage.last)
        center, sigma, lcl, ucl = (
            as_level(line[here]) for line in (panel.center, panel.sigma, panel.lcl, panel.ucl)
        )
        violations = find_violations(panel.name, panel.points[here], center, sigma, lcl, ucl, suited)
        signals += len(violations)
        flagged |= {point + stage.first - 1 for one in violations for point in one.fired}
    return signals, flagged


def _told(
    panel: Panel, rules: RuleSet, flagged: set[int], others: Sequence[set[int]], signals: int
) -> RulesFound:
    arl = found = float("nan")
    if panel.name in FIGURED:
        arl, found = run_length(rules=rules, shift=[0.0, 1.0]).arl
    alone = flagged.difference(*others)
    return RulesFound(rules.name, rules, signals, tuple(sorted(flagged)), tuple(sorted(alone)), arl, found)


def _listed(points: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, points[:_SHOWN]))
    return f"{shown}, …" if len(points) > _SHOWN else shown
