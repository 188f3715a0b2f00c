"""The marks in the pages of the lessons, which say who does what, and what is then seen. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PAGE = Path("docs/start/empty-plant.md")
SEQUEL = Path("docs/start/corrective-action.md")
MARK = re.compile(r"^<!-- (step|shows|refused|send|wait): (.*) -->$", re.MULTILINE)


def marks(page: str) -> Iterator[tuple[str, str, str, str]]:
    """Each mark of a page: what it asks for, and three words about it."""
    for kind, rest in MARK.findall(page):
        yield (kind, *parts(rest))


def parts(rest: str) -> tuple[str, str, str]:
    """The words of a mark: two, and all that follows."""
    first, second, *left = rest.split(" ", 2)
    return first, second, left[0]
