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

import allauth
import django

from gemba.quality.records.store.folder import STORE
from gemba.quality.records.store.platform import lock_file

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
KEPT = ROOT / "out" / "prepared"
PRODUCT = "gemba.server.settings"
SPECIMEN = "settings"
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


def _migrate(folder: Path, settings: str) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_", "PYTEST_"))}
    env |= {"GEMBA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": settings}
    env["PYTHONPATH"] = os.pathsep.join([str(TESTS), str(ROOT / "src")])
    subprocess.run([sys.executable, "-c", MAKE], env=env, check=True)  # noqa: S603 (our own program)
