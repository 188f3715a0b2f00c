"""How readings are sent: each body that the manual shows is sent, and each answer that it shows comes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gemba.quality import loop
from gemba.quality.people.models import Person
from gemba.quality.planning.products.models import Characteristic
from gemba.server.ingest.bodies import read_body, write_receipts
from server.conftest import actor, now
from walls.tree import text

PAGE = Path("docs/how-to/send-readings.md")
PAIR = re.compile(
    r"<!-- send: (\S+) -->\n```json\n(.*?)```\n\n(?:[^\n]*\n\n)?<!-- answer: 200 -->\n```json\n(.*?)```",
    re.DOTALL,
)

pytestmark = pytest.mark.django_db


def holds(shown: Any, given: Any) -> bool:
    """Whether the answer says what the manual shows of it."""
    if isinstance(shown, dict):
        return all(holds(value, given.get(name)) for name, value in shown.items())
    return bool(shown == given)


def test_what_the_manual_sends_is_answered_as_it_says(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    page = text(PAGE).replace("CHR-HAL-26-0001", str(characteristic.header.number))
    found = PAIR.findall(page)
    assert len(found) == page.count("<!-- send:") == 4
    for kind, body, shown in found:
        readings, single = read_body(body.encode(), kind)
        receipts = loop.receive(readings, actor=actor(people["operator"]), now=now())
        answer = write_receipts(receipts, single=single, lines="ndjson" in kind).decode()
        given = [json.loads(line) for line in answer.splitlines()]
        wanted = [json.loads(line) for line in shown.strip().splitlines()]
        assert len(given) == len(wanted)
        assert all(holds(one, other) for one, other in zip(wanted, given, strict=True)), (shown, answer)
