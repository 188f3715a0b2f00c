"""Where the records of a type stand on the thread, what they may be linked to, what must follow. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LAST = 110
"""Where a type stands that says nothing: at the end."""
GONE = frozenset(
    (
        *("obsolete", "superseded", "withdrawn", "retired", "scrapped", "lost", "rejected", "expired"),
        *("discarded", "ended"),
    )
)
"""States after which nothing may stand on a record any more, whatever category they are in."""


@dataclass(frozen=True)
class Need:
    """What a record in one of these states must have: a neighbour of one of these types by a relation.

    ``relation`` is read from the record's own side; ``code`` names the words of the gap. A type that this
    program does not have is not asked for.
    """

    states: tuple[str, ...]
    relation: str
    types: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Strand:
    """Where a type stands on the thread.

    ``place`` orders the columns from the party (5) and its requirement (10) over product and process (20),
    characteristic (30), control plan (40), gauge (50), limits (55), chart (60), signal (70) and
    nonconformance (80) to the CAPA (90). ``links`` names, by relation, the types that a record may be linked
    to. ``gone`` are states after which nothing may stand on it; ``revises`` the moves that put a new revision
    in force, by default those into the first effective state.
    """

    place: int = LAST
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    gone: frozenset[str] = GONE
    revises: tuple[str, ...] = ()
