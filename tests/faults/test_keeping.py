"""What keeps a plant (backup, restore, upgrade) is killed, runs out of disk, or finds its files damaged."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from faults.afterwards import Found, Lookers
from faults.images import read_image
from faults.recording import Stage, read_log
from faults.small import SmallDisk, small_disk
from trials import Trials

Show = Callable[[str], None]
KILLED = -9
ERRORS = (
    "OSError",
    "django.db.utils.OperationalError",
    "gemba.quality.records.keeping.checking.StoreRefused",
)
WORDS = ("No space left on device", "database or disk is full", "disk I/O error")
"""What the system says of a full disk; SQLite says the last when the index of its log cannot grow."""


def steps(folder: Path) -> int:
    """How many steps of the schema a store says that it has; asked of a copy, for asking mends."""
    with TemporaryDirectory() as place:
        for path in folder.glob("plant.sqlite3*"):
            shutil.copy(path, place)
        with closing(sqlite3.connect(Path(place) / "plant.sqlite3")) as store:
            return int(store.execute("SELECT COUNT(*) FROM django_migrations").fetchone()[0])


def look(lookers: Lookers, folder: Path) -> Found:
    """What the next start finds in a folder."""
    found = next(lookers.look([(0, read_image(folder))]))[1]
    assert (found.wrong, found.refused) == ([], "")
    return found


def acks(folder: Path) -> dict[str, list[str]]:
    told = folder / "acks"
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return {line.split()[0]: line.split()[1:] for line in lines}


def test_an_upgrade_that_is_killed_is_done_or_not_done(
    stage: Stage, seeded: Path, aged: Path, lookers: Lookers, tmp_path: Path, trials: Trials, show: Show
) -> None:
    stage.lay(aged)
    assert stage.do("upgrade", tmp_path / "log").code == 0
    ops = list(read_log(tmp_path / "log"))
    log = f"{stage.folder}/plant.sqlite3-wal"
    upgrading = next(n for n, op in enumerate(ops, 1) if op.path == log and op.kind == "W")
    old, new = steps(aged), steps(seeded)
    assert old < new
    count, done, chance = trials(6, 50), 0, random.Random(41)  # noqa: S311
    half = count // 2
    early, late = range(1, upgrading), range(upgrading, len(ops))
    points = {*chance.sample(early, half), *chance.sample(late, count - half - 1), len(ops)}
    for point in sorted(points):
        stage.lay(aged)
        killed = stage.do("upgrade", tmp_path / "log", kill=point)
        assert killed.code == KILLED, (point, killed)
        assert steps(stage.folder) in (old, new), point
        done += steps(stage.folder) == new
        look(lookers, stage.folder)
        again = stage.do("upgrade", tmp_path / "log")
        assert (again.code, steps(stage.folder)) == (0, new), again.said
    assert 0 < done < count
    show(
        f"upgrade killed at {count} of {len(ops)} points: {count - done} times the old store, {done} times "
        "the new one; the next start completed each"
    )


@pytest.fixture
def crowded(recorder: Path, tmp_path: Path) -> Iterator[tuple[SmallDisk, Stage]]:
    """A stage on a small disk."""
    with small_disk(tmp_path / "disk", "24m") as disk:
        made = Stage(recorder, disk.place, tmp_path / "stderr")
        yield disk, made
        made.close()


@pytest.mark.parametrize(("deed", "files"), [("back_up", "seeded"), ("upgrade", "aged")])
def test_the_disk_is_full_in_the_middle_of_it(
    deed: str, files: str, crowded: tuple[SmallDisk, Stage], lookers: Lookers, tmp_path: Path,
    request: pytest.FixtureRequest, trials: Trials, show: Show,
) -> None:  # fmt: skip
    disk, stage = crowded
    before = request.getfixturevalue(files)
    chance = random.Random(deed)  # noqa: S311
    stage.lay(before)
    room = disk.free
    assert stage.do(deed, tmp_path / "log").code == 0
    needed = room - disk.free
    times, failed, succeeded = trials(2, 20), 0, 0
    while failed < times:
        stage.lay(before)
        disk.fill(chance.randrange(int(needed * 1.3)))
        outcome = stage.do(deed, tmp_path / "log")
        if outcome.code == 0:
            succeeded += 1
        else:
            failed += 1
            assert acks(stage.folder) == {}
            told = outcome.said.splitlines()[-1]
            assert told.startswith(ERRORS), outcome.said
            assert any(words in told for words in WORDS), outcome.said
        found = look(lookers, stage.folder)
        assert not list((stage.folder / "backups").glob(".making-*"))
        disk.clear()
        again = stage.do(deed, tmp_path / "log")
        assert again.code == 0, again.said
        assert look(lookers, stage.folder).files == found.files
    show(f"disk full in {deed}: {failed} times refused, nothing half done, done when there was room")


def test_every_damage_to_a_backup_is_noticed_before_anything_is_replaced(
    stage: Stage, seeded: Path, lookers: Lookers, tmp_path: Path, trials: Trials, show: Show
) -> None:
    flips, cuts = trials(100, 1000), trials(20, 100)
    stage.lay(seeded)
    done = stage.do("damage", tmp_path / "log", flips=flips, cuts=cuts, seed=51)
    assert done.code == 0, done.said
    told = acks(stage.folder)
    assert (told["unnoticed"][0], told["touched"][0]) == ("0", "0"), told
    look(lookers, stage.folder)
    show(f"backup damaged: {flips} bit flips and {cuts} cuts, all noticed, nothing replaced")
