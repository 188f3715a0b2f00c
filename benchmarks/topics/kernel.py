"""The kernel of records: one change with all that belongs to it, the past, and the proof.

On SQLite in a new file, or on the PostgreSQL server of ``GEMBA_DATABASE`` in a database of its own.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from harness import ROOT, Line, Sheet, median_seconds

VERSIONS = int(os.environ.get("GEMBA_BENCH_VERSIONS", "1000000"))
RECORDS, CHANGES, LISTED = 10_000, 100, 1000
START = datetime(2026, 1, 1, tzinfo=UTC)


def sheets() -> list[Sheet]:
    from django.db import connection

    _set_up()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        return [_change(), *_past(), _proof()]
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _set_up() -> None:
    """Django with the record type of the tests, and beside it what a user would build."""
    import logging

    import django
    from django.conf import settings

    os.environ["GEMBA_DATA"] = tempfile.mkdtemp(prefix="gemba-bench-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gemba.server.settings")
    sys.path += [str(ROOT / "tests"), str(ROOT / "benchmarks" / "peers")]
    settings.INSTALLED_APPS += ["specimen", "plain"]
    settings.LOGGING_CONFIG = None
    logging.disable(logging.WARNING)
    django.setup()


def _change() -> Sheet:
    """One change, committed: record, version, line of the trail, link, event."""
    records, pieces = _made(), _pieces()
    turns = {"gemba": count(1), "plain": count(1), "rows": count(1)}
    gemba = median_seconds(lambda: _many(lambda: _gemba_change(records, next(turns["gemba"])))) / CHANGES
    plain = median_seconds(lambda: _many(lambda: _plain_change(pieces, next(turns["plain"])))) / CHANGES
    rows = median_seconds(lambda: _many(lambda: _bare_rows(next(turns["rows"])))) / CHANGES
    lines = (
        Line("gemba", gemba, gemba, f"{1 / gemba:,.0f} /s; sealed, chained, searchable"),
        Line("Django, a row each by the ORM", plain, gemba, "no digest, no chain, no search"),
        Line("the same rows by executemany", rows, gemba, "nothing read, nothing checked"),
    )
    most, where = (1 / 300, "PostgreSQL") if os.environ.get("GEMBA_DATABASE") else (1 / 500, "SQLite")
    return Sheet(f"One record change with version, trail, link and event, {where}", most, lines)


def _many(call: Callable[[], None]) -> None:
    for _ in range(CHANGES):
        call()


def _actor() -> Any:
    from gemba.quality.records.actor import Actor

    return Actor("person", "person:1", "Anna", frozenset({("inspector", "*")}))


def _made() -> list[Any]:
    from gemba.quality.records.edge import create
    from gemba.quality.records.models import Site

    Site.objects.create(code="HAL", name="Halle")
    typed = {"title": "A piece", "weight": 1, "note": "seen on the line"}
    return [create("specimen", site="HAL", typed=typed, actor=_actor(), now=START) for _ in range(60)]


def _gemba_change(records: Sequence[Any], turn: int) -> None:
    from gemba.quality.records.links import add_link
    from gemba.quality.records.outbox import emit
    from gemba.quality.records.recorder import change_record
    from gemba.quality.records.work import recording

    record, other = records[turn % 60], records[(turn + 1 + turn // 60) % 60]
    with recording(actor=_actor(), now=START + timedelta(seconds=turn)) as work:
        record.weight = Decimal(turn % 97 + 1)
        change_record(work, record, action="edit", reason="weighed again")
        add_link(work, record.pk, "affects", other.pk, why="beside it")
        emit(work, "SpecimenWeighed", record.header, {"turn": turn})


def _pieces() -> list[Any]:
    from plain.models import Piece

    return [Piece.objects.create(title="A piece", state="draft", note="seen on the line") for _ in range(60)]


def _plain_change(pieces: Sequence[Any], turn: int) -> None:
    from django.db import transaction
    from plain.models import AuditLine, OutboxLine, Piece, PieceHistory, PieceLink

    other = pieces[(turn + 1 + turn // 60) % 60]
    at = START + timedelta(seconds=turn)
    with transaction.atomic():
        piece = Piece.objects.select_for_update().get(pk=pieces[turn % 60].pk)
        piece.weight, piece.version = Decimal(turn % 97 + 1), piece.version + 1
        piece.save()
        snapshot = {
            "title": piece.title,
            "state": piece.state,
            "weight": str(piece.weight),
            "note": piece.note,
        }
        PieceHistory.objects.create(piece=piece, number=piece.version, at=at, snapshot=snapshot)
        AuditLine.objects.create(piece=piece, actor="person:1", action="edit", at=at, changes=snapshot)
        PieceLink.objects.get_or_create(source=piece, relation="affects", target=other)
        OutboxLine.objects.create(name="PieceWeighed", payload={"turn": turn})


def _bare_rows(turn: int) -> None:
    from gemba.quality.records import store

    with store.transaction():
        for table in ("plain_piecehistory", "plain_auditline", "plain_outboxline"):
            store.insert_many(table, *_bare(table, turn))


def _bare(table: str, turn: int) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    number, at = 10_000_000 + turn, "2026-01-01 00:00:00+00:00"
    if table == "plain_piecehistory":
        return ("id", "piece_id", "number", "at", "snapshot"), [(number, 1, turn, at, "{}")]
    if table == "plain_auditline":
        columns = ("id", "piece_id", "actor", "action", "at", "changes")
        return columns, [(number, 1, "person:1", "edit", at, "{}")]
    return ("id", "name", "payload", "done"), [(number, "PieceWeighed", "{}", False)]


def _past() -> list[Sheet]:
    """What was on a day: of one record, and of a list of 1,000."""
    from plain.models import PieceHistory

    from gemba.quality.records.history import list_as_of, record_as_of

    first = _fill()
    day = START + timedelta(hours=VERSIONS // RECORDS // 2)
    turns = count()
    one = median_seconds(lambda: record_as_of(first + next(turns) * 37 % RECORDS, day), repeats=50)
    many = median_seconds(lambda: list_as_of("specimen", day, limit=LISTED, after=first - 1))
    rows = PieceHistory.objects.filter(at__lte=day)
    plain = median_seconds(
        lambda: rows.filter(piece_id=1 + next(turns) % 60).order_by("-at").first(), repeats=50
    )
    among = f"among {VERSIONS:,} versions"
    least = "of 60 records with a few versions each"
    return [
        Sheet(
            f"One record as of a day, {among}",
            0.02,
            (Line("gemba", one, one), Line("the ORM", plain, one, least)),
        ),
        Sheet(f"A list of {LISTED:,} records as of a day, {among}", 0.5, (Line("gemba", many, many),)),
    ]


HEADER_COLUMNS = (
    *("id", "type", "number", "title", "site_id", "state", "category", "originator", "owner", "opened_at"),
    *("due_at", "valid_from", "valid_until", "version", "own_fields", "external"),
)


def _fill() -> int:
    """Records with versions an hour apart, sealed as the program seals them; returns the first id."""
    from gemba.quality.records import store
    from gemba.quality.records.canonical import canonical_json, to_microseconds
    from gemba.quality.records.trail import VERSION
    from gemba.quality.records.work import recording

    one = "person:1"
    fixed = ("specimen", None, "A piece", "HAL", "draft", "draft", one, one, to_microseconds(START))
    with recording(actor=_actor(), now=START) as work:
        ids = store.next_values("header", RECORDS)
        last = VERSIONS // RECORDS
        rows = [(identity, *fixed, None, None, None, last, "{}", "") for identity in ids]
        store.insert_many("records_header", HEADER_COLUMNS, rows)
    names = (*HEADER_COLUMNS[1:13], *HEADER_COLUMNS[14:])
    values = (*fixed, None, None, None, "{}", "")
    header = dict(zip(names, values, strict=True))
    fields = {"weight": "1.5", "note": "seen on the line", "slices": []}
    for number in range(1, VERSIONS // RECORDS + 1):
        now = START + timedelta(hours=number)
        text = canonical_json({"header": header, "fields": fields | {"weight": f"{number}.5"}})
        with recording(actor=_actor(), now=now) as work:
            made = store.next_values("version", RECORDS)
            pairs = zip(made, ids, strict=True)
            work.write(VERSION, [(v, work.ledger.tx, h, number, work.at, work.at, 2, text) for v, h in pairs])
    return ids[0]


def _proof() -> Sheet:
    """Every digest and the whole chain, for each sealed row."""
    from gemba.quality.records import store, trail

    kept, trail._checks[:] = list(trail._checks), []  # noqa: SLF001 (the rows that change are another figure)
    try:
        seen = trail.verify()
        assert seen.sound
        seconds = median_seconds(trail.verify, repeats=3, warm=False) / seen.rows
    finally:
        trail._checks[:] = kept  # noqa: SLF001
    statement = (
        "SELECT id, tx, header_id, number, recorded_at, effective_from, schema, snapshot FROM records_version"
    )
    least = median_seconds(lambda: sum(1 for _ in store.stream(statement)), repeats=3) / VERSIONS
    lines = (
        Line("gemba verify", seconds, seconds, f"{1 / seconds:,.0f} rows/s, {seen.rows:,} rows"),
        Line("reading the same rows once", least, seconds),
    )
    return Sheet("Verify, each sealed row", 1e-5, lines)
