"""``gemba budget``: how many false alarms a week do all charts make?"""

from __future__ import annotations

from typing import Annotated

import typer

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show_answer, show_json

SHORT = "False-alarm budget: how many alarms a week say nothing?"
HELP = """\
Examples:

\b
  gemba budget --charts 400 --points 168
  gemba budget --charts 400 --points 168 --rules nelson --attention 100 --real 5
  gemba budget --charts 400 --points 168 --charts 20 --points 21     (two groups)

False alarms a week of charts in control, and which rules fit the attention there is. No file is needed.
"""
Charts = Annotated[
    list[float],
    typer.Option("--charts", metavar="N", help="How many charts; repeatable for groups.", show_default=False),
]
Points = Annotated[
    list[float],
    typer.Option("--points", metavar="N", help="Points a week of each chart.", show_default=False),
]
Attention = Annotated[
    float | None,
    typer.Option("--attention", metavar="N", help="How many alarms a week people can look at."),
]
Real = Annotated[
    float | None, typer.Option("--real", metavar="N", help="How many true signals a week are expected.")
]
Reach = Annotated[float, typer.Option("--nsigma", metavar="X", help="Where the limits stand.")]


def command(
    charts: Charts,
    points: Points,
    rules: options.Rules = "platform",
    nsigma: Reach = 3.0,
    attention: Attention = None,
    real: Real = None,
    as_json: options.AsJson = False,
) -> int:
    """Add up the false alarms of a week."""
    from gemba.stats.charts.run_length import false_alarm_budget

    found = false_alarm_budget(charts, points, rules=rules, nsigma=nsigma, attention=attention, real=real)
    if as_json:
        show_json({"headline": found.headline(), "alarms": found.alarms} | found.to_dict())
    else:
        headline = found.headline()
        show_answer(headline, found.summary().removeprefix(headline).lstrip("\n"), "plain")
    return Code.FINE
