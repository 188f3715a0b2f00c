"""The false-alarm budget: how many alarms a week say nothing, and which rules fit the people there are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from gemba.stats.charts.rules import RuleSet, rule_set
from gemba.stats.charts.rules.presets import PRESETS, RulesLike
from gemba.stats.charts.run_length.result import points_shown
from gemba.stats.charts.run_length.shewhart import shewhart_law
from gemba.stats.charts.run_length.study import run_length_limit
from gemba.stats.results import N_, Column, DataError, Result, Table, translator

OFFERED = ("nelson", "western-electric", "platform", "bare")
"""From the set that sees most to the one that calls least."""
WIDER = (3.5, 4.0)


@dataclass(frozen=True)
class BudgetLine:
    """Charts that are judged alike: how many, at how many points a week each, and what that costs.

    ``name`` says which, ``rules`` is their rule set and ``nsigma`` their limits, ``arl`` the points to a
    false alarm and ``alarms`` the false alarms a week of all of them.
    """

    name: str
    charts: float
    points: float
    rules: str
    nsigma: float
    arl: float
    alarms: float


@dataclass(frozen=True)
class Offer:
    """A rule set for all charts: its ``rules`` at ``nsigma``, the false ``alarms`` a week, and ``found``, the
    points to find a shift of one sigma of the plotted points.
    """

    rules: str
    nsigma: float
    alarms: float
    found: float


@dataclass(frozen=True, kw_only=True, eq=False)
class AlarmBudget(Result):
    """False alarms a week over all charts.

    ``lines`` has one entry a group of charts. ``offers`` compares rule sets as if all charts took them, from
    the one that finds a shift of one sigma first. ``attention`` is how many alarms a week people can look at,
    ``real`` how many true signals a week are expected, where they are known. ``fitting`` are the limits, in
    sigma, at which rule 1 alone would fit the attention.
    """

    NAME: ClassVar[str] = "alarm budget"

    lines: tuple[BudgetLine, ...]
    offers: tuple[Offer, ...]
    attention: float | None = None
    real: float | None = None
    fitting: float | None = None

    @property
    def alarms(self) -> float:
        """False alarms a week of all charts."""
        return math.fsum(line.alarms for line in self.lines)

    @property
    def false_share(self) -> float | None:
        """The share of all alarms that are false, where the number of real ones is known."""
        if self.real is None or self.alarms + self.real == 0:
            return None
        return self.alarms / (self.alarms + self.real)

    @property
    def advised(self) -> Offer | None:
        """The set that sees most among those that the attention can bear."""
        if self.attention is None:
            return None
        fits = [offer for offer in self.offers if offer.alarms <= self.attention]
        return min(fits, key=lambda offer: offer.found, default=None)

    def headline(self, language: str | None = None) -> str:
        t = translator(language)
        charts = math.fsum(line.charts for line in self.lines)
        said = [
            t(N_("{charts:,.0f} charts in control make {alarms} false alarms a week.")).format(
                charts=charts, alarms=points_shown(self.alarms)
            )
        ]
        if self.false_share is not None:
            words = t(N_("With {real:g} real signals a week, {share:.0%} of all alarms are false."))
            said.append(words.format(real=self.real, share=self.false_share))
        if self.attention is not None:
            said.append(self._advice(language))
        return " ".join(said)

    def _advice(self, language: str | None) -> str:
        t = translator(language)
        if self.alarms <= (self.attention or 0):
            return t(N_("That fits an attention of {attention:g} alarms a week.")).format(
                attention=self.attention
            )
        offer = self.advised
        if offer is not None:
            words = N_(
                "That is more than {attention:g} alarms a week; the rules {rules} at {nsigma:g} sigma make "
                "{alarms} and find a shift of one sigma after {found} points."
            )
            return t(words).format(
                attention=self.attention,
                rules=offer.rules,
                nsigma=offer.nsigma,
                alarms=points_shown(offer.alarms),
                found=points_shown(offer.found),
            )
        words = N_(
            "No set of rules fits {attention:g} alarms a week; rule 1 alone at {nsigma:.2f} sigma would. "
            "Watch fewer characteristics, or plot larger subgroups less often."
        )
        return t(words).format(attention=self.attention, nsigma=self.fitting)

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        t = translator(language)
        rules = Column("rules", t(N_("Rules")), align="left")
        reach = Column("nsigma", t(N_("Limits, sigma")))
        alarms = Column("alarms", t(N_("False alarms a week")), decimals=2)
        columns = [
            Column("name", t(N_("Charts")), align="left"),
            Column("charts", t(N_("Number"))),
            Column("points", t(N_("Points a week each"))),
            rules,
            reach,
            Column("arl", t(N_("Points to a false alarm")), digits=4),
            alarms,
        ]
        rows = [
            (x.name or t(N_("all")), x.charts, x.points, x.rules, x.nsigma, x.arl, x.alarms)
            for x in self.lines
        ]
        offered = [
            rules,
            reach,
            alarms,
            Column("found", t(N_("Points to find one sigma")), digits=3),
        ]
        compared = [(offer.rules, offer.nsigma, offer.alarms, offer.found) for offer in self.offers]
        return (
            Table.build(t(N_("False alarms by group of charts")), columns, rows),
            Table.build(t(N_("If all charts took the same rules")), offered, compared),
        )

    def explain(self, language: str | None = None) -> str:
        t = translator(language)
        return t(
            N_(
                "False alarms a week are charts times points a week over the average run length in control "
                "of their rules: independent normal points, known limits, and judging begins anew after "
                "each alarm. Only the panel of single values or means is counted; a second panel adds its "
                "own, about one in 200 points for ranges of five. The share of false alarms among all is "
                "the false discovery rate: with thousands of charts it says more than the run length of "
                "one. Sources: Champ and Woodall, Technometrics 29(4), 1987, 393-399; Benjamini and "
                "Hochberg, Journal of the Royal Statistical Society B 57, 1995, 289-300."
            )
        )


def false_alarm_budget(
    charts: float | Sequence[float],
    points: float | Sequence[float],
    *,
    rules: RulesLike | Sequence[RulesLike] = "platform",
    nsigma: float = 3.0,
    names: Sequence[str] = (),
    attention: float | None = None,
    real: float | None = None,
) -> AlarmBudget:
    """How many false alarms a week do all charts make, and which rules fit the attention there is?

    Parameters
    ----------
    charts : float or sequence of float
        How many charts; a number for each group of charts that are judged alike.
    points : float or sequence of float
        How many points a week each chart of a group has.
    rules : rule set or sequence
        Rules of all groups (a name, or ``"1,2,5"``), or a list with one for each group.
    nsigma : float
        Where their limits stand.
    names : sequence of str
        What the groups are called.
    attention : float, optional
        How many alarms a week people can look at.
    real : float, optional
        How many true signals a week are expected.

    Returns
    -------
    AlarmBudget
        False alarms a week by group and in all, and what other rules would make.

    Raises
    ------
    DataError
        For numbers that cannot be, or lists of different lengths.
    UnknownName
        For an unknown rule.

    Examples
    --------
    >>> budget = false_alarm_budget(400, 168, attention=200)
    >>> round(budget.alarms)
    423
    >>> budget.advised.rules, round(budget.advised.alarms)
    ('bare', 181)
    """
    counts, rates = _numbers(charts, "charts"), _numbers(points, "points")
    groups = max(len(counts), len(rates))
    sets = _sets(rules, groups)
    counts, rates = (_filled(found, groups, name) for found, name in ((counts, "charts"), (rates, "points")))
    called = list(names) or [""] * groups
    if len(called) != groups:
        raise _uneven("names", len(called), groups)
    for name, value in (("attention", attention), ("real", real)):
        if value is not None:
            _numbers(value, name)
    lines = []
    for name, count, rate, chosen in zip(called, counts, rates, sets, strict=True):
        arl = _length(chosen, nsigma, 0.0)
        lines.append(BudgetLine(name, count, rate, chosen.name, nsigma, arl, count * rate / arl))
    every_week = math.fsum(count * rate for count, rate in zip(counts, rates, strict=True))
    return AlarmBudget(
        lines=tuple(lines),
        offers=_offers(every_week),
        attention=attention,
        real=real,
        fitting=_fitting(every_week, attention),
    )


def _offers(every_week: float) -> tuple[Offer, ...]:
    sets = [(PRESETS[name], 3.0) for name in OFFERED] + [(PRESETS["bare"], reach) for reach in WIDER]
    offers = [
        Offer(one.name, reach, every_week / _length(one, reach, 0.0), _length(one, reach, 1.0))
        for one, reach in sets
    ]
    return tuple(sorted(offers, key=lambda offer: offer.found))


def _fitting(every_week: float, attention: float | None) -> float | None:
    if not attention or every_week <= 1.1 * attention:
        return None
    return run_length_limit(arl=min(every_week / attention, 9e8))


@lru_cache(maxsize=128)
def _length(rules: RuleSet, nsigma: float, shift: float) -> float:
    return shewhart_law(rules.rules, shift, nsigma).mean


def _numbers(given: float | Sequence[float], argument: str) -> list[float]:
    listed = [given] if isinstance(given, int | float) else list(given)
    for one in listed:
        if not 0 <= one < math.inf:
            raise DataError(
                N_("{value} is no number of things a week"),
                mend=N_("Give a number of at least 0"),
                argument=argument,
                value=one,
            )
    return [float(one) for one in listed]


def _sets(rules: RulesLike | Sequence[RulesLike], groups: int) -> list[RuleSet]:
    if isinstance(rules, list) and len(rules) == groups and groups > 1:
        return [rule_set(one) for one in rules]
    return [rule_set(rules)] * groups  # type: ignore[arg-type]


def _filled(found: list[float], groups: int, argument: str) -> list[float]:
    if len(found) == 1:
        return found * groups
    if len(found) != groups:
        raise _uneven(argument, len(found), groups)
    return found


def _uneven(argument: str, count: int, groups: int) -> DataError:
    return DataError(
        N_("{count} are given for {groups} groups of charts"),
        mend=N_("Give one for each group, or one number for all"),
        argument=argument,
        count=count,
        groups=groups,
    )
