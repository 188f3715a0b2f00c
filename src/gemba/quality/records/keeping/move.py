"""Moving a plant to another database: the same rows, proved equal before the old store is let go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gemba.quality.records.actor import Actor
from gemba.quality.records.keeping.checking import StoreRefused
from gemba.quality.records.store.copying import fill_from, make_room, migrate, read_schema, standing_still
from gemba.quality.records.store.elsewhere import at, current, opened
from gemba.quality.records.store.health import forget_move, mark_moved, moved_to, others_connected
from gemba.quality.records.store.rows import (
    Digest,
    count_rows,
    digest_table,
    digest_words,
    read_counters,
    tables,
)
from gemba.quality.records.store.statements import fetch
from gemba.quality.records.store.writable import transaction
from gemba.quality.records.trail import verify
from gemba.quality.records.work import recording
from gemba.stats.results import N_


@dataclass(frozen=True)
class Moved:
    """What was moved: each table with its rows and the digest that both stores agree on."""

    tables: Mapping[str, Digest]
    seals: int

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(digest.rows for digest in self.tables.values())


def move(
    target: Mapping[str, Any], *, to: str, replace: bool, actor: Actor, now: datetime, dry_run: bool = False
) -> Moved:
    """Move the plant's store into an empty database.

    All rows go in one transaction. Before it ends, every table of both stores is read again and compared
    by digest, and the chain is verified in the new store. The old store keeps its rows and a note that it
    was moved, so that nobody goes on working in it.

    Parameters
    ----------
    target
        Django's settings of the other database.
    to
        What the other database is called, for people; without a password.
    replace
        Whether rows that the other database has may go.
    """
    source = current()
    _may_be_moved()
    with opened(target):
        _may_be_filled(to, replace)
    if dry_run:
        return Moved({name: Digest(rows, "") for name, rows in count_rows().items()}, 0)
    make_room(target, f"{now:%Y-%m-%dT%H%M%SZ}")
    with opened(target) as new:
        migrate()
        forget_move()
        with at(source), standing_still(), at(new), transaction():
            fill_from(source)
            moved = _compare(source, new)
            with recording(actor=actor, now=now) as work:
                work.enter("store.move", detail={"to": to, "rows": moved.rows})
    mark_moved(to)
    return moved


def _may_be_moved() -> None:
    schema = read_schema()
    if schema.unknown or schema.missing:
        raise StoreRefused(
            N_("The store does not have this program's schema. Run gemba serve once, or update.")
        )
    away = moved_to()
    if away:
        raise StoreRefused(N_("This store was moved to {place} already."), place=away)
    others = others_connected()
    if others:
        raise StoreRefused(
            N_("{count} other connections to the database are open. Stop gemba serve first."), count=others
        )


def _may_be_filled(to: str, replace: bool) -> None:
    schema = read_schema()
    if schema.unknown:
        raise StoreRefused(
            N_("{place} was written by a newer Gemba ({steps})."), place=to, steps=", ".join(schema.unknown)
        )
    if replace or "records.0001_initial" not in schema.applied or moved_to():
        return
    if fetch("SELECT COUNT(*) FROM records_seal")[0][0]:
        raise StoreRefused(N_("{place} holds a plant already. Say --replace when its rows may go."), place=to)


def _compare(source: str, new: str) -> Moved:
    """Read every table on both sides and compare; then verify both chains."""
    digests = {}
    models = tables()
    for model in models:
        name = model._meta.db_table  # noqa: SLF001 (Django's public Meta API)
        before, after = digest_table(model, source), digest_table(model, new)
        if before != after:
            raise StoreRefused(
                N_(
                    "{name} is not the same after moving ({before} rows, {after} there). Nothing was changed."
                ),
                name=name,
                before=before.rows,
                after=after.rows,
            )
        digests[name] = after
    if digest_words(source) != digest_words(new):
        raise StoreRefused(N_("The index of words is not the same after moving. Nothing was changed."))
    with at(source):
        counters, seen = read_counters(models), verify()
    again = verify()
    if read_counters(models) != counters or (again.head, again.findings) != (seen.head, seen.findings):
        raise StoreRefused(N_("The trail does not verify the same after moving. Nothing was changed."))
    return Moved(digests, again.seals)
