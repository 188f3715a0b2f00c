"""The neighbours of cards: those by stored links, and those that a slice knows of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeAlias

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.links import INVERSE
from gemba.quality.records.models import Header
from gemba.quality.records.reading import may_read
from gemba.quality.records.thread.graph import RECORD, Card, Near
from gemba.quality.records.types import record_type
from gemba.stats.results import translator

Beside: TypeAlias = Callable[[Collection[Card], int, Actor, str | None], Sequence[Near]]
"""What a slice knows of the neighbours of these cards, so many by each relation."""
_beside: list[Beside] = []
_HEADER = ("id", "type", "number", "title", "state", "category", "site_id", "opened_at", "version")
_LINKED = (
    "SELECT l.id, l.{near} AS near, l.relation, l.{far} AS far, l.target_version, l.why, {out} AS outward, "
    "ROW_NUMBER() OVER (PARTITION BY l.{near}, l.relation ORDER BY l.id DESC) AS place, "
    "COUNT(*) OVER (PARTITION BY l.{near}, l.relation) AS held "
    "FROM records_link l LEFT JOIN records_linkend e ON e.link_id = l.id "
    "WHERE l.{near} IN ({marks}) AND e.id IS NULL"
)
_OUT = {"near": "source_id", "far": "target_id", "out": "1"}
_IN = {"near": "target_id", "far": "source_id", "out": "0"}


def install_beside(*beside: Beside) -> None:
    """Say who knows of neighbours that are no records; called once at start."""
    _beside.extend(item for item in beside if item not in _beside)


def neighbours(cards: Collection[Card], *, each: int, actor: Actor, language: str | None) -> list[Near]:
    """The neighbours of these cards, the newest ``each`` by every relation, in one statement."""
    records = [card.key[1] for card in cards if card.key[0] == RECORD]
    found = _linked(records, each, actor, language) if records else []
    for beside in _beside:
        found += beside(cards, each, actor, language)
    return found


def _linked(records: Sequence[int], each: int, actor: Actor, language: str | None) -> list[Near]:
    marks = ", ".join("%s" for _ in records)
    sides = " UNION ALL ".join(_LINKED.format(marks=marks, **side) for side in (_OUT, _IN))
    columns = ", ".join(f"h.{name}" for name in _HEADER)
    rows = store.fetch(
        f"SELECT t.id, t.near, t.relation, t.target_version, t.why, t.outward, t.held, {columns} "  # noqa: S608 (own names)
        f"FROM ({sides}) t JOIN records_header h ON h.id = t.far WHERE t.place <= %s ORDER BY t.id DESC",
        [*records, *records, each],
    )
    found = []
    for link, near, relation, version, why, outward, held, *header in rows:
        read = relation if outward else INVERSE[relation]
        card = card_of(dict(zip(_HEADER, header, strict=True)), actor, language)
        said = why if card.readable else ""
        found.append(Near((RECORD, near), read, relation, card, bool(outward), held, link, version, said))
    return found


def card_of(header: dict[str, Any] | Header, actor: Actor, language: str | None) -> Card:
    """A record as a card; of one that the actor may not see only what it is, its number and its state."""
    told = header if isinstance(header, dict) else {name: getattr(header, name) for name in _HEADER}
    kind, t = record_type(told["type"]), translator(language)
    seen = may_read(kind, actor, told["site_id"])
    return Card(
        key=(RECORD, told["id"]),
        place=kind.strand.place,
        type=kind.name,
        label=t(kind.label),
        number=told["number"],
        title=told["title"] if seen else "",
        state=told["state"],
        said=t(kind.lifecycle.state(told["state"]).label),
        category=told["category"],
        site=told["site_id"],
        opened_at=from_microseconds(told["opened_at"]) if seen else None,
        version=told["version"],
        readable=seen,
        gone=kind.has_gone(told["state"], told["category"]),
    )
