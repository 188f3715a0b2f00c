"""Tables that a grown store has not looked at yet: it plans what is asked of them by a guess."""

from __future__ import annotations

from gemba.quality.records.store.elsewhere import grown, run
from gemba.quality.records.store.statements import fetch

ENOUGH = 500
"""So many rows tell how a table is made up."""
_YOUNG = """
    SELECT relname FROM pg_stat_user_tables WHERE schemaname = current_schema()
    AND last_analyze IS NULL AND last_autoanalyze IS NULL AND n_mod_since_analyze >= %s ORDER BY relname
"""


def look_over_young() -> list[str]:
    """Have the database look at each table that has rows for the first time; returns their names.

    By itself it does so a minute later at the earliest. Until then it guesses, and a guess that was right for
    ten rows is kept with a prepared statement: a late reading of a new plant took more than half a second.
    """
    if not grown():
        return []
    found = [str(name) for (name,) in fetch(_YOUNG, [ENOUGH])]
    for name in found:
        run(f'ANALYZE "{name}"')
    return found
