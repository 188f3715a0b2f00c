"""Facts on their way to reactions: written with the change, delivered by a worker, each exactly once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import F, Q

from gemba.quality.records import store
from gemba.quality.records.actor import system
from gemba.quality.records.canonical import canonical_json, to_microseconds
from gemba.quality.records.models import Delivery, Event, Header
from gemba.quality.records.trail import SealedTable, install_sealed
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
    failed = depth > MAX_DEPTH
    made = [
        Delivery(
            event_id=identity,
            reaction=reaction.name,
            header=about or 0,
            state="failed" if failed else "waiting",
            due_at=work.at,
            error="the chain of reactions is deeper than eight" if failed else "",
        )
        for reaction in _reactions.get(name, [])
    ]
    Delivery.objects.bulk_create(made)
    if failed:
        for delivery in made:
            work.after_commit.append(lambda d=delivery: _raise_alarm(d, work.now))  # type: ignore[misc]
    work.after_commit.append(wake.set)
    return identity


def deliver_due(now: datetime, *, limit: int = 100) -> int:
    """Run the reactions that are due, oldest first; returns how many were tried.

    A delivery waits while an older one of the same record is not done: order is kept per record, and a
    failed one holds back only its own record.
    """
    tried = 0
    for identity in _due(now, limit):
        if _claim(identity, now):
            _run(identity, now)
            tried += 1
    return tried


def retry(delivery: int, now: datetime) -> None:
    """Let a person try a failed reaction again."""
    at = to_microseconds(now)
    Delivery.objects.filter(pk=delivery, state="failed").update(state="waiting", attempts=0, due_at=at)
    wake.set()


def _due(now: datetime, limit: int) -> list[int]:
    rows = store.fetch(
        "SELECT d.id FROM records_delivery d WHERE d.state = 'waiting' AND (d.due_at <= %s OR d.due_at > %s) "
        "AND (d.claimed_until < %s OR d.claimed_until > %s) "
        "AND (d.header = 0 OR NOT EXISTS (SELECT 1 FROM records_delivery e "
        "WHERE e.header = d.header AND e.event_id < d.event_id AND e.state <> 'done')) "
        "ORDER BY d.event_id, d.id LIMIT %s",
        [*_window(now, LONGEST_WAIT), *_window(now, LONGEST_CLAIM), limit],
    )
    return [int(row[0]) for row in rows]


def _window(now: datetime, longest: timedelta) -> tuple[int, int]:
    """Now, and the last moment that a clock which was not set back can have written."""
    return to_microseconds(now), to_microseconds(now + longest)


def _claim(identity: int, now: datetime) -> bool:
    until = to_microseconds(now + CLAIM)
    at, latest = _window(now, LONGEST_CLAIM)
    free = Q(claimed_until__lt=at) | Q(claimed_until__gt=latest)
    mine = Delivery.objects.filter(free, pk=identity, state="waiting")
    return mine.update(claimed_until=until, attempts=F("attempts") + 1) == 1


def _run(identity: int, now: datetime) -> None:
    delivery = Delivery.objects.select_related("event").get(pk=identity)
    event: Event = delivery.event
    reaction = _by_name.get(delivery.reaction)
    try:
        if reaction is None:
            raise LookupError(f"there is no reaction {delivery.reaction} in this version")
        fact = Fact(event.id, event.name, event.header_id, read_detail(event.payload), event.at, event.depth)
        actor = system(reaction.name)
        with recording(actor=actor, now=now, cause=event.id, depth=event.depth) as work:
            done = Delivery.objects.filter(pk=identity, state="waiting")
            if done.update(state="done", done_at=work.at, claimed_until=0, error="") == 1:
                reaction.handler(fact, work)
                if delivery.error:
                    for call in _settled:
                        call(delivery, work)
    except Exception as error:
        _log.exception("reaction %s failed", delivery.reaction)
        _postpone(delivery, error, now)


def _postpone(delivery: Delivery, error: Exception, now: datetime) -> None:
    final = delivery.attempts >= MAX_ATTEMPTS
    due = to_microseconds(now + timedelta(seconds=2**delivery.attempts))
    Delivery.objects.filter(pk=delivery.pk).update(
        state="failed" if final else "waiting", due_at=due, claimed_until=0, error=repr(error)[:2000]
    )
    if final:
        _raise_alarm(delivery, now)


def _raise_alarm(delivery: Delivery, now: datetime) -> None:
    for alarm in _alarm:
        alarm(delivery, now)
