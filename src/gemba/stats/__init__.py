"""Statistics for quality work: right, fast, and proved on the machine where they run.

``from gemba import stats as gs``

========================  ======================================================================
what you have             what answers
========================  ======================================================================
a file                    ``propose`` (how would it be read?), ``read``
data, and no chart yet    ``recommend``
control materials         ``control_chart`` (levey-jennings), ``westgard``
measurements in time      ``control_chart``, ``run_chart``, ``histogram``, ``box_plot``, ``describe``
several variables         ``control_chart`` (t2, mewma, mcusum, pca, gv), ``t2_contributions``
what happened meanwhile   ``Event``, ``events_where_changed`` for the ``plot`` of a chart
frozen limits             ``judge`` (a whole table), ``start`` and ``step`` (one point at a time)
thousands of streams      ``screen``
specification limits      ``capability``, ``capability_by_distribution``, ``capability_over_time``,
                          ``capability_together`` (several characteristics)
a share of all items      ``tolerance_interval``, ``tolerance_factor``, ``tolerance_sample_size``
counts of defects         ``control_chart`` (p, np, c, u), ``pareto``, ``count_capability``,
                          ``throughput_yield`` (a chain of steps)
a question of design      ``run_length``, ``run_length_limit``, ``false_alarm_budget``,
                          ``limit_correction``, ``operating_characteristic``, ``compare_rules``, ``v_mask``,
                          ``control_chart_constants``, ``KINDS``, ``explain_rule``, ``rule_set``
two columns, groups       ``regression``, ``anova_oneway``, ``anova_twoway``
an action to be proved    ``effectiveness_plan`` (before it), ``effectiveness`` (after it)
which distribution        ``identify_distribution``
another program's number  ``compare_conventions``, every result's ``explain()``
doubt                     ``anderson_darling``, ``shapiro_wilk``, every result's ``explain()``, ``qualify``
a stored result           ``restore``
========================  ======================================================================

Every answer is a frozen result with ``summary()``, ``tables()``, ``to_frame()``, ``to_dict()``,
``explain()`` and ``plot()``; every refusal is a ``DataError`` that names place, value and mend.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gemba.stats.capability import (
    Capability,
    CapabilityTogether,
    ConventionComparison,
    CountCapability,
    DistributionCapability,
    ThroughputYield,
    TimeCapability,
    capability,
    capability_by_distribution,
    capability_over_time,
    capability_together,
    compare_conventions,
    count_capability,
    throughput_yield,
)
from gemba.stats.charts import (
    KINDS,
    ChartState,
    ComponentContributions,
    Contributions,
    ControlChart,
    Event,
    Judgement,
    Limits,
    control_chart,
    events_where_changed,
    judge,
    known_limits,
    pca_contributions,
    start,
    step,
    t2_contributions,
)
from gemba.stats.charts.rules import (
    AIAG,
    BARE,
    IHI,
    JURAN,
    MONTGOMERY,
    NELSON,
    PLATFORM,
    WESTERN_ELECTRIC,
    WESTGARD,
    WESTGARD_WARNING,
    Rule,
    RuleSet,
    Violation,
    Violations,
    explain_rule,
    rule_set,
)
from gemba.stats.data import Counts, Sample, Subgroups, Tolerance
from gemba.stats.results import (
    DataError,
    MissingExtra,
    Result,
    StatsError,
    Table,
    UnknownName,
    find_kinds,
    restore,
)

if TYPE_CHECKING:
    from gemba.stats.charts.comparison import RuleComparison, compare_rules
    from gemba.stats.charts.estimation import LimitCorrection, limit_correction
    from gemba.stats.charts.materials import ControlRuns, westgard
    from gemba.stats.charts.operating import OperatingCharacteristic, operating_characteristic
    from gemba.stats.charts.recommend import Recommendation, recommend
    from gemba.stats.charts.run_length import (
        AlarmBudget,
        RunLength,
        false_alarm_budget,
        run_length,
        run_length_limit,
    )
    from gemba.stats.charts.v_mask import VMask, v_mask
    from gemba.stats.constants import ChartConstants, control_chart_constants
    from gemba.stats.distributions import (
        AndersonDarling,
        Description,
        Identification,
        ShapiroWilk,
        ToleranceInterval,
        anderson_darling,
        describe,
        identify_distribution,
        quantile,
        shapiro_wilk,
        tolerance_factor,
        tolerance_interval,
        tolerance_sample_size,
    )
    from gemba.stats.figures import Figure
    from gemba.stats.graphs import (
        BoxPlot,
        Histogram,
        Pareto,
        RunChart,
        box_plot,
        histogram,
        pareto,
        run_chart,
    )
    from gemba.stats.inference import (
        Effectiveness,
        EffectivenessPlan,
        Observed,
        effectiveness,
        effectiveness_plan,
    )
    from gemba.stats.linear import (
        OneWayAnova,
        Regression,
        TwoWayAnova,
        anova_oneway,
        anova_twoway,
        least_squares,
        regression,
    )
    from gemba.stats.proof import Qualification, qualify
    from gemba.stats.readers import Proposal, Reading, propose, read
    from gemba.stats.screening import Screening, screen

_LATER = {
    "RuleComparison": "charts.comparison",
    "compare_rules": "charts.comparison",
    "ControlRuns": "charts.materials",
    "westgard": "charts.materials",
    "LimitCorrection": "charts.estimation",
    "limit_correction": "charts.estimation",
    "OperatingCharacteristic": "charts.operating",
    "VMask": "charts.v_mask",
    "v_mask": "charts.v_mask",
    "operating_characteristic": "charts.operating",
    "Recommendation": "charts.recommend",
    "recommend": "charts.recommend",
    "AlarmBudget": "charts.run_length",
    "RunLength": "charts.run_length",
    "false_alarm_budget": "charts.run_length",
    "run_length": "charts.run_length",
    "run_length_limit": "charts.run_length",
    "ChartConstants": "constants",
    "control_chart_constants": "constants",
    "AndersonDarling": "distributions",
    "Description": "distributions",
    "anderson_darling": "distributions",
    "describe": "distributions",
    "quantile": "distributions",
    "Identification": "distributions",
    "identify_distribution": "distributions",
    "ShapiroWilk": "distributions",
    "ToleranceInterval": "distributions",
    "shapiro_wilk": "distributions",
    "tolerance_factor": "distributions",
    "tolerance_interval": "distributions",
    "tolerance_sample_size": "distributions",
    "Figure": "figures",
    "BoxPlot": "graphs",
    "Histogram": "graphs",
    "Pareto": "graphs",
    "RunChart": "graphs",
    "box_plot": "graphs",
    "histogram": "graphs",
    "pareto": "graphs",
    "run_chart": "graphs",
    "Effectiveness": "inference",
    "EffectivenessPlan": "inference",
    "Observed": "inference",
    "effectiveness": "inference",
    "effectiveness_plan": "inference",
    "OneWayAnova": "linear",
    "Regression": "linear",
    "TwoWayAnova": "linear",
    "anova_oneway": "linear",
    "anova_twoway": "linear",
    "least_squares": "linear",
    "regression": "linear",
    "Qualification": "proof",
    "qualify": "proof",
    "Proposal": "readers",
    "Reading": "readers",
    "propose": "readers",
    "read": "readers",
    "Screening": "screening",
    "screen": "screening",
}

__all__ = [
    "AIAG",
    "BARE",
    "IHI",
    "JURAN",
    "KINDS",
    "MONTGOMERY",
    "NELSON",
    "PLATFORM",
    "WESTERN_ELECTRIC",
    "WESTGARD",
    "WESTGARD_WARNING",
    "AlarmBudget",
    "AndersonDarling",
    "BoxPlot",
    "Capability",
    "CapabilityTogether",
    "ChartConstants",
    "ChartState",
    "ComponentContributions",
    "Contributions",
    "ControlChart",
    "ControlRuns",
    "ConventionComparison",
    "CountCapability",
    "Counts",
    "DataError",
    "Description",
    "DistributionCapability",
    "Effectiveness",
    "EffectivenessPlan",
    "Event",
    "Figure",
    "Histogram",
    "Identification",
    "Judgement",
    "LimitCorrection",
    "Limits",
    "MissingExtra",
    "Observed",
    "OneWayAnova",
    "OperatingCharacteristic",
    "Pareto",
    "Proposal",
    "Qualification",
    "Reading",
    "Recommendation",
    "Regression",
    "Result",
    "Rule",
    "RuleComparison",
    "RuleSet",
    "RunChart",
    "RunLength",
    "Sample",
    "Screening",
    "ShapiroWilk",
    "StatsError",
    "Subgroups",
    "Table",
    "ThroughputYield",
    "TimeCapability",
    "Tolerance",
    "ToleranceInterval",
    "TwoWayAnova",
    "UnknownName",
    "VMask",
    "Violation",
    "Violations",
    "anderson_darling",
    "anova_oneway",
    "anova_twoway",
    "box_plot",
    "capability",
    "capability_by_distribution",
    "capability_over_time",
    "capability_together",
    "compare_conventions",
    "compare_rules",
    "control_chart",
    "control_chart_constants",
    "count_capability",
    "describe",
    "effectiveness",
    "effectiveness_plan",
    "events_where_changed",
    "explain_rule",
    "false_alarm_budget",
    "histogram",
    "identify_distribution",
    "judge",
    "known_limits",
    "least_squares",
    "limit_correction",
    "operating_characteristic",
    "pareto",
    "pca_contributions",
    "propose",
    "qualify",
    "quantile",
    "read",
    "recommend",
    "regression",
    "restore",
    "rule_set",
    "run_chart",
    "run_length",
    "run_length_limit",
    "screen",
    "shapiro_wilk",
    "start",
    "step",
    "t2_contributions",
    "throughput_yield",
    "tolerance_factor",
    "tolerance_interval",
    "tolerance_sample_size",
    "v_mask",
    "westgard",
]


def __getattr__(name: str) -> Any:
    """Load a floor when one of its names is first used, so that a first chart starts at once."""
    if name not in _LATER:
        raise AttributeError(f"module 'gemba.stats' has no attribute {name!r}")
    return getattr(import_module(f"gemba.stats.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    """Every public name, loaded or not."""
    return sorted(__all__)


@find_kinds
def _load_all() -> None:
    for floor in sorted(set(_LATER.values())):
        import_module(f"gemba.stats.{floor}")
