"""What is broken, stale or missing on a thread: told for the cards and ties that are on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gemba.quality.records import store
from gemba.quality.records.links import INVERSE
from gemba.quality.records.reasons import Reason
from gemba.quality.records.thread.graph import MISSING, RECORD, Card, Gap, Key, Tie
from gemba.quality.records.thread.strand import Need
from gemba.quality.records.types import record_type, record_types
from gemba.stats.results import N_, Translate, translator

THREAD: Mapping[str, str] = {
    "thread.gone": N_("{number} stands on {other}, which is '{state}'."),
    "thread.revision": N_(
        "{number} is tied to version {version} of {other}; version {current} is in force since."
    ),
}
HISTORY = frozenset(("supersedes", "recurs_as"))
"""Relations whose other end may well be gone: that is what they tell."""
IN_FORCE = frozenset(
    ("contains", "mitigates", "controls", "measured_with", "measured_on", "verifies", "trained_on")
)
"""Relations that state what holds now: the revision they name must be the one in force."""


def judged(ties: Sequence[Tie], cards: Mapping[Key, Card]) -> tuple[Tie, ...]:
    """The same ties, the broken and stale ones with the reason; one statement.

    A tie is broken where a live record stands on one that is gone, and stale where what it states to hold
    is an older revision than the one in force.
    """
    stands = [tie for tie in ties if tie.link is not None and cards[tie.source].live]
    current = _in_force({tie.target[1] for tie in stands if _may_be_stale(tie, cards)}, cards)
    return tuple(replace(tie, fault=_fault(tie, cards, current)) if tie in stands else tie for tie in ties)


def _fault(tie: Tie, cards: Mapping[Key, Card], current: Mapping[int, int]) -> Reason | None:
    source, target = cards[tie.source], cards[tie.target]
    if target.gone and tie.relation not in HISTORY:
        values = {"number": source.called, "other": target.called, "state": target.said}
        return Reason("thread.gone", values)
    newest = current.get(target.key[1], 0)
    if tie.target_version is None or not _may_be_stale(tie, cards) or newest <= tie.target_version:
        return None
    return Reason(
        "thread.revision",
        {
            "number": source.called,
            "version": tie.target_version,
            "other": target.called,
            "current": newest,
        },
    )


def _may_be_stale(tie: Tie, cards: Mapping[Key, Card]) -> bool:
    versions = tie.target_version is not None and tie.target_version < cards[tie.target].version
    return versions and tie.relation in IN_FORCE


def _in_force(targets: set[int], cards: Mapping[Key, Card]) -> dict[int, int]:
    """The newest version of each record that a move put in force as a new revision."""
    if not targets:
        return {}
    kinds = {cards[(RECORD, target)].type for target in targets}
    moves = sorted({f"move:{move}" for kind in kinds for move in record_type(kind).revising})
    ids, actions = (", ".join("%s" for _ in part) for part in (targets, moves))
    rows = store.fetch(
        "SELECT header_id, action, MAX(version) FROM records_entry "  # noqa: S608 (marks)
        f"WHERE header_id IN ({ids}) AND action IN ({actions}) GROUP BY header_id, action",
        [*sorted(targets), *moves],
    )
    newest: dict[int, int] = {}
    for header, action, version in rows:
        if action.removeprefix("move:") in record_type(cards[(RECORD, header)].type).revising:
            newest[header] = max(newest.get(header, 0), version)
    return newest


def gaps_of(cards: Sequence[Card], language: str | None = None) -> tuple[Gap, ...]:
    """What should follow from these records and does not; one statement."""
    known = {kind.name for kind in record_types()}
    asked = [
        (card, need)
        for card in cards
        if card.key[0] == RECORD and card.readable
        for need in record_type(card.type).strand.needs
        if card.state in need.states and known & set(need.types)
    ]
    met = _met(asked)
    unmet = [
        (card, need)
        for card, need in asked
        if not met.get((card.key[1], need.relation), set()) & set(need.types)
    ]
    t = translator(language)
    return tuple(_gap(number, card, need, t) for number, (card, need) in enumerate(unmet))


def _gap(number: int, card: Card, need: Need, t: Translate) -> Gap:
    kind = next(kind for kind in record_types() if kind.name in need.types)
    empty = Card((MISSING, number), kind.strand.place, kind.name, t(kind.label), None, category=MISSING)
    return Gap(card.key, need.relation, empty, Reason(need.code, {"number": card.called}))


def _met(asked: Sequence[tuple[Card, Need]]) -> dict[tuple[int, str], set[str]]:
    """By record and relation the types of its neighbours that still hold."""
    if not asked:
        return {}
    ids = sorted({card.key[1] for card, _ in asked})
    stored = {need.relation for _, need in asked}
    outward = sorted(stored & set(INVERSE))
    inward = sorted(name for name, inverse in INVERSE.items() if inverse in stored)
    sides = [part for part in (_side("source_id", "target_id", ids, outward),
                               _side("target_id", "source_id", ids, inward)) if part]  # fmt: skip
    rows = store.fetch(" UNION ".join(part for part, _ in sides), [v for _, values in sides for v in values])
    found: dict[tuple[int, str], set[str]] = {}
    for near, relation, at_source, kind, state, category in rows:
        if not record_type(kind).has_gone(state, category):
            read = relation if at_source else INVERSE[relation]
            found.setdefault((near, read), set()).add(kind)
    return found


def _side(near: str, far: str, ids: list[int], relations: list[str]) -> tuple[str, list[int | str]] | None:
    if not relations:
        return None
    marks = ", ".join("%s" for _ in ids), ", ".join("%s" for _ in relations)
    own = int(near == "source_id")
    statement = (
        f"SELECT DISTINCT l.{near}, l.relation, {own}, h.type, h.state, h.category FROM records_link l "  # noqa: S608 (own names)
        f"JOIN records_header h ON h.id = l.{far} LEFT JOIN records_linkend e ON e.link_id = l.id "
        f"WHERE l.{near} IN ({marks[0]}) AND l.relation IN ({marks[1]}) AND e.id IS NULL"
    )
    return statement, [*ids, *relations]
