"""``gemba alarms``: what the alarms of a plant cost."""

from __future__ import annotations

from gemba.cli import options
from gemba.cli.codes import Code
from gemba.cli.console import show, show_json
from gemba.cli.language import _
from gemba.cli.plant import HERE, Database, Folder, open_plant

SHORT = "How many false alarms a week do the charts of a plant make?"
HELP = """\
Examples:

\b
  gemba alarms
  gemba alarms --data /srv/plant --json

Each chart by its own rules, limits and pace, against the attention that the plant has set under Rules. Works
beside a plant that is being served. For charts that you only plan: gemba budget.
"""


def command(data: Folder = HERE, database: Database = "", as_json: options.AsJson = False) -> int:
    """Tell the false-alarm budget of a plant."""
    with open_plant(data, database, rule="alarms", reading=True) as plant:
        from gemba.quality.control.monitoring.alarms import plant_alarms
        from gemba.quality.control.monitoring.plant import plant_charts, points_a_week
        from gemba.quality.people.policies import policy
        from gemba.quality.records.actor import EVERY_SITE
        from gemba.quality.records.canonical import to_microseconds

        charts = plant_charts({EVERY_SITE})
        rates = points_a_week(charts, to_microseconds(plant.now))
        found = plant_alarms(charts, rates, attention=policy("alarm_attention") or None)
    if as_json:
        counts = {"uncounted": found.uncounted, "collecting": found.collecting}
        show_json({**found.budget.to_dict(), **counts})
    elif found.charts:
        show(found.budget.summary())
    else:
        show(_("No chart judges yet: limits must be in force."))
    return Code.FINE
