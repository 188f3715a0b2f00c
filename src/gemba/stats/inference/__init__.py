"""Inference: does the data show what was claimed in advance?

What it holds so far is the verdict on an action: ``effectiveness_plan`` fixes the criterion and how much
data it needs, ``effectiveness`` judges by it. Neighbours: ``distributions`` gives the chances, ``figures``
the picture.
"""

from gemba.stats.inference.observed import Observed
from gemba.stats.inference.plan import EffectivenessPlan, effectiveness_plan
from gemba.stats.inference.verdict import Effectiveness, effectiveness

__all__ = ["Effectiveness", "EffectivenessPlan", "Observed", "effectiveness", "effectiveness_plan"]
