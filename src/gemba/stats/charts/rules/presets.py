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

AIAG = RuleSet("aiag", NELSON.adjust("2", k=7).rules)
"""AIAG, Statistical Process Control, 2nd ed., 2005, table of criteria: Nelson's with seven on one side."""

JURAN = RuleSet(
    "juran",
    (
        Rule("J1", "beyond", k=1),
        Rule("J2", "zone", k=2, of=3, sigma=2.0),
        Rule("J3", "zone", k=4, of=5, sigma=1.0),
        Rule("J4", "trend", k=6),
        Rule("J5", "same_side", k=9),
        Rule("J6", "outside", k=8, sigma=1.0),
    ),
)
"""Juran's Quality Handbook, the tests for instability."""

MONTGOMERY = RuleSet(
    "montgomery",
    (
        Rule("M1", "beyond", k=1),
        Rule("M2", "zone", k=2, of=3, sigma=2.0),
        Rule("M3", "zone", k=4, of=5, sigma=1.0),
        Rule("M4", "same_side", k=8),
        Rule("M5", "trend", k=6),
        Rule("M6", "within", k=15, sigma=1.0),
        Rule("M7", "alternating", k=14),
        Rule("M8", "outside", k=8, sigma=1.0),
    ),
)
"""Montgomery, Introduction to Statistical Quality Control: the sensitizing rules that can be counted."""

IHI = RuleSet(
    "ihi",
    (
        Rule("IHI1", "beyond", k=1),
        Rule("IHI2", "same_side", k=8),
        Rule("IHI3", "trend", k=6),
        Rule("IHI4", "zone", k=2, of=3, sigma=2.0),
        Rule("IHI5", "within", k=15, sigma=1.0),
    ),
)
"""Provost and Murray, The Health Care Data Guide, 2011: the rules that the Institute for Healthcare
Improvement teaches; "near a limit" is beyond 2 sigma on one side, "close to the centre" within 1 sigma."""

_WARNING = Rule("1-2s", "outside", k=1, sigma=2.0)
WESTGARD = RuleSet(
    "westgard",
    (
        Rule("1-3s", "outside", k=1, sigma=3.0),
        Rule("2-2s", "zone", k=2, sigma=2.0),
        Rule("R-4s", "opposite", k=2, sigma=2.0),
        Rule("4-1s", "zone", k=4, sigma=1.0),
        Rule("10x", "same_side", k=10),
    ),
)
"""Westgard, Barry, Hunt and Groth, Clinical Chemistry 27(3), 1981, 493-501: the rules that reject a run."""

WESTGARD_WARNING = RuleSet("westgard-warning", (_WARNING, *WESTGARD.rules))
"""The same, with the warning 1-2s, which one run in 22 gives without a cause."""

BARE = RuleSet("bare", NELSON.rules[:1])
"""Only the limits: the default of a chart that is drawn once."""

PLATFORM = RuleSet("platform", tuple(NELSON[code] for code in ("1", "2", "5")))
"""The default of a chart that is watched: in control one signal in 159 points on average."""

_SETS = (
    *(BARE, PLATFORM, NELSON, WESTERN_ELECTRIC),
    *(AIAG, JURAN, MONTGOMERY, IHI, WESTGARD, WESTGARD_WARNING),
)
PRESETS: dict[str, RuleSet] = {s.name: s for s in _SETS}
_ALIASES = {"weco": "western-electric", "we": "western-electric", "all": "nelson", "default": "bare"}
_NAMED = (NELSON, WESTERN_ELECTRIC, JURAN, MONTGOMERY, IHI, WESTGARD_WARNING)
_KNOWN = {rule.code.upper(): rule for chosen in _NAMED for rule in chosen.rules}
_CODES = [rule.code for rule in _KNOWN.values()]


def rule_set(spec: RulesLike) -> RuleSet:
    """Which rules are meant?

    Parameters
    ----------
    spec : RuleSet, str or sequence
        A rule set; the name of one (``"nelson"``, ``"western-electric"``, ``"aiag"``, ``"juran"``,
        ``"montgomery"``, ``"ihi"``, ``"westgard"``, ``"westgard-warning"``, ``"platform"``, ``"bare"``, in
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
    if codes and codes[0].lower() in ("anhoej", "anhøj"):
        raise DataError(
            N_("Anhøj's rules depend on how long the whole series is, so they judge no single point"),
            mend=N_("Ask gs.run_chart for them; in the shell say --kind run"),
            argument="rules",
        )
    if len(codes) == 1 and codes[0].upper() not in _KNOWN:
        raise UnknownName(codes[0], [*PRESETS, *_CODES], what=N_("rule or rule set"), argument="rules")
    return codes


def _known(code: str) -> Rule:
    rule = _KNOWN.get(code.upper())
    if rule is None:
        raise UnknownName(code, _CODES, what=N_("rule"), argument="rules")
    return rule
