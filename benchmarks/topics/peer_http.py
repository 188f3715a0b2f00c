"""Readings over HTTP: Gemba beside what a user would build instead, and beside the database alone.

One client, one machine, one run, the same bodies for both. The peer (``peers/asked.py``) stores and compares
with the specification; Gemba also judges by the rules of the chart, seals, chains and takes each reading
once. The limit is what the database takes when nothing but rows is asked of it: ``executemany`` with
synchronous=FULL, or ``COPY``, 1,000 rows a commit.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from harness import ROOT, Line, Sheet
from load import Load
from served import free_port
from topics.http import AIMS, Served, loaded, own_database, readings, serving, started_server

COMMITS, ROWS = 200, 1000
COLUMNS = "source, sequence, characteristic, machine, value, unit, measured_at, conform"
TABLE = (
    "CREATE TABLE alone (source varchar(80), sequence bigint, characteristic varchar(80), "
    "machine varchar(80), value varchar(60), unit varchar(20), measured_at varchar(40), conform integer, "
    "PRIMARY KEY (source, sequence))"
)


def sheets() -> list[Sheet]:
    with serving() as plant:
        ours = [loaded([plant], readings(plant, batch=batch, name="peer")) for batch in (1, ROWS)]
    with peer() as other:
        one = readings(other, batch=1, name="peer")
        theirs = [loaded([other], replace(one, path="/one")), loaded([other], many(one))]
    alone = limit()
    where = "PostgreSQL" if os.environ.get("GEMBA_DATABASE") else "SQLite"
    gemba = [figure.seen.seconds / figure.seen.readings for figure in ours]
    who = "Django, ninja, the ORM"
    return [
        Sheet(
            f"A reading over HTTP, one a request, 16 connections, {where}",
            1 / AIMS[where][0],
            (ours[0].line("gemba", 0), theirs[0].line(who, gemba[0])),
        ),
        Sheet(
            f"A reading over HTTP, 1,000 a request, 16 connections, {where}",
            1 / AIMS[where][1],
            (
                ours[1].line("gemba", 0),
                theirs[1].line(f"{who}: bulk_create", gemba[1]),
                Line("the rows alone, no HTTP", alone, gemba[1], f"{1 / alone:,.0f} /s; the limit"),
            ),
        ),
    ]


def many(one: Load) -> Load:
    """The same load in batches."""
    return replace(one, path="/many", batch=ROWS, name="many")


@contextmanager
def peer() -> Iterator[Served]:
    """What a user would build, served."""
    with tempfile.TemporaryDirectory(prefix="gemba-peer-") as folder, own_database() as address:
        port = free_port()
        command = [sys.executable, str(ROOT / "benchmarks" / "peers" / "asked.py"), folder, str(port)]
        with started_server(command, port, Path(folder), address) as started:
            yield started


def limit() -> float:
    """Seconds a row when nothing but durable rows is asked for."""
    rows = [("bench", 0, "CHR-1", "M1", "10.001", "mm", "2026-11-02T06:00:00Z", 1)] * ROWS
    with own_database() as address:
        return _copy(address, rows) if address else _executemany(rows)


def _numbered(rows: list[tuple[object, ...]], commit: int) -> list[tuple[object, ...]]:
    return [(row[0], commit * ROWS + n, *row[2:]) for n, row in enumerate(rows)]


def _executemany(rows: list[tuple[object, ...]]) -> float:
    with tempfile.TemporaryDirectory(prefix="gemba-limit-") as folder:
        store = sqlite3.connect(Path(folder) / "alone.sqlite3", isolation_level=None)
        for words in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE):
            store.execute(words)
        batches = [_numbered(rows, commit) for commit in range(COMMITS)]
        began = time.perf_counter()
        for batch in batches:
            store.execute("BEGIN IMMEDIATE")
            store.executemany(f"INSERT INTO alone ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", batch)  # noqa: S608
            store.execute("COMMIT")
        seconds = time.perf_counter() - began
        store.close()
    return seconds / (COMMITS * ROWS)


def _copy(address: str, rows: list[tuple[object, ...]]) -> float:
    import psycopg

    batches = [_numbered(rows, commit) for commit in range(COMMITS)]
    with psycopg.connect(address) as store:
        store.execute(TABLE)
        store.commit()
        began = time.perf_counter()
        for batch in batches:
            with store.cursor().copy(f"COPY alone ({COLUMNS}) FROM STDIN") as copy:
                for row in batch:
                    copy.write_row(row)
            store.commit()
        seconds = time.perf_counter() - began
    return seconds / (COMMITS * ROWS)
