"""Typed links between records, both ways, with who, when and why; ended, never removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from gemba.quality.records import store
from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.lifecycle import Linked
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.trail import install_sealed
from gemba.quality.records.work import Work

INVERSE: Mapping[str, str] = MappingProxyType(
    {
        "raised_from": "raised",
        "contains": "contained_in",
        "caused_by": "causes",
        "corrects": "corrected_by",
        "mitigates": "mitigated_by",
        "controls": "controlled_by",
        "measured_with": "measures",
        "measured_on": "measured",
        "verifies": "verified_by",
        "evidences": "evidenced_by",
        "affects": "affected_by",
        "supersedes": "superseded_by",
        "trained_on": "trains",
        "recurs_as": "recurs",
    }
)
"""Relation -> the same relation read from the other end."""
STORED: Mapping[str, str] = MappingProxyType({read: relation for relation, read in INVERSE.items()})
"""A relation read from the other end -> the relation as it is stored."""

LINK = SealedTable(
    "records_link",
    ("id", "tx", "source_id", "relation", "target_id", "target_version", "actor", "at", "why"),
)
LINK_END = SealedTable("records_linkend", ("id", "tx", "link_id", "actor", "at", "why"))
install_sealed(LINK, LINK_END)


def add_link(
    work: Work, source: int, relation: str, target: int, *, target_version: int | None = None, why: str = ""
) -> int:
    """Link two records; the same live link is not made twice. Returns the link's id.

    A link to another version of the same record takes the place of the one that was there.
    """
    if relation not in INVERSE:
        raise Refused([Reason("records.relation_unknown", {"relation": relation})])
    found = store.fetch(
        "SELECT l.id, l.target_version FROM records_link l LEFT JOIN records_linkend e ON e.link_id = l.id "
        "WHERE l.source_id = %s AND l.relation = %s AND l.target_id = %s AND e.id IS NULL",
        [source, relation, target],
    )
    for link, version in found:
        if target_version in (None, version):
            return int(link)
        end_link(work, link, why=f"version {target_version} took its place")
    row = (work.ledger.tx, source, relation, target, target_version, work.actor.id, work.at, why)
    return work.ledger.write_next(LINK, "link", row)


def keep_links(
    work: Work, header: int, relation: str, others: Iterable[int], *, type_name: str, why: str = ""
) -> None:
    """Make the links of one relation, read from this record, those to these records of a type, no other."""
    wanted = dict.fromkeys(others)
    known, ours, theirs = _seen_from(relation)
    rows = store.fetch(
        f"SELECT l.id, h.id FROM records_link l JOIN records_header h ON h.id = l.{theirs} "  # noqa: S608 (names)
        f"LEFT JOIN records_linkend e ON e.link_id = l.id "
        f"WHERE l.{ours} = %s AND l.relation = %s AND h.type = %s AND e.id IS NULL ORDER BY l.id",
        [header, known, type_name],
    )
    for link, other in rows:
        if other not in wanted:
            end_link(work, int(link), why=why)
    held = {other for _, other in rows}
    for other in (one for one in wanted if one not in held):
        source, target = (header, other) if relation == known else (other, header)
        add_link(work, source, known, target, why=why)


def end_link(work: Work, link: int, *, why: str) -> None:
    """State that a link no longer holds; it stays readable."""
    work.ledger.write_next(LINK_END, "linkend", (work.ledger.tx, link, work.actor.id, work.at, why))


def linked_to(headers: Sequence[int], relation: str) -> list[tuple[int, Linked]]:
    """The neighbours of many records by one relation, read from their side, in one query."""
    if not headers:
        return []
    known, ours, theirs = _seen_from(relation)
    rows = store.fetch(
        f"SELECT l.{ours}, h.id, h.type, h.number, h.state, h.category FROM records_link l "  # noqa: S608 (names)
        f"JOIN records_header h ON h.id = l.{theirs} LEFT JOIN records_linkend e ON e.link_id = l.id "
        f"WHERE l.{ours} IN ({', '.join('%s' for _ in headers)}) AND l.relation = %s AND e.id IS NULL "
        "ORDER BY l.id",
        [*headers, known],
    )
    return [(row[0], Linked(*row[1:])) for row in rows]


class Link(NamedTuple):
    """A live link as one of its ends sees it: the relation read from there, and the other end."""

    id: int
    relation: str
    other: Linked
    site: str
    target_version: int | None
    actor: str
    at: int
    why: str


def links_of(header: int) -> list[Link]:
    """The live links of a record, read from its own side, oldest first."""
    rows = store.fetch(
        "SELECT l.id, l.source_id, l.relation, h.id, h.type, h.number, h.state, h.category, h.site_id, "
        "l.target_version, l.actor, l.at, l.why FROM records_link l "
        "JOIN records_header h ON h.id = CASE WHEN l.source_id = %s THEN l.target_id ELSE l.source_id END "
        "LEFT JOIN records_linkend e ON e.link_id = l.id "
        "WHERE (l.source_id = %s OR l.target_id = %s) AND e.id IS NULL ORDER BY l.id",
        [header, header, header],
    )
    return [
        Link(link, relation if source == header else INVERSE[relation], Linked(*other), *about)
        for link, source, relation, *more in rows
        for other, about in ((more[:5], more[5:]),)
    ]


def linked_headers(header: int) -> dict[str, tuple[Linked, ...]]:
    """The neighbours of a record by relation, read from its own side."""
    found: dict[str, list[Linked]] = {}
    for link in links_of(header):
        found.setdefault(link.relation, []).append(link.other)
    return {name: tuple(items) for name, items in found.items()}


def _seen_from(relation: str) -> tuple[str, str, str]:
    """The relation as it is stored, and the columns of this end and of the other one."""
    if relation in INVERSE:
        return relation, "source_id", "target_id"
    return STORED[relation], "target_id", "source_id"
