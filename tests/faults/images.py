"""What a disk may hold after a power cut: what was synced, and any part of what was written since."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from faults.recording import Op

SECTOR = 512
LUCK = (0.0, 0.5, 0.9, 1.0)
"""How much of what was not synced a disk may happen to have kept."""


@dataclass
class Disk:
    """The files of a folder: what is durable, and what was written since the last sync of each."""

    durable: dict[str, bytearray]
    pending: dict[str, list[Op]] = field(default_factory=dict)

    def take(self, op: Op) -> None:
        """Let one thing happen."""
        if op.kind in "WT":
            self.durable.setdefault(op.path, bytearray())
            self.pending.setdefault(op.path, []).append(op)
        elif op.kind == "S":
            for waiting in self.pending.pop(op.path, []):
                apply(self.durable[op.path], waiting, len(waiting.data))
        elif op.kind == "F":
            self.pending.pop(op.path, None)  # a system that cannot write forgets what it could not write
        elif op.kind == "U":
            self.durable.pop(op.path, None)
            self.pending.pop(op.path, None)

    def image(self, chance: random.Random) -> dict[str, bytes]:
        """The files as the next start may find them; a write may be torn between two sectors."""
        luck = chance.choice(LUCK)
        found = {path: bytearray(content) for path, content in self.durable.items()}
        for path, waiting in self.pending.items():
            for op in waiting:
                if chance.random() < luck:
                    apply(found[path], op, len(op.data))
                elif op.kind == "W" and chance.random() < 0.3:
                    apply(found[path], op, SECTOR * chance.randrange(len(op.data) // SECTOR + 1))
        return {path: bytes(content) for path, content in found.items()}


def apply(content: bytearray, op: Op, length: int) -> None:
    if op.kind == "T":
        del content[op.offset :]
        content.extend(bytes(op.offset - len(content)))
        return
    if length and op.offset > len(content):
        content.extend(bytes(op.offset - len(content)))
    content[op.offset : op.offset + length] = op.data[:length]


def crash_images(
    start: Mapping[str, bytes], ops: Iterable[Op], points: Iterable[int], chance: random.Random
) -> Iterator[tuple[int, dict[str, bytes]]]:
    """The image of a power cut after each of the points, which count things that happened."""
    disk = Disk({path: bytearray(content) for path, content in start.items()})
    wanted = set(points)
    for done, op in enumerate(ops, start=1):
        disk.take(op)
        if done in wanted:
            yield done, disk.image(chance)
