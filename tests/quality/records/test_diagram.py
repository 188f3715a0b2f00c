"""The drawing of a lifecycle and the pages of the manual hold every state and every step."""

from __future__ import annotations

from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gemba.quality.records.diagram import diagram
from gemba.quality.records.types import RecordType
from gemba.quality.types import RECORD_TYPES

PAGES = Path(__file__).parents[3] / "docs" / "records"


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_every_state_and_every_step_is_drawn_once_for_each_source(kind: RecordType) -> None:
    drawn = diagram(kind.lifecycle)
    for state in kind.lifecycle.states:
        assert drawn.count(f">{escape(state.label)}</text>") >= 1
    words = "".join(ElementTree.fromstring(drawn).itertext())  # noqa: S314 (our own drawing)
    for move in kind.lifecycle.moves:
        assert words.count(move.label) >= len(move.sources)


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_every_record_type_has_its_page_with_diagram_steps_and_refusals(kind: RecordType) -> None:
    page = (PAGES / f"{kind.name}.md").read_text(encoding="utf-8")
    refusals = ("refusals",) if kind.reasons else ()  # else it is refused in words of the kernel alone
    for part in ("diagram", "moves", *refusals):
        assert f"<!-- {part}: {kind.name}" in page
    assert f"begins with {kind.prefix}" in page
    assert f"({kind.name}.md)" in (PAGES / "index.md").read_text(encoding="utf-8")
