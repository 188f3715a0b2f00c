"""The power goes at each point of a few deeds: the next start finds the plant before it, or after it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.afterwards import Found, Lookers
from faults.images import crash_images
from faults.recording import Stage
from faults.runs import Run, record
from trials import Trials

Check = Callable[[Found, set[str]], bool]
FIRST = "2026-03-03T093000Z"
SECOND = "2026-03-03T103000Z"
"""The backup that was there, and the one that is made."""


def begun(found: Found, told: set[str]) -> bool:
    """A plant with its first administrator; where there is nothing yet it is begun now."""
    return found.people == 1 and (not told or "Made a new store." not in found.did)


def upgraded(found: Found, told: set[str]) -> bool:
    """The new schema, with the copy of before; where it is still the old one it is upgraded now."""
    kept = "before upgrade" in found.why and FIRST in found.backups
    return kept and (not told or not found.did)


def closed(found: Found, told: set[str]) -> bool:
    return found.state == "closed" or (found.state == "verified" and "closed" not in told)


def kept(found: Found, told: set[str]) -> bool:
    return found.files == ["first.txt", "second.txt"] or (found.files == ["first.txt"] and not told)


def backed_up(found: Found, told: set[str]) -> bool:
    return found.backups == [FIRST, SECOND] or (found.backups == [FIRST] and not told)


def brought_back(found: Found, told: set[str]) -> bool:
    """Restored, or as it was, or in between: then nothing is begun, and the way back is named."""
    if found.refused:
        return not told and "gemba restore" in found.refused and FIRST in found.refused
    return found.restored == 1 or (found.restored == 0 and not told)


SCENARIOS: dict[str, tuple[str, Check]] = {
    "start_first": ("", begun),
    "upgrade": ("aged", upgraded),
    "sign_closing": ("seeded", closed),
    "keep_file": ("seeded", kept),
    "back_up": ("seeded", backed_up),
    "bring_back": ("seeded", brought_back),
}

PARTS = 20  # of the cuts of a proof, after each of which it may end
LONG = {"start_first", "upgrade"}
"""After a cut in these the next start has much to do."""


def told_by(run: Run, point: int) -> set[str]:
    lines = b"".join(op.data for op in run.ops[:point] if op.path.endswith("/acks")).decode().splitlines()
    return {line.split()[0] for line in lines}


@pytest.mark.parametrize("deed", SCENARIOS)
def test_a_power_cut_leaves_the_plant_before_a_deed_or_after_it(
    deed: str, stage: Stage, lookers: Lookers, tmp_path: Path, request: pytest.FixtureRequest,
    trials: Trials, show: Callable[[str], None],
) -> None:  # fmt: skip
    files, check = SCENARIOS[deed]
    chance = random.Random(deed)  # noqa: S311 (cuts for a test)
    before = request.getfixturevalue(files) if files else None
    run = record(stage, before, tmp_path / "log", deed, chance)
    count = min(len(run.ops), trials(6, 200) if deed in LONG else trials(16, 100_000))
    points = [*chance.sample(range(1, len(run.ops)), count - 1), len(run.ops)]
    done: list[int] = []
    for part in trials.each("parts of the power cuts", 1, PARTS):
        looked = points[part :: trials(1, PARTS)]
        wrong = [
            (point, told_by(run, point), found)
            for point, found in lookers.look(crash_images(run.start, run.ops, sorted(looked)))
            if found.wrong or not check(found, told_by(run, point))
        ]
        assert not wrong, f"{len(wrong)} of {len(looked)} cuts, the first: {wrong[0]}"
        done += looked
    show(
        f"power cut at {len(done)} of {len(run.ops)} points of {deed}: "
        "the plant as before it or after it, sound"
    )
