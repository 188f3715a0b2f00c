"""The power goes at any moment: what was acknowledged is there, and the store is sound."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.afterwards import Found, Lookers
from faults.images import crash_images
from faults.recording import Op, Stage
from faults.runs import Run, record
from trials import Trials

Show = Callable[[str], None]
CLIENTS = 4
PARTS = 40  # of the cuts of a proof, after each of which it may end


@dataclass(frozen=True)
class Acknowledged:
    """What the clients and the office had been told: the last reading of each source, the last remark."""

    readings: dict[str, int]
    remark: int

    def missing(self, found: Found) -> int:
        """How much of it is not there."""
        count = len(set(range(1, self.remark + 1)) - found.remarks)
        for source, last in self.readings.items():
            count += len(set(range(1, last + 1)) - found.readings.get(source, set()))
        return count


def acknowledged(ops: Sequence[Op]) -> Acknowledged:
    """What had been answered when these things had happened."""
    told: dict[str, int] = {}
    for line in b"".join(op.data for op in ops if op.path.endswith("/acks")).decode().splitlines():
        who, last, *_ = line.split()
        told[who] = int(last)
    told.pop("done", None)
    return Acknowledged({who: last for who, last in told.items() if who != "remark"}, told.get("remark", 0))


def take_readings(
    stage: Stage, seeded: Path, place: Path, *, seed: int, sync: str = "FULL", **more: Any
) -> Run:
    chance = random.Random(seed)  # noqa: S311 (cuts for a test)
    about = {"sync": sync, "clients": CLIENTS, "seed": seed, **more}
    return record(stage, seeded, place / "log", "take_readings", chance, **about)


def lost(run: Run, points: Sequence[int], lookers: Lookers) -> tuple[int, int]:
    """How many of these power cuts lost something, and how many readings and remarks in all."""
    cuts = rows = 0
    for point, found in lookers.look(crash_images(run.start, run.ops, points)):
        assert (found.wrong, found.refused, found.did) == ([], "", ()), f"after {point} of {len(run.ops)}"
        missing = acknowledged(run.ops[:point]).missing(found)
        cuts += bool(missing)
        rows += missing
    return cuts, rows


def random_points(run: Run, count: int) -> list[int]:
    """Random moments while clients send."""
    sending = range(run.points_with("W", "/acks")[0], len(run.ops) + 1)
    return run.start.chance.sample(sending, min(count, len(sending)))


def test_no_power_cut_loses_what_was_acknowledged(
    stage: Stage, seeded: Path, lookers: Lookers, tmp_path: Path, trials: Trials, show: Show
) -> None:
    run = take_readings(stage, seeded, tmp_path, seed=23, batches=trials(40, 250))
    assert run.points_with("S", "/plant.sqlite3"), "no checkpoint can be cut"
    requests, commits = joined(run.ops)
    assert requests > commits, "no two requests were committed together"
    points = random_points(run, trials(60, 1000))
    for part in trials.each("parts of the power cuts", 1, PARTS):
        looked = points[: (part + 1) * len(points) // trials(1, PARTS)]
        assert lost(run, looked[part * len(points) // trials(1, PARTS) :], lookers) == (0, 0)
    points = looked
    told = acknowledged(run.ops)
    show(
        f"power cut: {len(points)} cuts among {len(run.ops)} writes and syncs, {CLIENTS} clients and an "
        f"office at work, {requests} requests in {commits} commits, {sum(told.readings.values())} readings "
        f"and {told.remark} remarks acknowledged; 0 lost, every store sound, every chain verified"
    )


def joined(ops: Sequence[Op]) -> tuple[int, int]:
    """How many requests were committed, in how many commits."""
    last = next(op.data.split() for op in reversed(ops) if op.data.startswith(b"done "))
    return int(last[1]), int(last[2])


def test_the_same_cuts_lose_rows_where_syncs_are_left_out(
    stage: Stage, seeded: Path, lookers: Lookers, tmp_path: Path, trials: Trials, show: Show
) -> None:
    run = take_readings(stage, seeded, tmp_path, seed=24, sync="NORMAL", batches=trials(20, 100))
    points = random_points(run, trials(20, 200))
    cuts, rows = lost(run, points, lookers)
    assert cuts > 0
    show(
        f"power cut, control run with synchronous=NORMAL: {cuts} of {len(points)} cuts lost {rows} "
        "acknowledged readings and remarks"
    )


def test_a_failing_sync_is_never_acknowledged(
    stage: Stage, seeded: Path, lookers: Lookers, tmp_path: Path, trials: Trials, show: Show
) -> None:
    """Each of the first syncs fails once, each in a run in which others fail before and after it."""
    first, step = trials(120, 500), trials(4, 20)
    failed = told = images = 0
    for start in range(1, trials(1, step) + 1):
        run = take_readings(
            stage, seeded, tmp_path, seed=100 + start, batches=first // 2, fail=(start, first, step)
        )
        failing = run.points_with("F")
        points = sorted({*failing, *(min(n + 3, len(run.ops)) for n in failing), len(run.ops)})
        assert lost(run, points, lookers) == (0, 0)
        failed, images = failed + len(failing), images + len(points)
        told += sum(acknowledged(run.ops).readings.values())
    assert failed == len(range(trials(1, step))) * first // step
    show(
        f"sync error: EIO at {failed} of the first {first} syncs; {told} readings acknowledged around them, "
        f"0 lost in {images} power cuts that followed; what was not taken was taken when sent again"
    )
