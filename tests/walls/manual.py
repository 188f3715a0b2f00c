"""The commands that the manual shows, as the tests run them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from walls.tree import files, text

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STATED = re.compile(r"\s+# exit code (\d)\b.*$")


@dataclass(frozen=True)
class Command:
    """A command as the manual shows it, the exit code it states, and the lines it shows below."""

    line: str
    code: int
    shown: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The command as a shell would split it."""
        return shlex.split(self.line)


def commands(page: str) -> Iterator[Command]:
    """The commands of one block after the other; ``...`` stands for lines that are left out."""
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            first, *below = part.splitlines()
            stated = STATED.search(first)
            shown = tuple(line.strip() for line in below if line.strip() not in {"", "..."})
            yield Command(STATED.sub("", first), int(stated[1]) if stated else 0, shown)


def missing_lines(shown: tuple[str, ...], output: str) -> list[str]:
    """The shown lines that the output does not have, in that order."""
    lines = iter([line.strip() for line in output.splitlines()])
    return [line for line in shown if line not in lines]


def pages() -> list[Path]:
    """Every page whose ``gemba`` commands are run."""
    written = [Path("README.md"), *files(".md", under="docs/")]
    return [page for page in written if any(c.words[:1] == ["gemba"] for c in commands(text(page)))]
