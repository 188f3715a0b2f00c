"""The next start after a fault: what it finds, and everything that is wrong with it.

It is looked at in processes of their own, which know the product and nothing of the tests.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from faults.images import Image, write_image

if TYPE_CHECKING:
    from gemba.quality.records.store.folder import DataFolder

LATER = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
LOOKERS = 2
AHEAD = 4  # images that wait for each looker


@dataclass
class Found:
    """What the next start finds."""

    readings: dict[str, set[int]] = field(default_factory=dict)
    remarks: set[int] = field(default_factory=set)
    people: int = 0
    state: str = ""
    files: list[str] = field(default_factory=list)
    backups: list[str] = field(default_factory=list)
    why: set[str] = field(default_factory=set)
    restored: int = 0
    did: tuple[str, ...] = ()
    refused: str = ""
    wrong: list[str] = field(default_factory=list)


class Lookers:
    """Processes that start the plant of an image and look at everything in it."""

    def __init__(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(LOOKERS, spawning, initializer=_begin)

    def look(self, images: Iterable[tuple[int, Image]]) -> Iterator[tuple[int, Found]]:
        """What the next start finds at each point, in order."""
        waiting: deque[tuple[int, Future[Found]]] = deque()
        for point, image in images:
            waiting.append((point, self._pool.submit(look, image)))
            while len(waiting) > LOOKERS * AHEAD:
                done, future = waiting.popleft()
                yield done, future.result(300)
        for done, future in waiting:
            yield done, future.result(300)

    def close(self) -> None:
        """End them."""
        self._pool.shutdown()


def _begin() -> None:
    os.environ.pop("GEMBA_DATABASE", None)
    os.environ["GEMBA_DATA"] = tempfile.mkdtemp(prefix="gemba-looker-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "gemba.server.settings"
    import django

    django.setup()


def look(image: Image) -> Found:
    """Start the plant of an image and look at everything in it."""
    from gemba.quality.records.keeping.checking import StoreRefused

    place = Path(tempfile.mkdtemp(prefix="gemba-image-")) / "plant"
    write_image(image, place)
    found = Found()
    try:
        with _started(place, found) as folder:
            found.wrong = list(_faults(folder))
            _read(folder, found)
    except StoreRefused as refused:
        found.refused = str(refused)
    except Exception as error:
        found.wrong.append(f"{type(error).__name__}: {error}")
    finally:
        shutil.rmtree(place.parent)
    return found


@contextmanager
def _started(place: Path, found: Found) -> Iterator[DataFolder]:
    """As the program starts; everything inside reaches this store."""
    from gemba.quality.records.keeping.opening import open_store
    from gemba.quality.records.store.elsewhere import embedded_settings, opened
    from gemba.quality.records.store.folder import DataFolder
    from gemba.server.opening import first_link
    from gemba.server.secret import make_secret, secret_key

    folder = DataFolder(place)
    make_secret(folder.keys)
    if len(secret_key(folder.keys)) < 40:
        found.wrong.append("the secret of the sessions is not whole")
    with opened(embedded_settings(folder.store)):
        found.did = open_store(folder, now=LATER)
        first_link(now=LATER)
        yield folder


def _faults(folder: DataFolder) -> Iterator[str]:
    """Everything that is wrong with a started plant: file, rows, chain, anchors, files, backups."""
    from gemba.quality.records.anchors import public_key, write_anchor
    from gemba.quality.records.keeping.backup import backups_folder, list_backups, read_backup
    from gemba.quality.records.keeping.checking import StoreRefused, check_plant

    write_anchor(folder, now=LATER)
    checked = check_plant(folder, key=public_key(folder))
    yield from (finding.text for finding in checked.findings)
    if checked.anchors == 0:
        yield "no anchor can be written"
    for backup in list_backups(backups_folder(folder)):
        try:
            read_backup(backup.path)
        except StoreRefused as refused:
            yield str(refused)
        if not backup.manifest.sound:
            yield f"{backup.path.name}: {backup.manifest.findings}"


def _read(folder: DataFolder, found: Found) -> None:
    from gemba.quality.control.nonconformance.models import Nonconformance
    from gemba.quality.people.models import Person
    from gemba.quality.records.keeping.backup import backups_folder, list_backups
    from gemba.quality.records.models import Attachment, Entry, Remark
    from gemba.quality.records.store.statements import fetch

    stored = fetch("SELECT source, sequence FROM collecting_reading ORDER BY id")
    runs = fetch("SELECT source, sequence, count FROM collecting_intake")
    taken = [(source, last - before) for source, last, count in runs for before in range(count)]
    for source, number in stored:
        found.readings.setdefault(source, set()).add(number)
    if len(stored) != len(set(stored)) or sorted(stored) != sorted(taken):
        found.wrong.append("readings and taken keys do not agree")
    texts = list(Remark.objects.values_list("text", flat=True))
    found.remarks = {int(text.split()[1]) for text in texts if text.startswith("remark ")}
    if len(texts) != len(set(texts)):
        found.wrong.append("a remark stands there twice")
    found.people = Person.objects.count()
    found.state = "".join(ncr.header.state for ncr in Nonconformance.objects.select_related("header"))
    found.files = sorted(Attachment.objects.values_list("name", flat=True))
    backups = list_backups(backups_folder(folder))
    found.backups = sorted(backup.path.name for backup in backups)
    found.why = {backup.manifest.why for backup in backups}
    found.restored = Entry.objects.filter(action="store.restore").count()
