"""Facts on their way to reactions: written with the change, delivered by a worker, each exactly once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from gemba.quality.records import store
from gemba.quality.records.actor import system
from gemba.quality.records.canonical import canonical_json, to_microseconds
from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.models import Delivery, Header
from gemba.quality.records.trail import install_sealed
from gemba.quality.records.work import Work, read_detail, recording

EVENT = SealedTable("records_event", ("id", "tx", "name", "header_id", "payload", "cause", "depth", "at"))
install_sealed(EVENT)

MAX_DEPTH = 8
MAX_ATTEMPTS = 8
CLAIM = timedelta(seconds=60)
LONGEST_WAIT = timedelta(seconds=2**MAX_ATTEMPTS) + CLAIM
LONGEST_CLAIM = 2 * CLAIM
"""What waits or is claimed for longer was written by a clock that has been set back since: it is free."""
_log = logging.getLogger("gemba.outbox")


@dataclass(frozen=True)
class Fact:
    """An event as a reaction sees it."""

    id: int
    name: str
    header: int | None
    payload: Mapping[str, Any]
    at: int
    depth: int


Handler: TypeAlias = Callable[[Fact, Work], None]


@dataclass(frozen=True)
class Reaction:
    """One line of the loop: on which event, what happens, as a sentence, and the code that does it."""

    event: str
    name: str
    sentence: str
    handler: Handler


_reactions: dict[str, list[Reaction]] = {}
_by_name: dict[str, Reaction] = {}
_alarm: list[Callable[[Delivery, datetime], None]] = []
_settled: list[Callable[[Delivery, Work], None]] = []
wake = threading.Event()
"""Set when a commit wrote events, so that the worker need not wait for its next look."""


def install_reactions(table: Iterable[Reaction]) -> None:
    """Make the reaction table known; called once at start."""
    for reaction in table:
        if reaction.name in _by_name:
            raise ValueError(f"the reaction {reaction.name} stands twice in the table")
        _by_name[reaction.name] = reaction
        _reactions.setdefault(reaction.event, []).append(reaction)


def install_alarm(
    alarm: Callable[[Delivery, datetime], None], settled: Callable[[Delivery, Work], None]
) -> None:
    """Say what happens when a reaction keeps failing (a task on a person's list), and when it works again."""
    _alarm[:] = [alarm]
    _settled[:] = [settled]


def reactions() -> tuple[Reaction, ...]:
    """The whole table, in its order."""
    return tuple(_by_name.values())


def emit(work: Work, name: str, header: Header | None, payload: Mapping[str, Any]) -> int:
    """Write a fact in the transaction that made it true; its reactions run after the commit."""
    about = None if header is None else header.id
    depth = work.depth + 1
    row = (work.ledger.tx, name, about, canonical_json(payload), work.cause, depth, work.at)
    identity = work.ledger.write_next(EVENT, "event", row)
    deep = depth > MAX_DEPTH
    state, error = ("failed", "the chain of reactions is deeper than eight") if deep else ("waiting", "")
    rows = [
        (identity, reaction.name, about or 0, state, 0, work.at, 0, error)
        for reaction in _reactions.get(name, [])
    ]
    if rows:
        store.insert_many("records_delivery", _WRITTEN, rows)
        work.after_commit.append(wake.set)
    if rows and deep:
        work.after_commit.append(lambda: _tell_too_deep(identity, work.now))
    return identity


_WRITTEN = ("event_id", "reaction", "header", "state", "attempts", "due_at", "claimed_until", "error")


def _tell_too_deep(event: int, now: datetime) -> None:
    for delivery in Delivery.objects.filter(event=event).order_by("pk"):
        _raise_alarm(delivery, now)


def deliver_due(now: datetime, *, limit: int = 100) -> int:
    """Run the reactions that are due, oldest first; returns how many were tried.

    A delivery waits while an older one of the same record is not done: order is kept per record, and a
    failed one holds back only its own record.
    """
    tried = 0
    for due in _due(now, limit):
        attempts = _claim(due.id, now)
        if attempts:
            _run(due, attempts, now)
            tried += 1
    return tried


def retry(delivery: int, now: datetime) -> None:
    """Let a person try a failed reaction again."""
    at = to_microseconds(now)
    Delivery.objects.filter(pk=delivery, state="failed").update(state="waiting", attempts=0, due_at=at)
    wake.set()


class _Due(NamedTuple):
    """A delivery that is due, and the event that it delivers."""

    id: int
    reaction: str
    error: str
    event: int
    name: str
    header: int | None
    payload: str
    at: int
    depth: int


def _due(now: datetime, limit: int) -> list[_Due]:
    rows = store.fetch(
        "SELECT d.id, d.reaction, d.error, e.id, e.name, e.header_id, e.payload, e.at, e.depth "
        "FROM records_delivery d JOIN records_event e ON e.id = d.event_id "
        "WHERE d.state = 'waiting' AND (d.due_at <= %s OR d.due_at > %s) "
        "AND (d.claimed_until < %s OR d.claimed_until > %s) "
        "AND (d.header = 0 OR NOT EXISTS (SELECT 1 FROM records_delivery o "
        "WHERE o.header = d.header AND o.event_id < d.event_id AND o.state <> 'done')) "
        "ORDER BY d.event_id, d.id LIMIT %s",
        [*_window(now, LONGEST_WAIT), *_window(now, LONGEST_CLAIM), limit],
    )
    return [_Due(*row) for row in rows]


def _window(now: datetime, longest: timedelta) -> tuple[int, int]:
    """Now, and the last moment that a clock which was not set back can have written."""
    return to_microseconds(now), to_microseconds(now + longest)


def _claim(identity: int, now: datetime) -> int:
    """The number of this attempt; 0 where somebody else has the delivery, or had it."""
    with store.transaction():
        claimed = store.fetch(
            "UPDATE records_delivery SET claimed_until = %s, attempts = attempts + 1 WHERE id = %s "
            "AND state = 'waiting' AND (claimed_until < %s OR claimed_until > %s) RETURNING attempts",
            [to_microseconds(now + CLAIM), identity, *_window(now, LONGEST_CLAIM)],
        )
    return int(claimed[0][0]) if claimed else 0


def _run(due: _Due, attempts: int, now: datetime) -> None:
    reaction = _by_name.get(due.reaction)
    try:
        if reaction is None:
            raise LookupError(f"there is no reaction {due.reaction} in this version")
        fact = Fact(due.event, due.name, due.header, read_detail(due.payload), due.at, due.depth)
        actor = system(reaction.name)
        with recording(actor=actor, now=now, cause=due.event, depth=due.depth) as work:
            if _finish(due.id, work.at):
                reaction.handler(fact, work)
                if due.error:
                    for call in _settled:
                        call(Delivery.objects.get(pk=due.id), work)
    except Exception as error:
        _log.exception("reaction %s failed", due.reaction)
        _postpone(due.id, attempts, error, now)


def _finish(identity: int, at: int) -> bool:
    """Whether it was not done yet: once only, whoever runs it."""
    done = (
        "UPDATE records_delivery SET state = 'done', done_at = %s, claimed_until = 0, error = '' "
        "WHERE id = %s AND state = 'waiting' RETURNING id"
    )
    return bool(store.fetch(done, [at, identity]))


def _postpone(identity: int, attempts: int, error: Exception, now: datetime) -> None:
    final = attempts >= MAX_ATTEMPTS
    due = to_microseconds(now + timedelta(seconds=2**attempts))
    delivery = Delivery.objects.get(pk=identity)
    delivery.state, delivery.error = "failed" if final else "waiting", repr(error)[:2000]
    delivery.due_at, delivery.claimed_until = due, 0
    delivery.save(update_fields=["state", "due_at", "claimed_until", "error"])
    if final:
        _raise_alarm(delivery, now)


def _raise_alarm(delivery: Delivery, now: datetime) -> None:
    for alarm in _alarm:
        alarm(delivery, now)
