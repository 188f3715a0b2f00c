"""How long a chart runs to a signal: false alarms in control, and how soon a shift is found.

``automaton`` is the memory of a rule set, ``shewhart`` its chain, ``recursive`` ewma and cusum, ``several``
mewma, ``crosier`` mcusum; ``law`` is what all of them give, ``study`` the questions, ``budget`` the alarms
of a whole plant.
"""

from gemba.stats.charts.run_length.budget import AlarmBudget, BudgetLine, false_alarm_budget
from gemba.stats.charts.run_length.result import AtShift, RunLength
from gemba.stats.charts.run_length.study import run_length, run_length_limit

__all__ = [
    "AlarmBudget",
    "AtShift",
    "BudgetLine",
    "RunLength",
    "false_alarm_budget",
    "run_length",
    "run_length_limit",
]
