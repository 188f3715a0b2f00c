"""A plant that takes readings in, in this process: ``python -m faults.writer FOLDER BATCHES SYNC SEED``.

After each batch that was taken it says so in the file ``acks``: from which number to which.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gemba.server.opening import prepare_settings

CHECKPOINT_BYTES = 150_000  # often, so that a cut hits one
STATES = ("accepted", "quarantined")


def write(folder: Path, batches: int, sync: str, seed: int) -> None:
    actor, number = open_plant(folder, sync)
    chance = random.Random(seed)  # noqa: S311 (data for a test)
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    last = 0
    for _ in range(batches):
        count = chance.choice((1, 1, 1, 5, 20, 60))
        if take(chance, last, count, actor, number):
            os.write(acks, f"{last + 1} {last + count}\n".encode())
            last += count
    os._exit(0)  # as abrupt as a program can end: nothing is tidied up


def open_plant(folder: Path, sync: str) -> tuple[Any, str]:
    data = prepare_settings(folder, database="", https=False, hosts=(), proxy="")
    data.hold()
    import django

    django.setup()
    from django.db import connection

    from gemba.quality.people.queries import actor_of_token
    from gemba.quality.records.store.sqlite import base

    base.CHECKPOINT_BYTES = CHECKPOINT_BYTES
    known = json.loads((folder / "seed.json").read_text(encoding="utf-8"))
    actor = actor_of_token(known["token"], now=datetime.now(UTC))
    connection.ensure_connection()
    if sync == "NORMAL":
        connection.cursor().execute("PRAGMA synchronous=NORMAL")
    return actor, known["number"]


def take(chance: random.Random, last: int, count: int, actor: Any, number: str) -> bool:
    from django.db import DatabaseError, connection

    from gemba.quality import loop
    from gemba.quality.control.collecting.reading import Reading

    readings = [
        Reading(
            source="w", sequence=last + n, characteristic=number, stream={"machine": "M1"},
            text=f"{chance.gauss(10, 0.02):.3f}",
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    try:
        receipts = loop.receive(readings, actor=actor, now=datetime.now(UTC))
    except DatabaseError:
        connection.close()
        return False
    assert all(receipt.status in STATES for receipt in receipts), receipts
    return True


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
