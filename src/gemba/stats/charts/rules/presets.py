"""Rule sets by name, and a rule set from what people write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from gemba.stats.charts.rules.rule import Rule, RuleSet
from gemba.stats.results import N_, DataError, UnknownName

RulesLike: TypeAlias = RuleSet | str | Sequence[Rule | str | int]

NELSON = RuleSet(
    "nelson",
    (
        Rule("1", "beyond", k=1),
        Rule("2", "same_side", k=9),
        Rule("3", "trend", k=6),
        Rule("4", "alternating", k=14),
        Rule("5", "zone", k=2, of=3, sigma=2.0),
        Rule("6", "zone", k=4, of=5, sigma=1.0),
        Rule("7", "within", k=15, sigma=1.0),
        Rule("8", "outside", k=8, sigma=1.0),
    ),
)
"""Nelson, Journal of Quality Technology 16(4), 1984, page 238."""

WESTERN_ELECTRIC = RuleSet(
    "western-electric",
    (
        Rule("WE1", "beyond", k=1),
        Rule("WE2", "zone", k=2, of=3, sigma=2.0),
        Rule("WE3", "zone", k=4, of=5, sigma=1.0),
        Rule("WE4", "same_side", k=8),
    ),
)
"""Western Electric, Statistical Quality Control Handbook, 1956, pages 25 to 28."""

BARE = RuleSet("bare", NELSON.rules[:1])
"""Only the limits: the default of a chart that is drawn once."""

PLATFORM = RuleSet("platform", tuple(NELSON[code] for code in ("1", "2", "5")))
"""The default of a chart that is watched: in control one signal in 159 points on average."""

PRESETS: dict[str, RuleSet] = {s.name: s for s in (BARE, PLATFORM, NELSON, WESTERN_ELECTRIC)}
_ALIASES = {"weco": "western-electric", "we": "western-electric", "all": "nelson", "default": "bare"}
_KNOWN = {rule.code: rule for rule in NELSON.rules + WESTERN_ELECTRIC.rules}


def rule_set(spec: RulesLike) -> RuleSet:
    """Which rules are meant?

    Parameters
    ----------
    spec : RuleSet, str or sequence
        A rule set; the name of one (``"nelson"``, ``"western-electric"``, ``"platform"``, ``"bare"``, in
        any case, with a space, hyphen or underscore); codes with commas (``"1,2,5"``); or a sequence of
        codes and own ``Rule`` objects.

    Returns
    -------
    RuleSet
        The rules in the order given.

    Raises
    ------
    UnknownName
        When a name or code is not known.
    DataError
        When no rule is named, or one twice.

    Examples
    --------
    >>> rule_set("1, 2, 5").codes
    ('1', '2', '5')
    >>> rule_set("Western Electric") is WESTERN_ELECTRIC
    True
    """
    if isinstance(spec, RuleSet):
        return spec
    if isinstance(spec, str):
        name = "-".join(spec.lower().replace("_", " ").replace("-", " ").split())
        preset = PRESETS.get(_ALIASES.get(name, name))
        if preset is not None:
            return preset
        spec = _codes(spec)
    if not isinstance(spec, Sequence):
        raise DataError(
            N_("{value} names no rules"),
            mend=N_("Name a rule set, such as 'nelson', or codes, such as '1,2,5'"),
            argument="rules",
            value=spec,
        )
    rules = tuple(item if isinstance(item, Rule) else _known(str(item).strip()) for item in spec)
    if not rules:
        raise DataError(
            N_("no rule is named"),
            mend=N_("Name a rule set, such as 'nelson', or codes, such as '1,2,5'"),
            argument="rules",
        )
    return RuleSet(",".join(rule.code for rule in rules), rules)


def _codes(text: str) -> list[str]:
    codes = [code.strip() for code in text.split(",") if code.strip()]
    if len(codes) == 1 and codes[0].upper() not in _KNOWN:
        raise UnknownName(codes[0], [*PRESETS, *_KNOWN], what=N_("rule or rule set"), argument="rules")
    return codes


def _known(code: str) -> Rule:
    rule = _KNOWN.get(code.upper())
    if rule is None:
        raise UnknownName(code, list(_KNOWN), what=N_("rule"), argument="rules")
    return rule
