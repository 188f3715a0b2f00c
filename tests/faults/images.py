"""What a disk may hold after a power cut: what was synced, and any part of what happened since.

The model is that of POSIX, which promises less than any file system keeps:

- what was written to a file is durable when that file was synced; before, each 512 byte sector of each write
  may be there or not, and the length may have grown without the data (zeros);
- a name (made, renamed, removed) is durable when its folder was synced, not when its file was; before, of
  the changes in one folder some first ones may be there, and a rename is there whole or not at all;
- a sync that fails may have kept any part; the rest is forgotten for good (a later sync that succeeds does
  not bring it), or is waiting still: systems do both.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from faults.recording import Op

SECTOR = 512
LUCK = (0.0, 0.5, 0.9, 1.0)
"""How much of what was not synced a disk may happen to have kept."""
Image: TypeAlias = "dict[str, bytes | None]"
"""Files by their path in the folder; ``None`` is a folder."""


@dataclass(eq=False)
class File:
    """What of a file is durable, and what was written since its last sync."""

    durable: bytearray
    pending: list[Op] = field(default_factory=list)

    def sync(self) -> None:
        for op in self.pending:
            apply(self.durable, op)
        self.pending.clear()

    def fail(self, chance: random.Random) -> None:
        if chance.random() < 0.5:
            self.durable = self.torn(chance, chance.choice(LUCK))
            self.pending.clear()

    def torn(self, chance: random.Random, luck: float) -> bytearray:
        found = bytearray(self.durable)
        for op in self.pending:
            if chance.random() < luck:
                apply(found, op)
            elif op.kind == "W" and chance.random() < 0.3:
                tear(found, op, chance)
        return found


@dataclass(eq=False)
class Folder:
    """The names in a folder: those that are durable, those of now, and the changes since its last sync."""

    durable: dict[str, Node] = field(default_factory=dict)
    now: dict[str, Node] = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)


Node: TypeAlias = "File | Folder"


@dataclass(eq=False)
class Change:
    """A name that goes, a name that comes, or both at once."""

    gone: tuple[Folder, str] | None
    come: tuple[Folder, str, Node] | None
    done: bool = False

    def apply(self, names: Mapping[Folder, dict[str, Node]]) -> None:
        if self.gone:
            names[self.gone[0]].pop(self.gone[1], None)
        if self.come:
            names[self.come[0]][self.come[1]] = self.come[2]


class Disk:
    """One folder on a disk, and its past since the last syncs."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root = str(root)
        self.chance = chance
        self.top = Folder()
        self.folders = [self.top]
        self.numbers: dict[int, Node] = {}
        if root.exists():
            self._read(root, self.top)

    def _read(self, place: Path, folder: Folder) -> None:
        self.numbers[place.stat().st_ino] = folder
        for path in place.iterdir():
            if path.name.endswith("-shm"):
                continue
            node: Node
            if path.is_dir():
                node = inner = Folder()
                self.folders.append(inner)
                self._read(path, inner)
            else:
                node = self.numbers.setdefault(path.stat().st_ino, File(bytearray(path.read_bytes())))
            folder.durable[path.name] = folder.now[path.name] = node

    def take(self, op: Op) -> None:
        """Let one thing happen."""
        node = self.numbers.get(op.file)
        if op.kind in "CM":
            self._make(op)
        elif op.kind in "UD":
            self._change(Change(self._place(op.path), None))
        elif op.kind in "RL":
            self._name_again(op)
        elif op.kind in "WT":
            assert isinstance(node, File), op
            node.pending.append(op)
        elif isinstance(node, File):
            node.sync() if op.kind == "S" else node.fail(self.chance)
        elif isinstance(node, Folder) and op.kind == "S":
            for change in node.pending:
                if not change.done:
                    change.apply({folder: folder.durable for folder in self.folders})
                    change.done = True
            node.pending.clear()

    def _make(self, op: Op) -> None:
        node: Node = File(bytearray()) if op.kind == "C" else Folder()
        if op.path == self.root:
            node = self.top
        elif isinstance(node, Folder):
            self.folders.append(node)
        self.numbers[op.file] = node
        if node is not self.top:
            self._change(Change(None, (*self._place(op.path), node)))

    def _name_again(self, op: Op) -> None:
        old, new = self._place(op.path), self._place(op.data.decode())
        node = old[0].now[old[1]]
        self._change(Change(old if op.kind == "R" else None, (*new, node)))

    def _change(self, change: Change) -> None:
        change.apply({folder: folder.now for folder in self.folders})
        touched = {place[0] for place in (change.gone, change.come) if place}
        for folder in touched:
            folder.pending.append(change)

    def _place(self, path: str) -> tuple[Folder, str]:
        *folders, name = Path(path).relative_to(self.root).parts
        here: Node = self.top
        for part in folders:
            assert isinstance(here, Folder)
            here = here.now[part]
        assert isinstance(here, Folder)
        return here, name

    def image(self) -> Image:
        """The folder as the next start may find it."""
        luck = self.chance.choice(LUCK)
        names = {folder: dict(folder.durable) for folder in self.folders}
        told: set[Change] = set()
        for folder in self.folders:
            count = round(luck) * len(folder.pending) if luck in (0, 1) else None
            kept = self.chance.randint(0, len(folder.pending)) if count is None else count
            for change in folder.pending[:kept]:
                if not change.done and change not in told:
                    change.apply(names)
                    told.add(change)
        return dict(self._walk(names, luck))

    def now(self) -> Image:
        """The folder as a program sees it: all that happened, synced or not."""
        return dict(self._walk({folder: folder.now for folder in self.folders}, 1.0))

    def _walk(
        self, names: Mapping[Folder, Mapping[str, Node]], luck: float
    ) -> Iterator[tuple[str, bytes | None]]:
        waiting: list[tuple[str, Folder]] = [("", self.top)]
        while waiting:
            prefix, folder = waiting.pop()
            for name, node in names[folder].items():
                if isinstance(node, Folder):
                    yield f"{prefix}{name}", None
                    waiting.append((f"{prefix}{name}/", node))
                else:
                    yield f"{prefix}{name}", bytes(node.torn(self.chance, luck))


def apply(content: bytearray, op: Op) -> None:
    """Let a write or a cut happen to some bytes."""
    if op.kind == "T":
        del content[op.offset :]
        content.extend(bytes(op.offset - len(content)))
        return
    if op.offset > len(content):
        content.extend(bytes(op.offset - len(content)))
    content[op.offset : op.offset + len(op.data)] = op.data


def tear(content: bytearray, op: Op, chance: random.Random) -> None:
    """Let some sectors of a write happen, and the new length or not."""
    end = op.offset + len(op.data)
    start = op.offset
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        if chance.random() < 0.5:
            piece = op.data[start - op.offset : stop - op.offset]
            apply(content, Op("W", op.path, op.file, start, piece))
        start = stop
    if chance.random() < 0.3 and len(content) < end:
        content.extend(bytes(end - len(content)))


def crash_images(start: Disk, ops: Iterable[Op], points: Iterable[int]) -> Iterator[tuple[int, Image]]:
    """The image of a power cut after each of the points, which count things that happened."""
    disk = copy.deepcopy(start)
    wanted = set(points)
    for done, op in enumerate(ops, start=1):
        disk.take(op)
        if done in wanted:
            yield done, disk.image()


def read_image(folder: Path) -> Image:
    """A real folder in the form of an image; without what the recorder does not watch."""
    paths = [path for path in folder.rglob("*") if not path.name.endswith("-shm")]
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in paths
    }


def write_image(image: Image, folder: Path) -> None:
    """Lay an image on the disk of now."""
    folder.mkdir()
    for name in sorted(image):
        content = image[name]
        if content is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(content)
