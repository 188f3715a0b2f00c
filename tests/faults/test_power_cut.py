"""The power goes at any moment: what was acknowledged is there, and the store is sound."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from faults.images import crash_images
from faults.recording import Op, build_recorder, read_log, variables
from gemba.quality.records.store.elsewhere import embedded_settings, opened
from gemba.quality.records.store.health import find_damage
from gemba.quality.records.store.statements import fetch
from gemba.quality.records.trail import verify

Trials = Callable[[int, int], int]
TESTS = Path(__file__).parents[1]
STORE = "plant.sqlite3"


@dataclass(frozen=True)
class Recorded:
    """A run of the writer: the files before it, and all that happened to them."""

    folder: Path
    start: dict[str, bytes]
    ops: list[Op]

    def acknowledged(self, point: int) -> int:
        """The last number that the writer had acknowledged when so many things had happened."""
        lines = b"".join(op.data for op in self.ops[:point] if op.path.endswith("/acks"))
        return int(lines.split()[-1]) if lines else 0


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_recorder(tmp_path_factory.mktemp("recorder"))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plant with a characteristic and a token, ready to be copied."""
    folder = tmp_path_factory.mktemp("seeded") / "plant"
    folder.mkdir()
    words = ["-c", "import sys, pathlib, server.plant as p; p.seed(pathlib.Path(sys.argv[1]))", str(folder)]
    run(words)
    return folder


@pytest.fixture(autouse=True)
def _store(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def run(words: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))}
    env["PYTHONPATH"] = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, *words]
    return subprocess.run(command, env=env | more, check=True, text=True, capture_output=True)  # noqa: S603 (ours)


def record(seeded: Path, recorder: Path, tmp_path: Path, *, sync: str, batches: int, **more: str) -> Recorded:
    folder = tmp_path / f"plant-{sync}"
    shutil.copytree(seeded, folder)
    files = [path for path in folder.iterdir() if path.name.startswith(STORE)]
    start = {str(path.resolve()): path.read_bytes() for path in files}
    log = tmp_path / f"{sync}.log"
    run(
        ["-m", "faults.writer", str(folder), str(batches), sync, "7"],
        **variables(recorder, folder, log), **more,
    )  # fmt: skip
    return Recorded(folder, start, list(read_log(log)))


def look(image: dict[str, bytes], folder: Path) -> tuple[set[int], list[str]]:
    """The numbers that a start after the cut finds, and everything that is wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path, content in image.items():
        if Path(path).name in (STORE, f"{STORE}-wal"):
            (folder / Path(path).name).write_bytes(content)
    with opened(embedded_settings(folder / STORE)):
        wrong = find_damage() or [finding.text for finding in verify().findings]
        stored = [row[0] for row in fetch("SELECT sequence FROM collecting_reading WHERE source = 'w'")]
        taken = [row[0] for row in fetch("SELECT sequence FROM collecting_intake WHERE source = 'w'")]
    if len(stored) != len(set(stored)) or set(stored) != set(taken):
        wrong.append("readings and taken keys do not agree")
    return set(stored), wrong


def lost(recorded: Recorded, count: int, tmp_path: Path) -> tuple[int, int]:
    """How many of so many power cuts lost something, and how many acknowledged readings in all."""
    chance = random.Random(23)  # noqa: S311 (cuts for a test)
    first = next(n for n, op in enumerate(recorded.ops, start=1) if op.path.endswith("/acks"))
    points = chance.sample(range(first, len(recorded.ops) + 1), count)
    cuts = rows = 0
    for point, image in crash_images(recorded.start, recorded.ops, points, chance):
        found, wrong = look(image, tmp_path / "image")
        assert wrong == [], f"after {point} of {len(recorded.ops)}"
        missing = set(range(1, recorded.acknowledged(point) + 1)) - found
        cuts += bool(missing)
        rows += len(missing)
    return cuts, rows


def test_no_power_cut_loses_what_was_acknowledged(
    seeded: Path, recorder: Path, tmp_path: Path, trials: Trials, show: Callable[[str], None]
) -> None:
    recorded = record(seeded, recorder, tmp_path, sync="FULL", batches=trials(80, 400))
    assert any(op.kind == "S" and op.path.endswith(STORE) for op in recorded.ops), "no checkpoint was cut"
    count = trials(60, 1000)
    assert lost(recorded, count, tmp_path) == (0, 0)
    last = recorded.acknowledged(len(recorded.ops))
    show(
        f"power cut: {count} cuts among {len(recorded.ops)} writes and syncs of {last} readings; "
        "0 acknowledged lost, every store sound, every chain verified"
    )


def test_the_same_cuts_lose_rows_where_syncs_are_left_out(
    seeded: Path, recorder: Path, tmp_path: Path, trials: Trials, show: Callable[[str], None]
) -> None:
    recorded = record(seeded, recorder, tmp_path, sync="NORMAL", batches=trials(80, 400))
    count = trials(20, 200)
    cuts, rows = lost(recorded, count, tmp_path)
    assert cuts > 0
    show(f"power cut, control run with synchronous=NORMAL: {cuts} of {count} cuts lost {rows} readings")


def test_a_failing_sync_is_never_acknowledged(
    seeded: Path, recorder: Path, tmp_path: Path, trials: Trials, show: Callable[[str], None]
) -> None:
    chance = random.Random(24)  # noqa: S311
    runs = trials(4, 60)
    acknowledged = 0
    for trial in range(runs):
        first = chance.randint(1, 60)
        failing = f"{first}:{first + chance.choice((0, 0, 3))}"
        place = tmp_path / str(trial)
        place.mkdir()
        recorded = record(seeded, recorder, place, sync="FULL", batches=60, GEMBA_FAIL_SYNCS=failing)
        assert any(op.kind == "F" for op in recorded.ops)
        assert lost(recorded, 3, tmp_path) == (0, 0)
        end = list(crash_images(recorded.start, recorded.ops, [len(recorded.ops)], chance))
        found, wrong = look(end[0][1], tmp_path / "image")
        assert wrong == []
        last = recorded.acknowledged(len(recorded.ops))
        assert found >= set(range(1, last + 1))
        acknowledged += last
    show(
        f"sync error: EIO from {runs} random syncs on, {acknowledged} readings acknowledged around them; "
        "0 of them lost by the power cut that followed, writing went on alone"
    )
