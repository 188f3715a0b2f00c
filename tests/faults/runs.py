"""A deed that was recorded: the disk before it, all that happened to it, how it ended."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.images import Disk, read_image
from faults.recording import Op, Outcome, Stage, read_log


@dataclass(frozen=True)
class Run:
    """A recorded run: the disk before it, all that happened, and how it ended."""

    start: Disk
    ops: list[Op]
    outcome: Outcome

    def points_with(self, kind: str, name: str = "") -> list[int]:
        """After which things of this kind to a file of this name the power may be cut."""
        return [n for n, op in enumerate(self.ops, 1) if op.kind == kind and op.path.endswith(name)]


def record(stage: Stage, files: Path | None, log: Path, deed: str, chance: random.Random, **more: Any) -> Run:
    """Do a deed from these files on; what was recorded must explain every byte that is there afterwards."""
    stage.lay(files)
    start = Disk(stage.folder, chance)
    outcome = stage.do(deed, log, **more)
    assert outcome.code == 0, outcome.said
    ops = list(read_log(log))
    after = copy.deepcopy(start)
    for op in ops:
        if op.kind != "F":
            after.take(op)
    assert after.now() == read_image(stage.folder), "something was written past the recorder"
    return Run(start, ops, outcome)
