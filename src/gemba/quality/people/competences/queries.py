"""Who can what, for the runner of every lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gemba.quality.people.competences.rules import RECORDS
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.fitness import Unfit
from gemba.quality.records.reasons import Reason

_REQUIRED = """
SELECT c.needed_as, c.header_id, h.title, h.number, EXISTS (
    SELECT 1 FROM records_link l
    JOIN records_header q ON q.id = l.source_id
    JOIN competences_qualification k ON k.header_id = q.id
    LEFT JOIN records_linkend e ON e.link_id = l.id
    WHERE l.target_id = c.header_id AND l.relation = 'trained_on' AND e.id IS NULL
    AND q.owner = %s AND q.state = 'valid' AND (k.valid_until IS NULL OR k.valid_until > %s)
)
FROM competences_competence c JOIN records_header h ON h.id = c.header_id
WHERE h.state = 'in_force' AND h.site_id = %s AND c.needed_as <> '' AND c.needed_for IN ('', %s)
ORDER BY c.header_id
"""


def lacking(actor: Actor, *, kind: str, site: str, now: datetime) -> Unfit:
    """What a person has not shown, or no more, that steps on such a record require, by one question.

    Nothing stands against a step where one of the roles that he holds for it asks for nothing that he lacks.
    """
    asked = actor.kind == "person" and kind in RECORDS
    rows = store.fetch(_REQUIRED, [actor.id, to_microseconds(now), site, kind]) if asked else []
    missing = [(role, f"{number} {title}") for role, _, title, number, shown in rows if not shown]
    lacks = {role for role, _ in missing}

    def against(roles: Sequence[str]) -> tuple[Reason, ...]:
        held = [role for role in roles if actor.has_role(role, site)]
        if any(role not in lacks for role in held):
            return ()
        names = dict.fromkeys(name for role, name in missing if role in held)
        return tuple(Reason("competences.lacking", {"competence": name}) for name in names)

    return against
