"""Route x method x role x ownership x state: whoever asks about a record is answered as the tables say."""

from __future__ import annotations

import logging
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import resolve

from gemba.cli.commands import record
from gemba.cli.plant import OpenPlant
from gemba.quality.records.models import Header, Version
from gemba.quality.records.reasons import Reason, in_words
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.types import record_type, record_types
from gemba.server.access import ACCESS
from gemba.server.api.api import make_api
from server.asking import REFUSES_EDITING, Asker, Door, Question, askers, gate, questions
from server.everything import Everything, Held

pytestmark = pytest.mark.django_db
ONE_OF = 83
"""In between one question of so many is asked, for the proof each of them."""
PARTS = 8


def test_every_state_of_every_type_is_there(plant: Everything) -> None:
    there = {(held.type, held.state) for held in plant.held}
    assert there == {(kind.name, state.name) for kind in record_types() for state in kind.lifecycle.states}


def test_every_route_of_a_record_is_asked(plant: Everything) -> None:
    asked = {question.route for held in plant.held for question in questions(held)}
    forms = {"record_new", "record_edit", "api:attachments", "api:attachment", "attachment", "api:task_done"}
    forms |= {"record_print", "api:record_print"}
    lists = {"records", "records_table", "api:records", "search", "api:search"}
    named = {route for route in ACCESS if route.partition(":")[2].startswith("record") or "record" in route}
    assert named <= asked | forms | lists


def test_each_move_of_each_type_is_reached_by_page_by_api_and_from_the_shell(
    plant: Everything, tmp_path: Path
) -> None:
    """A reader takes each of them: the shell refuses him for the role, and knows every move."""
    shell = OpenPlant(DataFolder(tmp_path), plant.pat, plant.now)
    about = {"reason": "because", "fields": {}, "secret": "", "user": ""}
    described = {
        operation["operationId"]
        for path in make_api().get_openapi_schema()["paths"].values()
        for operation in path.values()
        if "operationId" in operation
    }
    for kind in record_types():
        for move in kind.lifecycle.moves:
            at = next(item for item in plant.held if item.type == kind.name and item.state in move.sources)
            with transaction.atomic():
                asked = {"act": "move", "what": [move.name, str(at.header)], **about}
                (said,) = record.work(shell, asked)["refused"]
                transaction.set_rollback(True)
            if move.roles:
                assert in_words(Reason("records.role_missing", {"roles": ", ".join(move.roles)})) in said
            assert said.startswith(f"{at.header}: ")
            assert f"{move.name}_{kind.name}" in described
            page = f"/records/{kind.name}/{at.header}/moves/{move.name}"
            assert resolve(page).url_name == "record_move"


def expected(question: Question, held: Held, asker: Asker) -> tuple[int, set[str]]:
    """Status (0: whatever else is said) and the codes of the law."""
    turned = gate(question.route, question.method, asker)
    if turned:
        return turned, set()
    kind = record_type(held.type)
    if not asker.has(kind.readers):
        return 404, set()
    return 0, question.law(kind, held, asker)


def answered(question: Question, answer: Any) -> tuple[int, set[str]]:
    status = answer.status_code
    if status == 302 and answer["Location"].startswith("/account/login?"):
        return 401, set()
    codes: set[str] = set()
    if "json" in answer.get("Content-Type", ""):
        codes = {reason["code"] for reason in answer.json().get("reasons") or ()} & question.judged
        if question.method == "PATCH":
            codes = {REFUSES_EDITING[code] for code in codes}
    return (status if status in (401, 403, 404, 405) else 0), codes


def chosen(full: bool, *parts: object) -> bool:
    return full or zlib.crc32(repr(parts).encode()) % ONE_OF == 0


@pytest.mark.parametrize("part", range(PARTS))
def test_every_question_is_answered_as_the_tables_say(
    part: int,
    plant: Everything,
    door: Door,
    request: pytest.FixtureRequest,
    show: Callable[[str], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")  # each line would keep its request until the end
    full = bool(request.config.getoption("--full"))
    wrong, count, seen = [], 0, Counter[str]()
    for asker in askers():
        client = door.client(asker)
        for held in plant.held[part::PARTS]:
            for question in questions(held):
                if not chosen(
                    full, asker.name, held.type, held.state, held.owner, question.route, question.path
                ):
                    continue
                count += 1
                want = expected(question, held, asker)
                got, stored = put(question, held, client)
                seen[str(want)] += 1
                if got != want or (stored and (want[0] or want[1])):
                    wrong.append((asker.name, held, question.method, question.path, want, got, stored))
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(map(str, wrong[:40]))
    assert len(seen) >= 6
    show(f"access, part {part + 1} of {PARTS}: {count} questions, 0 unintended accesses")


def put(question: Question, held: Held, client: Any) -> tuple[tuple[int, set[str]], bool]:
    """The answer to one question, and whether it stored a version; taken back at once."""
    with transaction.atomic():
        version = Header.objects.values_list("version", flat=True).get(pk=held.header)
        answer = question.ask(client, version)
        stored = Version.objects.filter(header=held.header, number__gt=version).exists()
        transaction.set_rollback(True)
    return answered(question, answer), stored
