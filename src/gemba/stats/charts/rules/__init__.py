"""Run rules: which points of a chart say that the process has changed, and in what words.

A rule is data (``Rule``), a set of them too (``RuleSet``: ``NELSON``, ``WESTERN_ELECTRIC``, ``PLATFORM``,
``BARE``, or one's own). ``find_violations`` judges a whole series at once, ``advance_rules`` one point at
a time with a small state; both give the same ``Violations``. ``rules_for`` tells which rules suit a panel.

Neighbours: the charts call this floor with plotted points and limits; it knows nothing of kinds.
"""

from gemba.stats.charts.rules.find import find_places, find_violations
from gemba.stats.charts.rules.panels import LeftOut, Suited, rules_for
from gemba.stats.charts.rules.presets import (
    AIAG,
    BARE,
    IHI,
    JURAN,
    MONTGOMERY,
    NELSON,
    PLATFORM,
    PRESETS,
    WESTERN_ELECTRIC,
    WESTGARD,
    WESTGARD_WARNING,
    RulesLike,
    rule_set,
)
from gemba.stats.charts.rules.rule import Rule, RuleSet
from gemba.stats.charts.rules.stream import (
    Firing,
    RuleState,
    advance_rules,
    gather_firings,
    start_rules,
    trace_firing,
)
from gemba.stats.charts.rules.violations import Ragged, Violation, Violations
from gemba.stats.charts.rules.words import explain_rule, rule_words

__all__ = [
    "AIAG",
    "BARE",
    "IHI",
    "JURAN",
    "MONTGOMERY",
    "NELSON",
    "PLATFORM",
    "PRESETS",
    "WESTERN_ELECTRIC",
    "WESTGARD",
    "WESTGARD_WARNING",
    "Firing",
    "LeftOut",
    "Ragged",
    "Rule",
    "RuleSet",
    "RuleState",
    "RulesLike",
    "Suited",
    "Violation",
    "Violations",
    "advance_rules",
    "explain_rule",
    "find_places",
    "find_violations",
    "gather_firings",
    "rule_set",
    "rule_words",
    "rules_for",
    "start_rules",
    "trace_firing",
]
