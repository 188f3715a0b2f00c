"""Every state x move x role through the edge, from the lifecycle table; and people who act at random."""

import json
import random
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from gemba.quality.people.roles import ROLES
from gemba.quality.records import signatures
from gemba.quality.records.actor import Actor
from gemba.quality.records.edge import create, edit, take_move, void
from gemba.quality.records.history import trail_of
from gemba.quality.records.lifecycle import LOCKED, Lifecycle, Situation, reasons_against
from gemba.quality.records.models import Entry, Header, Signature, Site, Version
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Conflict, Refused
from gemba.quality.records.remarks import add_remark
from gemba.quality.records.signatures import Proof
from gemba.quality.records.tasks import complete_task, tasks_for
from gemba.quality.records.trail import verify
from gemba.quality.records.types import RecordType, record_types
from specimen.types import LIFECYCLE

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
SETUP = Actor("person", "person:99", "Setup", frozenset({("inspector", "*")}))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anybody_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever says the word signs: the lifecycle is under test here, not the secret."""
    site = Site.objects.create(code="HAL", name="Halle")
    assert site.pk == "HAL"
    monkeypatch.setattr(signatures, "_verifier", [lambda *_: ()])
    monkeypatch.setattr(signatures, "_namer", [lambda _: 1])
    monkeypatch.setattr(signatures, "_failure", [])


def test_each_state_move_and_role_through_the_edge_is_as_the_table_says() -> None:
    wrong = []
    for state in LIFECYCLE.states:
        for move in LIFECYCLE.moves:
            for role in (*ROLES, "nothing"):
                with transaction.atomic():
                    if moved(state.name, move.name, role) != allowed(LIFECYCLE, state.name, move.name, role):
                        wrong.append((state.name, move.name, role))
                    transaction.set_rollback(True)
    assert wrong == []


def allowed(table: Lifecycle, state: str, move: str, role: str) -> bool:
    step = table.move(move)
    return step is not None and state in step.sources and role in step.roles


def moved(state: str, move: str, role: str) -> bool:
    made = create("specimen", site="HAL", typed={"title": "A", "weight": 1}, actor=SETUP, now=NOW)
    category = LIFECYCLE.state(state).category
    number = None if category == "draft" else "SPE-1"
    Header.objects.filter(pk=made.pk).update(state=state, category=category, number=number)
    actor = Actor("person", "person:1", "One", frozenset({(role, "HAL")}))
    typed = {"weight": 2} if move == "take" else {}
    try:
        take_move(made.pk, move, typed=typed, reason="because", proof=Proof("word"), actor=actor, now=NOW)
    except Refused:
        assert Header.objects.get(pk=made.pk).state == state
        return False
    step = LIFECYCLE.move(move)
    assert step is not None
    assert Header.objects.get(pk=made.pk).state == step.target
    assert Signature.objects.filter(header_id=made.pk).exists() == (step.signature is not None)
    return True


@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.name)
def test_each_role_at_another_site_may_nothing_in_any_type(kind: RecordType) -> None:
    for state in kind.lifecycle.states:
        for move in kind.lifecycle.moves:
            bare = replace(move, guards=())
            actor = Actor("person", "person:1", "One", frozenset((role, "ULM") for role in ROLES))
            situation = Situation({"state": state.name}, {"reason": "x"}, actor, NOW)
            codes = [reason.code for reason in reasons_against(kind.lifecycle, bare, situation, site="HAL")]
            assert "records.role_missing" in codes
            assert ("records.wrong_state" in codes) == (state.name not in move.sources)


@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.name)
def test_each_state_of_any_type_is_reached_and_left_by_roles_that_exist(kind: RecordType) -> None:
    reached, table = {kind.lifecycle.initial}, kind.lifecycle
    for _ in table.states:
        reached |= {move.target for move in table.moves if set(move.sources) & reached}
    assert reached == {state.name for state in table.states}
    assert {role for move in table.moves for role in move.roles} <= set(ROLES)


PEOPLE = [
    Actor("person", f"person:{number}", f"P{number}", frozenset((role, site) for role in roles))
    for number, (roles, site) in enumerate(
        [
            (("inspector",), "HAL"),
            (("inspector", "approver"), "HAL"),
            (("approver",), "*"),
            (("inspector", "approver"), "ULM"),
            (("reader", "auditor"), "*"),
            (("system_administrator", "access_administrator"), "*"),
        ],
        start=1,
    )
]
STORIES = 1000 if "--full" in sys.argv else 60
OFTEN = STORIES // 15
"""How often each move is taken at least, so that the test cannot pass by doing nothing."""


def test_nothing_that_people_do_at_random_breaks_a_guard() -> None:
    taken: Counter[str] = Counter()
    for seed in range(STORIES):
        luck = random.Random(seed)  # noqa: S311 (no secret)
        with transaction.atomic():
            made = live(luck)
            assert broken_laws(made) == [], seed
            taken.update(line.action for line in trail_of(made))
            if seed % 10 == 0:
                assert verify().sound
            transaction.set_rollback(True)
    assert min(taken[f"move:{move.name}"] for move in LIFECYCLE.moves) >= OFTEN, taken
    refused = [f"refused:{deed}" for deed in ("move:release", "move:keep", "move:fly", "edit", "void")]
    assert min(taken[deed] for deed in refused) >= OFTEN, taken


def live(luck: random.Random) -> int:
    """The life of one record among people who act at random; returns it."""
    typed = {"title": "A", "weight": 1}
    made = int(create("specimen", site="HAL", typed=typed, actor=PEOPLE[0], now=NOW).pk)
    for step in range(luck.randint(4, 16)):
        if luck.random() < 0.5:
            deliver_due(NOW + timedelta(minutes=step))
        before, lines = Header.objects.get(pk=made), len(trail_of(made))
        what, text, actor = some_deed(before, luck)
        try:
            do(made, actor, what, text, right=luck.random() < 0.8, now=NOW + timedelta(minutes=step))
        except (Refused, Conflict) as error:
            after = Header.objects.get(pk=made)
            assert (after.state, after.version) == (before.state, before.version)
            if isinstance(error, Refused) and what in ("move", "edit", "void"):
                assert len(trail_of(made)) == lines + 1
    return made


def some_deed(header: Header, luck: random.Random) -> tuple[str, str, Actor]:
    """What somebody tries; half of the time a step that the state has, by somebody with the role."""
    moves = LIFECYCLE.moves_from(header.state)
    if moves and luck.random() < 0.5:
        move = luck.choice([move for move in moves if move.name != "throw"] * 4 + list(moves))
        return "move", move.name, luck.choice([one for one in PEOPLE if one.has_any(move.roles, "HAL")])
    names = [move.name for move in LIFECYCLE.moves]
    deeds = [("move", luck.choice([*names, "fly"])), ("edit", luck.choice("ab\x00"))]
    deeds += [("void", luck.choice(["", "", "broken"])), ("remark", luck.choice(["", "seen"])), ("tasks", "")]
    return (*luck.choice(deeds), luck.choice(PEOPLE))


def do(made: int, actor: Actor, what: str, text: str, *, right: bool, now: datetime) -> None:
    version = Header.objects.get(pk=made).version - (0 if right else 1)
    if what == "move":
        typed = {"weight": 2} if text == "take" and right else {}
        proof = Proof("word") if right else None
        take_move(made, text, typed=typed, reason="x" if right else "", proof=proof, actor=actor, now=now)
    elif what == "edit":
        edit(made, typed={"note": text}, expected_version=version, actor=actor, now=now)
    elif what == "void":
        void(made, reason=text, actor=actor, now=now)
    elif what == "remark":
        add_remark(header=made, text=text, actor=actor, now=now)
    else:
        for task in tasks_for(actor):
            complete_task(task=task.pk, evidence="done", actor=actor, now=now)


def broken_laws(made: int) -> list[str]:
    """What the history of a record may never show, read from versions and trail alone."""
    snapshots = [
        json.loads(version.snapshot)["header"]
        for version in Version.objects.filter(header_id=made).order_by("number")
    ]
    lines = [line for line in trail_of(made) if line.version is not None and line.action != "remark.add"]
    found = []
    if [line.version for line in lines] != list(range(1, len(snapshots) + 1)):
        found.append("a version without its line")
    takers = {line.actor for line in lines if line.action == "move:take"}
    for old, new, line in zip(snapshots, snapshots[1:], lines[1:], strict=False):
        if old["category"] in LOCKED:
            found.append("a closed record changed")
        if old["number"] not in (None, new["number"]) or (
            new["number"] is None and new["category"] != "draft"
        ):
            found.append("a number changed")
        if line.action == "move:release" and line.actor in takers:
            found.append("the own work approved")
        found += broken_step(made, old["state"], new["state"], line)
    return found


def broken_step(made: int, old: str, new: str, line: Entry) -> list[str]:
    """What is wrong with one change, by the table of the lifecycle."""
    actor = next(person for person in PEOPLE if person.id == line.actor)
    if line.action == "edit":
        may = old == new and actor.has_any(("inspector", "approver"), "HAL")
        return [] if may else ["an edit that may not be"]
    step = LIFECYCLE.move(line.action.removeprefix("move:"))
    if step is None or old not in step.sources or new != step.target:
        return ["a step that the table does not have"]
    signed = Signature.objects.filter(header_id=made, version=line.version or 0).exists()
    faults = {
        "a step without the right": not actor.has_any(step.roles, "HAL"),
        "a step without its reason": step.needs_reason and not line.reason,
        "a signed step without signature": signed != (step.signature is not None),
        "kept while a task was open": step.name == "keep" and open_task_at(made, line),
    }
    return [text for text, broken in faults.items() if broken]


def open_task_at(made: int, line: Entry) -> bool:
    tasks = Entry.objects.filter(header_id=made, id__lt=line.pk)
    return tasks.filter(action="task.open").count() > tasks.filter(action="task.done").count()
