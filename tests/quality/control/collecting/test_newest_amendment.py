"""The newest amendment of a reading is found by the index of what is amended, always."""

from __future__ import annotations

import re
from pathlib import Path

import gemba.quality

HERE = Path(gemba.quality.__file__).parent
NEWEST = re.compile(r"MAX\((\w+)\.id([^)]*)\)\s+FROM collecting_reading \1\s+WHERE \1\.about = \w", re.DOTALL)
LAST = re.compile(r"(\w+)\.about = \w[^;]{0,60}?ORDER BY \1\.id([^;]{0,6}) DESC LIMIT 1", re.DOTALL)


def test_no_question_for_it_can_be_answered_by_a_walk_along_the_ids() -> None:
    """PostgreSQL takes one while it knows little of a new table: seconds for each page of a chart."""
    found = [
        (path.name, match[2])
        for path in sorted(HERE.rglob("*.py"))
        for pattern in (NEWEST, LAST)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(found) >= 5
    assert {name: how for name, how in found if how != " + 0"} == {}
