"""Capability: can a process keep its specification, and is it stable enough to say so?

``capability_by_distribution`` does the same where values are not normal, ``count_capability`` for counts.

``capability`` answers with a ``Capability``: indices from sigma within and from sigma overall, intervals,
parts per million, the verdict and its warnings. Neighbours: ``charts`` judges the stability and estimates
sigma within; ``distributions`` brings the normal distribution and the test of normality.
"""

from gemba.stats.capability.attributes import CountCapability, count_capability
from gemba.stats.capability.by_distribution import DistributionCapability, capability_by_distribution
from gemba.stats.capability.comparison import ConventionComparison, compare_conventions
from gemba.stats.capability.intervals import Interval
from gemba.stats.capability.nonconforming import Ppm
from gemba.stats.capability.over_time import TimeCapability, capability_over_time
from gemba.stats.capability.plain import capability_dict
from gemba.stats.capability.remarks import Remark
from gemba.stats.capability.result import Capability
from gemba.stats.capability.study import capability
from gemba.stats.capability.throughput import StepYield, ThroughputYield, throughput_yield
from gemba.stats.capability.together import CapabilityTogether, capability_together
from gemba.stats.capability.within import Within

__all__ = [
    "Capability",
    "CapabilityTogether",
    "ConventionComparison",
    "CountCapability",
    "DistributionCapability",
    "Interval",
    "Ppm",
    "Remark",
    "StepYield",
    "ThroughputYield",
    "TimeCapability",
    "Within",
    "capability",
    "capability_by_distribution",
    "capability_dict",
    "capability_over_time",
    "capability_together",
    "compare_conventions",
    "count_capability",
    "throughput_yield",
]
