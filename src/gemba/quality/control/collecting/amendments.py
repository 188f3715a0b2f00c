"""Corrections, re-measurements and voids: which reading they are about, and who may make them.

An amendment is a row of its own; what it amends stays as it was. The last correction or re-measurement
holds, and after a void nothing can be changed any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gemba.quality.control.collecting.reading import Reading
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Reason

AMENDERS = ("inspector", "engineer", "quality_manager")
"""The roles that may correct, re-measure or void."""
LARGEST_ID = 2**63 - 1


class Target(NamedTuple):
    """The first reading that an amendment is about, with the verdict that holds now."""

    id: int
    characteristic: int
    stream: int
    measured_at: int | None
    received_at: int
    purpose: str
    validity: str
    subgroup: str
    verdict: str
    void: bool
    beside: str | None = None


_TARGET = """
    SELECT r.id, s.characteristic_id, r.stream_id, r.measured_at, r.received_at, r.purpose, r.validity,
        r.subgroup, COALESCE((SELECT a.verdict FROM collecting_reading a
            WHERE a.about = r.id AND a.kind <> 'void' ORDER BY a.id + 0 DESC LIMIT 1), r.verdict),
        EXISTS (SELECT 1 FROM collecting_reading v WHERE v.about = r.id AND v.kind = 'void'),
        COALESCE((SELECT b.beside FROM collecting_reading b
            WHERE b.about = r.id AND b.kind <> 'void' ORDER BY b.id + 0 DESC LIMIT 1), r.beside)
    FROM collecting_reading named
    JOIN collecting_reading r ON r.id = COALESCE(named.about, named.id)
    JOIN collecting_stream s ON s.id = r.stream_id
    WHERE named.id = %s
"""


def find_targets(named: Iterable[int]) -> dict[int, Target]:
    """What these ids name: the first reading, also where an amendment of it is named."""
    found: dict[int, Target] = {}
    for identity in (identity for identity in named if 0 < identity <= LARGEST_ID):
        for row in store.fetch(_TARGET, [identity]):
            target = Target(*row)
            found[identity] = target._replace(void=bool(target.void))
    return found


def amendment_reasons(
    reading: Reading, *, number: str, site: str, characteristic: int, target: Target | None, actor: Actor
) -> Iterator[Reason]:
    """Why somebody may not amend; whether a second person is needed is asked apart."""
    if not actor.has_any(AMENDERS, site):
        yield Reason("records.role_missing", {"roles": ", ".join(AMENDERS)})
    if reading.about is None:
        yield Reason("collecting.about_missing", {"kind": reading.kind})
    elif target is None or target.characteristic != characteristic:
        yield Reason("collecting.about_unknown", {"about": reading.about, "number": number})
    elif target.void:
        yield Reason("collecting.about_void", {"about": target.id})


def needs_second_person(reading: Reading, target: Target) -> bool:
    """Whether one person is not enough: to void, and to correct a value that did not conform.

    A re-measurement is a new measurement; the first one stays in sight.
    """
    return reading.kind == "void" or (reading.kind == "correction" and target.verdict != "conform")
