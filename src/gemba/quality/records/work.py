"""The unit of work: one transaction, its actor and moment, its sealed rows and its events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction as django_transaction
from django.db.models import Model

from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import canonical_json, to_microseconds
from gemba.quality.records.ledger import Ledger, SealedTable
from gemba.quality.records.reasons import Reason
from gemba.quality.records.told import KEY, told
from gemba.quality.records.trail import ENTRY

_current: ContextVar[Work | None] = ContextVar("gemba_work", default=None)


@dataclass
class Work:
    """What one transaction is about; services that call services share it."""

    actor: Actor
    now: datetime
    ledger: Ledger
    cause: int | None = None
    depth: int = 0
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    @property
    def at(self) -> int:
        """The moment in microseconds."""
        return to_microseconds(self.now)

    def write(self, table: SealedTable, rows: Sequence[Sequence[Any]]) -> None:
        """Insert sealed rows."""
        self.ledger.write(table, rows)

    def write_columns(self, table: SealedTable, columns: store.Columns) -> None:
        """Insert sealed rows that are given as columns."""
        self.ledger.write_columns(table, columns)

    def enter(
        self,
        action: str,
        *,
        header: int | None = None,
        version: int | None = None,
        reason: str = "",
        detail: Mapping[str, Any] | None = None,
        rows: Iterable[Model] = (),
        gone: Iterable[Model] = (),
    ) -> int:
        """Write one line of the trail; returns its id.

        ``rows`` are rows that are no records, as the line leaves them; ``gone`` are those that it deletes.
        """
        listed = told(rows, gone)
        if listed:
            detail = {**(detail or {}), KEY: listed}
        return self.ledger.write_next(ENTRY, "entry", self.line(action, header, version, reason, detail))

    def line(
        self,
        action: str,
        header: int | None,
        version: int | None,
        reason: str,
        detail: Mapping[str, Any] | None,
    ) -> tuple[Any, ...]:
        """One line of the trail, not written yet and without its id."""
        return (
            self.ledger.tx,
            header,
            version,
            action,
            self.actor.id,
            self.at,
            reason,
            canonical_json(detail or {}),
            self.actor.client,
            self.cause,
        )


@contextmanager
def recording(*, actor: Actor, now: datetime, cause: int | None = None, depth: int = 0) -> Iterator[Work]:
    """One transaction that ends with its seal; inside another one, a part of that one.

    Whoever catches an error of an inner service must let the whole work fail: nothing half done is kept.
    """
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    with store.transaction():
        work = Work(actor, now, Ledger(), cause, depth)
        token = _current.set(work)
        try:
            yield work
            work.ledger.seal(now)
        finally:
            _current.reset(token)
        for call in work.after_commit:
            django_transaction.on_commit(call)


def in_work() -> bool:
    """Whether a transaction of this kind is under way here."""
    return _current.get() is not None


def enter_refusal(
    *,
    actor: Actor,
    now: datetime,
    action: str,
    reasons: Sequence[Reason],
    shown: Sequence[str],
    header: int | None = None,
) -> None:
    """Keep in the trail that something was refused: codes, values, and the words that were shown."""
    detail = {"refused": [r.to_dict() for r in reasons], "shown": list(shown)}
    with recording(actor=actor, now=now) as work:
        work.enter(f"refused:{action}", header=header, detail=detail)


def read_detail(text: str) -> dict[str, Any]:
    """The detail of a trail line."""
    detail: dict[str, Any] = json.loads(text)
    return detail
