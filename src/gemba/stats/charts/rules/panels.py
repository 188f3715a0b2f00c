"""Which rules suit which panel."""

from __future__ import annotations

from dataclasses import dataclass

from gemba.stats.charts.rules.rule import Rule, RuleSet
from gemba.stats.results import N_, UnknownName, translator

_NO_ZONES = N_("zones of 1 and 2 sigma assume that the points are normally distributed; {points} are not")
_ONLY_LIMITS = N_("each point carries the ones before it with it, so that runs say nothing new")

_NO_SIDES = N_("distances from the mean have no two sides, so that runs say little")

_MOVING_LINE = N_("its centre line itself rises and falls, and the points with it")

_RANGES, _DEVIATIONS, _COUNTS = N_("ranges"), N_("standard deviations"), N_("counts and proportions")
_TIMES, _SPREADS = N_("times between events"), N_("generalized variances")
_SKEWED = {
    "r": _RANGES, "mr": _RANGES, "s": _DEVIATIONS,
    "p": _COUNTS, "np": _COUNTS, "c": _COUNTS, "u": _COUNTS, "g": _COUNTS, "t": _TIMES, "gv": _SPREADS,
}  # fmt: skip
_WEIGHTED = ("ewma", "upper", "lower", "ma", "mewma", "mcusum", "zone")
_DISTANCES = ("t2", "spe")
_SLOPED = ("regression",)
_ALL = ("xbar", "i", "median", "difference", "z", "residual")
_ZONED = ("zone", "within", "outside", "opposite")


@dataclass(frozen=True)
class LeftOut:
    """A rule that does not suit a panel, and why."""

    panel: str
    rule: Rule
    reason: str
    about: str = ""

    def words(self, language: str | None = None) -> str:
        """The reason as a sentence."""
        t = translator(language)
        sentence = t(N_("Rule {code} is not applied to panel {panel}: {reason}."))
        reason = t(self.reason).format(points=t(self.about)) if self.about else t(self.reason)
        return sentence.format(code=self.rule.code, panel=self.panel, reason=reason)


@dataclass(frozen=True)
class Suited:
    """The rules of a set that suit a panel, and those left out."""

    rules: RuleSet
    left_out: tuple[LeftOut, ...]


def rules_for(panel: str, rules: RuleSet) -> Suited:
    """Which rules of the set apply to this panel, and why do the others not?

    Means and individual values take every rule. Ranges, standard deviations and attribute charts take no
    rule with zones, which leaves 1 to 4 of Nelson's. Time-weighted charts take their limits only.

    Parameters
    ----------
    panel : str
        ``"xbar"``, ``"i"``, ``"median"``, ``"r"``, ``"s"``, ``"mr"``, ``"p"``, ``"np"``, ``"c"``,
        ``"u"``, ``"g"``, ``"t"``, ``"ewma"``, ``"upper"`` and ``"lower"`` (of a cusum), ``"ma"``, ``"t2"``,
        ``"mewma"``, ``"gv"``, ``"zone"``, ``"difference"``, ``"z"``, ``"mcusum"``, ``"spe"``,
        ``"regression"`` or ``"residual"``.
    rules : RuleSet
        The rules that were asked for.

    Returns
    -------
    Suited
        ``rules`` to apply, and ``left_out`` with the reasons.

    Raises
    ------
    UnknownName
        When there is no such panel.

    Examples
    --------
    >>> from gemba.stats.charts.rules import NELSON
    >>> suited = rules_for("r", NELSON)
    >>> suited.rules.codes
    ('1', '2', '3', '4')
    >>> print(suited.left_out[0].words())
    Rule 5 is not applied to panel r: zones of 1 and 2 sigma assume that the points are normally \
distributed; ranges are not.
    """
    if panel in _ALL:
        left_out: tuple[LeftOut, ...] = ()
    elif panel in _SKEWED:
        zoned = (rule for rule in rules.rules if rule.test in _ZONED)
        left_out = tuple(LeftOut(panel, rule, _NO_ZONES, _SKEWED[panel]) for rule in zoned)
    elif panel in _WEIGHTED:
        runs = (rule for rule in rules.rules if rule.test != "beyond")
        left_out = tuple(LeftOut(panel, rule, _ONLY_LIMITS) for rule in runs)
    elif panel in _SLOPED:
        moving = (rule for rule in rules.rules if rule.test in ("trend", "alternating"))
        left_out = tuple(LeftOut(panel, rule, _MOVING_LINE) for rule in moving)
    elif panel in _DISTANCES:
        runs = (rule for rule in rules.rules if rule.test != "beyond")
        left_out = tuple(LeftOut(panel, rule, _NO_SIDES) for rule in runs)
    else:
        raise UnknownName(
            panel, [*_ALL, *_SKEWED, *_WEIGHTED, *_DISTANCES, *_SLOPED], what=N_("panel"), argument="panel"
        )
    if not left_out:
        return Suited(rules, ())
    gone = {left.rule.code for left in left_out}
    return Suited(rules.only(tuple(code for code in rules.codes if code not in gone)), left_out)
