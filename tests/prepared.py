"""What tests copy instead of making it anew: whoever asks first makes it, others wait for it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import allauth
import django
import psycopg

from gemba.quality.records.store.folder import STORE
from gemba.quality.records.store.platform import lock_file

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
KEPT = ROOT / "out" / "prepared"
PRODUCT = "gemba.server.settings"
SPECIMEN = "settings"
EMPTY_DATABASE = "gemba_empty_"
MAKE = """
import django
django.setup()
from django.db import connection
from gemba.quality.records.store.copying import migrate
migrate()
connection.close()
"""


def made_once(place: Path, make: Callable[[Path], None]) -> Path:
    """The folder ``place``, which ``make`` fills if it is not there; it has its name when it is complete."""
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f"{place.name}.lock").open("a+b") as lock:
        while not lock_file(lock):
            time.sleep(0.05)  # another process makes it
        if not place.exists():
            with tempfile.TemporaryDirectory(dir=place.parent) as beside:
                fresh = Path(beside) / place.name
                fresh.mkdir()
                make(fresh)
                fresh.rename(place)
    return place


def empty_store(settings: str = PRODUCT) -> Path:
    """An SQLite store in this program's schema with nothing in it, kept until a migration changes.

    ``settings`` names Django's: those of the product, or those with the record type of the tests.
    """
    kind = settings.rpartition(".")[0] or "tests"
    place = KEPT / f"{kind}-{schema_digest()}"
    if not place.exists():
        for old in KEPT.glob(f"{kind}-*"):
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
    return made_once(place, lambda fresh: _migrate(fresh, settings)) / STORE


def copy_empty_store(folder: Path) -> None:
    """Give a plant that is to be made its empty store, as its first start would."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(empty_store(), folder / STORE)


def empty_database(address: str, settings: str = PRODUCT) -> str:
    """The name of such a store on the PostgreSQL server of ``address``; others are made with it as template.

    ``bin/with_postgres.py`` removes it when its command has ended.
    """
    kind = settings.partition(".")[0]
    name = f"{EMPTY_DATABASE}{kind}_{schema_digest()}"
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [int(schema_digest()[:8], 16)])  # until it is closed
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            admin.execute(f"DROP DATABASE IF EXISTS {name}_begun")
            admin.execute(f"CREATE DATABASE {name}_begun")
            with tempfile.TemporaryDirectory() as folder:
                _migrate(Path(folder), settings, database_at(address, f"{name}_begun"))
            admin.execute(f"ALTER DATABASE {name}_begun RENAME TO {name}")
    return name


def database_at(address: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


@cache
def schema_digest() -> str:
    """Of everything that decides what the schema of an empty store is."""
    program = ROOT / "src" / "gemba"
    files = [*program.rglob("migrations/*.py"), *program.glob("quality/records/store/**/*.py")]
    files += [*program.glob("server/settings/*.py"), *TESTS.glob("specimen/**/*.py")]
    found = hashlib.sha256(f"{django.__version__} {allauth.__version__}".encode())
    for file in sorted(files):
        found.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return found.hexdigest()[:16]


def _migrate(folder: Path, settings: str, database: str = "") -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_", "PYTEST_"))}
    env |= {"GEMBA_DATA": str(folder), "GEMBA_DATABASE": database, "DJANGO_SETTINGS_MODULE": settings}
    env["PYTHONPATH"] = os.pathsep.join([str(TESTS), str(ROOT / "src")])
    subprocess.run([sys.executable, "-c", MAKE], env=env, check=True)  # noqa: S603 (our own program)
