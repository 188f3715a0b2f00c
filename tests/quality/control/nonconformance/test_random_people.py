"""Random actions by random people: whatever they try, the laws of the record hold in what is stored."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.factory import Staff, finding, make_person, proof_of
from gemba.quality.control.nonconformance.lifecycle import LIFECYCLE
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.control.nonconformance.words import DECISIONS, FUNCTION_ROLES, LOCATIONS
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import answers
from gemba.quality.records.edge import take_move
from gemba.quality.records.history import trail_of
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Header, Signature, Site
from gemba.quality.records.reasons import Conflict, Refused
from gemba.quality.records.signatures import is_valid
from gemba.quality.records.trail import verify
from nonconforming.case import with_neighbour

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EACH_AT_LEAST = 50
MOST_STEPS = 20_000
RECORDS = 12
OLD = 40  # versions after which people turn to another record
RARE = {"void": 0.25, "review_again": 1.5, "propose": 2.0}

pytestmark = pytest.mark.django_db


class Crowd:
    """People, machines and records, and what they try next."""

    def __init__(self, site: Site, staff: Staff) -> None:
        self.dice = random.Random(20260302)  # noqa: S311 (the same tries each time)
        self.site = site
        more = [("erna", "engineer"), ("ali", "approver"), ("ina", "inspector")]
        people = [make_person(name, role, site=site, now=NOW) for name, role in more]
        every = frozenset((role, site.code) for _, role in more) | {("quality_manager", site.code)}
        jack = make_person("jack", "operator", site=site, now=NOW)
        self.people = [*staff.everybody, *people, Actor("person", jack.id, "Jack of all trades", every)]
        self.machines = [Actor("token", "token:1", "press", every), Actor("system", "system:rule", "rule")]
        self.now = NOW
        self.taken: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.records = [self.fresh() for _ in range(RECORDS)]

    def fresh(self) -> int:
        who = self.dice.choice([a for a in self.people if a.has_any(("operator", "inspector"), "HAL")])
        changes = {"customer_decides": self.dice.random() < 0.1}
        given = finding(self.now, **changes)
        ncr = services.open_nonconformance(site=self.site, given=given, actor=who, now=self.now)
        if self.dice.random() < 0.5:
            with_neighbour(ncr, "concession", self.dice.choice(["approved", "effective", "open", "void"]))
        return int(ncr.pk)

    def pick_move(self, ncr: Nonconformance) -> str:
        if self.dice.random() < 0.05:
            return self.dice.choice(LIFECYCLE.moves).name
        moves = LIFECYCLE.moves_from(ncr.header.state)
        likely = RARE | {self.due(ncr): 8.0}
        return self.dice.choices(moves, [likely.get(move.name, 1.0) for move in moves])[0].name

    def due(self, ncr: Nonconformance) -> str:
        """What people who know their work do next."""
        state = ncr.header.state
        if state == "under_review":
            spoken = set(ncr.reviews.filter(cycle=ncr.cycle).values_list("function", flat=True))
            wanted = set(FUNCTION_ROLES) if ncr.customer_decides else {"engineering", "quality"}
            return "decide" if spoken >= wanted else "review"
        if state in ("dispositioned", "in_execution"):
            return "execute" if ncr.lines.filter(state="pending").exists() else "verify"
        if state == "verified":
            return "close" if ncr.corrective else "answer_corrective"
        return ""

    def pick_actor(self, move: str) -> Actor:
        if self.dice.random() < 0.1:
            return self.dice.choice([*self.people, *self.machines])
        step = LIFECYCLE.move(move)
        assert step is not None
        return self.dice.choice([a for a in self.people if a.has_any(step.roles, "HAL")])

    def typed(self, move: str, ncr: Nonconformance, actor: Actor) -> dict[str, Any]:
        dice = self.dice
        if move in ("contain", "answer_location"):
            names = [name for name in LOCATIONS if dice.random() < (0.95 if move == "contain" else 0.4)]
            return {"locations": [{"location": name, "answer": "none", "words": "seen"} for name in names]}
        if move == "review":
            fitting = [name for name, roles in FUNCTION_ROLES.items() if actor.has_any(roles, "HAL")]
            names = fitting if fitting and dice.random() < 0.9 else list(FUNCTION_ROLES)
            spoken = ncr.reviews.filter(cycle=ncr.cycle).values_list("function", flat=True)
            silent = [name for name in names if name not in spoken]
            opinion = " " if dice.random() < 0.05 else "agreed"
            return {"function": dice.choice(silent or names), "opinion": opinion}
        if move in ("propose", "decide"):
            return {"lines": self.lines(ncr)} if dice.random() < 0.8 else {}
        if move == "execute":
            return self.execution(ncr)
        if move == "answer_corrective":
            why = dice.choice(["once", "often", "always", " "])
            return {"needed": dice.random() < 0.5, "ground": "risk", "why": why}
        if move in ("review_again", "reopen"):
            return {"overturned": dice.choice(["", "", "", "", "1", "2, 9"])}
        return {}

    def lines(self, ncr: Nonconformance) -> list[dict[str, str]]:
        done = sum((row.done_quantity or Decimal(0) for row in ncr.lines.filter(state="done")), Decimal(0))
        left = Decimal(12) - done + (self.dice.random() < 0.1)
        parts = [left] if left < 2 or self.dice.random() < 0.5 else [Decimal(1), left - 1]
        return [
            {
                "quantity": str(part),
                "decision": self.dice.choice([*DECISIONS, "scrap", "scrap", "sort"]),
                "reason": "agreed",
                "instruction": self.dice.choice(["as written", "as written", ""]),
            }
            for part in parts
            if part > 0
        ]

    def execution(self, ncr: Nonconformance) -> dict[str, Any]:
        pending = list(ncr.lines.filter(state="pending"))
        line = self.dice.choice(pending) if pending else None
        quantity = line.quantity if line else Decimal(1)
        if self.dice.random() < 0.1:
            quantity = self.dice.choice([quantity + 1, quantity / 2])
        typed: dict[str, Any] = {"line": line.number if line else 1, "quantity": str(quantity)}
        typed |= {"evidence": "seen", "reinspection": self.dice.choice(["report 7", "report 7", ""])}
        return typed | self.dice.choice(
            [{"cost": "5", "currency": "eur"}, {"cost": "5", "currency": "EUR"}, {}]
        )

    def step(self) -> None:
        place = self.dice.randrange(len(self.records))
        identity = self.records[place]
        before = Header.objects.get(pk=identity)
        if before.category == "void" or before.version > OLD:
            self.records[place] = self.fresh()
            return
        ncr = Nonconformance.objects.select_related("header", "header__site").get(pk=identity)
        move = self.pick_move(ncr)
        actor = self.pick_actor(move)
        self.now += timedelta(minutes=1)
        stale = self.dice.random() < 0.03
        try:
            take_move(
                identity,
                move,
                typed=self.typed(move, ncr, actor),
                reason="" if self.dice.random() < 0.1 else "because",
                expected_version=before.version - 1 if stale else self.dice.choice([before.version, None]),
                proof=proof_of(actor) if actor.kind == "person" and self.dice.random() < 0.9 else None,
                actor=actor,
                now=self.now,
            )
        except Refused as refused:
            self.refused.update(reason.code for reason in refused.reasons)
            self.change_neighbours(ncr, "")
            after = Header.objects.get(pk=identity)
            assert (after.state, after.version) == (before.state, before.version)
            return
        except Conflict:
            assert stale
            assert Header.objects.get(pk=identity).version == before.version
            return
        assert not stale
        self.taken[move] += 1
        check_law(identity, move, before.state, actor)
        self.change_neighbours(ncr, move)

    def change_neighbours(self, ncr: Nonconformance, move: str) -> None:
        """Other people go on with what is linked."""
        if move == "close" and self.dice.random() < 0.1:
            with_neighbour(ncr, "capa", "open")
        if self.dice.random() < 0.1:
            linked = [item.id for items in linked_headers(ncr.pk).values() for item in items]
            state = self.dice.choice(["approved", "effective", "closed", "open"])
            Header.objects.filter(pk__in=linked).update(category=state, state=state)


def check_law(identity: int, move: str, state: str, actor: Actor) -> None:
    """What must be true of the store after this move, read from the rows alone."""
    ncr = Nonconformance.objects.select_related("header").get(pk=identity)
    step = LIFECYCLE.move(move)
    assert step is not None
    assert state in step.sources
    assert ncr.header.state == step.target
    assert actor.kind == "person"
    assert actor.has_any(step.roles, "HAL")
    law = LAWS.get(move)
    if law is not None:
        law(ncr, actor)


def contained(ncr: Nonconformance, _actor: Actor) -> None:
    assert {row.location for row in ncr.locations.all() if row.answer and row.words} == set(LOCATIONS)


def decided(ncr: Nonconformance, actor: Actor) -> None:
    assert actor.id not in (ncr.found_by, *who_did(ncr, "report"))
    spoken = {(row.function, row.person) for row in ncr.reviews.filter(cycle=ncr.cycle)}
    engineers = {person for function, person in spoken if function == "engineering"}
    quality = {person for function, person in spoken if function == "quality"}
    assert any(one != other for one in engineers for other in quality)
    assert not ncr.customer_decides or any(function == "customer" for function, _ in spoken)
    lines = ncr.lines.exclude(state="overturned")
    assert sum((row.done_quantity if row.state == "done" else row.quantity) or 0 for row in lines) == 12
    under_concession(ncr)


def under_concession(ncr: Nonconformance) -> None:
    decisions = {row.decision for row in ncr.lines.exclude(state="overturned")}
    if decisions & {"repair", "use_as_is"}:
        linked = [item for items in linked_headers(ncr.pk).values() for item in items]
        assert any(i.type == "concession" and i.category in ("approved", "effective") for i in linked)


def verified(ncr: Nonconformance, actor: Actor) -> None:
    lines = list(ncr.lines.exclude(state="overturned"))
    assert actor.id not in who_did(ncr, "execute")
    assert {row.state for row in lines} == {"done"}
    assert sum(row.done_quantity or 0 for row in lines) == 12
    for row in lines:
        assert row.evidence
        assert row.done_by != actor.id
        if row.decision in ("rework", "repair") and row.done_quantity:
            assert row.reinspection
        if row.decision == "scrap":
            assert row.cost is not None
            assert row.currency == "EUR"
    under_concession(ncr)


def closed(ncr: Nonconformance, actor: Actor) -> None:
    assert ncr.corrective in ("yes", "no")
    assert ncr.corrective_reason
    assert actor.id not in who_did(ncr, "decide") | who_did(ncr, "execute")
    signature = Signature.objects.get(header_id=ncr.pk, version=ncr.header.version)
    assert (signature.signer, signature.meaning, is_valid(signature)) == (actor.id, "verified", True)


def opened_again(ncr: Nonconformance, _actor: Actor) -> None:
    linked = [item for items in linked_headers(ncr.pk).values() for item in items]
    assert not [item for item in linked if item.type == "capa" and item.category not in ("closed", "void")]
    assert not ncr.locations.exclude(answer="").exists()


def reviewed_again(ncr: Nonconformance, _actor: Actor) -> None:
    assert not ncr.reviews.filter(cycle=ncr.cycle).exists()
    assert not ncr.lines.filter(state="pending").exists()


def made_void(ncr: Nonconformance, actor: Actor) -> None:
    assert actor.id not in who_did(ncr, "report")
    assert trail_of(ncr.pk)[-1].reason


LAWS = {
    "contain": contained,
    "decide": decided,
    "verify": verified,
    "close": closed,
    "reopen": opened_again,
    "review_again": reviewed_again,
    "void": made_void,
}


def who_did(ncr: Nonconformance, move: str) -> set[str]:
    return {entry.actor for entry in trail_of(ncr.pk) if entry.action == f"move:{move}"}


def test_whatever_random_people_try_the_laws_hold_and_nobody_is_stuck(site: Site, staff: Staff) -> None:
    crowd = Crowd(site, staff)
    wanted = {move.name for move in LIFECYCLE.moves}
    for _ in range(MOST_STEPS):
        if min(crowd.taken[name] for name in wanted) >= EACH_AT_LEAST:
            break
        crowd.step()
    assert {name: crowd.taken[name] for name in wanted if crowd.taken[name] < EACH_AT_LEAST} == {}
    assert crowd.refused["records.own_work"] >= EACH_AT_LEAST
    assert crowd.refused["nonconformance.person_only"] >= 10
    for record in Nonconformance.objects.select_related("header", "header__site"):
        if record.header.category not in ("closed", "void"):
            found = [answers(record, actor=actor, now=crowd.now) for actor in crowd.people]
            assert any(answer.allowed for each in found for answer in each), record.header.state
    planted = set(Header.objects.exclude(type="nonconformance").values_list("pk", flat=True))
    found_rows = {(finding.table, finding.row) for finding in verify().findings}
    assert found_rows == {("records_header", row) for row in planted}
