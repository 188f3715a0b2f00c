"""What people try with a nonconformance: the moves of people who know their work, and everything else."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.factory import finding
from gemba.quality.control.nonconformance.lifecycle import LIFECYCLE
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.control.nonconformance.words import DECISIONS, FUNCTION_ROLES, LOCATIONS
from gemba.quality.records.actor import Actor
from gemba.quality.records.history import trail_of
from gemba.quality.records.lifecycle import Lifecycle, Move
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Header, Signature, Site
from gemba.quality.records.signatures import is_valid
from gemba.server.clock import now
from laws.steering import way
from nonconforming.case import with_neighbour

RARE = {
    "void": 0.25, "review_again": 1.5, "propose": 2.0, "discard": 2.0, "answer_location": 2.0, "reject": 2.0,
    "tick_after_action": 2.0, "tick_without_cause": 2.0,
}  # fmt: skip


def who_did(header: int, *moves: str) -> set[str]:
    """Who took one of these moves, read from the trail alone."""
    wanted = {f"move:{move}" for move in moves} | (set(moves) & {"create", "edit"})
    return {entry.actor for entry in trail_of(header) if entry.action in wanted}


class Player:
    """How one type of record is made, and what is tried with it; each type has its own."""

    type: str
    lifecycle: Lifecycle
    edit_roles: tuple[str, ...] = ()
    edits = 0.15

    def __init__(self, dice: random.Random, site: Site, people: list[Actor]) -> None:
        self.dice, self.site, self.people = dice, site, people
        self.goal = ""
        """The move that people walk to, where they have one in mind."""

    def fresh(self) -> int:
        """A new record."""
        raise NotImplementedError

    def typed(self, move: str, header: Header, actor: Actor) -> dict[str, Any]:
        """What is typed with a move."""
        raise NotImplementedError

    def changes(self) -> dict[str, Any]:
        """What is typed in an edit."""
        return {}

    def edits_of(self, _header: Header) -> float:
        """How many of the steps with this record are edits."""
        return self.edits

    def due(self, _header: Header) -> str:
        """What people who know their work do next."""
        return ""

    def law(self, header: Header, move: str, actor: Actor) -> None:
        """What must be true after a move, read from the rows alone."""

    def beside(self, header: Header, move: str) -> None:
        """What others do meanwhile."""

    def pick_move(self, header: Header) -> Move:
        moves = [move for move in self.lifecycle.moves_from(header.state) if move.roles]
        if not moves or self.dice.random() < 0.05:
            return self.dice.choice(self.lifecycle.moves)
        likely = RARE | {self.due(header): 8.0}
        steps = way(self.lifecycle, header.state, self.goal)
        likely |= {steps[0].name: 20.0 if len(steps) == 1 else 8.0} if steps else {}
        return self.dice.choices(moves, [likely.get(move.name, 1.0) for move in moves])[0]

    def pick_actor(self, roles: tuple[str, ...]) -> Actor:
        able = [actor for actor in self.people if actor.has_any(roles, self.site.code)]
        return self.dice.choice(self.people if not able or self.dice.random() < 0.1 else able)


class Nonconforming(Player):
    """Nonconformances of twelve pieces, with concessions and corrective actions beside them."""

    type = "nonconformance"
    lifecycle = LIFECYCLE
    edit_roles = ("inspector", "engineer")

    def fresh(self) -> int:
        ncr = services.open_nonconformance(
            site=self.site,
            given=finding(now(), customer_decides=self.dice.random() < 0.1),
            actor=self.pick_finder(),
            now=now(),
        )
        if self.dice.random() < 0.5:
            with_neighbour(ncr, "concession", self.dice.choice(["approved", "effective", "open", "void"]))
        return int(ncr.pk)

    def pick_finder(self) -> Actor:
        finders = ("operator", "inspector", "engineer", "quality_manager")
        return self.dice.choice([actor for actor in self.people if actor.has_any(finders, "HAL")])

    def changes(self) -> dict[str, Any]:
        return self.dice.choice(
            [
                {"lot": "L-78"},
                {"quantity_suspect": "40"},
                {"quantity_nonconforming": self.dice.choice(["-1", "12", "abc", "12", "0", "500", "12"])},
                {"customer_informed": "by telephone"},
                {"severity": self.dice.choice(["worse", "minor"])},
            ]
        )

    def due(self, header: Header) -> str:
        ncr = Nonconformance.objects.get(pk=header.pk)
        if header.state == "under_review":
            spoken = set(ncr.reviews.filter(cycle=ncr.cycle).values_list("function", flat=True))
            wanted = set(FUNCTION_ROLES) if ncr.customer_decides else {"engineering", "quality"}
            return "decide" if spoken >= wanted else "review"
        if header.state in ("dispositioned", "in_execution"):
            return "execute" if ncr.lines.filter(state="pending").exists() else "verify"
        if header.state == "verified":
            return "close" if ncr.corrective else "answer_corrective"
        return {"draft": "report", "reported": "contain", "contained": "review"}.get(header.state, "")

    def typed(self, move: str, header: Header, actor: Actor) -> dict[str, Any]:
        dice, ncr = self.dice, Nonconformance.objects.get(pk=header.pk)
        if move in ("contain", "answer_location"):
            names = [name for name in LOCATIONS if dice.random() < (0.95 if move == "contain" else 0.4)]
            return {"locations": [self._location(name) for name in names]}
        if move == "review":
            return self._opinion(ncr, actor)
        if move in ("propose", "decide"):
            return {"lines": self._lines(ncr)} if dice.random() < 0.8 else {}
        if move == "execute":
            return self._execution(ncr)
        if move == "answer_corrective":
            why = dice.choice(["once", "often", "always", " "])
            return {"needed": dice.random() < 0.5, "ground": "risk", "why": why}
        if move in ("review_again", "reopen"):
            return {"overturned": dice.choice(["", "", "", "", "1", "2, 9"])}
        return {}

    def _location(self, name: str) -> dict[str, str]:
        if self.dice.random() < 0.9:
            return {"location": name, "answer": "none", "words": "seen", "quantity": ""}
        quantity, words = self.dice.choice([("3", "seen"), ("3", "seen"), ("", "seen"), ("3", " ")])
        return {"location": name, "answer": "secured", "words": words, "quantity": quantity}

    def _opinion(self, ncr: Nonconformance, actor: Actor) -> dict[str, Any]:
        fitting = [name for name, roles in FUNCTION_ROLES.items() if actor.has_any(roles, "HAL")]
        names = fitting if fitting and self.dice.random() < 0.9 else list(FUNCTION_ROLES)
        spoken = ncr.reviews.filter(cycle=ncr.cycle).values_list("function", flat=True)
        silent = [name for name in names if name not in spoken]
        opinion = " " if self.dice.random() < 0.05 else "agreed"
        return {"function": self.dice.choice(silent or names), "opinion": opinion}

    def _lines(self, ncr: Nonconformance) -> list[dict[str, str]]:
        done = sum((row.done_quantity or Decimal(0) for row in ncr.lines.filter(state="done")), Decimal(0))
        left = Decimal(12) - done + (self.dice.random() < 0.1)
        left = Decimal(0) if self.dice.random() < 0.02 else left
        parts = [left] if left < 2 or self.dice.random() < 0.5 else [Decimal(1), left - 1]
        return [
            {
                "quantity": str(part),
                "decision": self.dice.choice([*DECISIONS, "scrap", "scrap", "sort"]),
                "reason": "agreed",
                "instruction": self.dice.choice(["as written", "as written", ""]),
            }
            for part in parts
            if part >= 0
        ]

    def _execution(self, ncr: Nonconformance) -> dict[str, Any]:
        pending = list(ncr.lines.filter(state="pending"))
        line = self.dice.choice(pending) if pending else None
        quantity = line.quantity if line else Decimal(1)
        if self.dice.random() < 0.1:
            quantity = self.dice.choice([quantity + 1, quantity / 2])
        if self.dice.random() < 0.08:
            return {}
        typed: dict[str, Any] = {"line": line.number if line else 1, "quantity": str(quantity)}
        typed["evidence"] = self.dice.choice(["seen"] * 12 + [" "])
        typed |= {"reinspection": self.dice.choice(["report 7", "report 7", ""])}
        return typed | self.dice.choice(
            [{"cost": "5", "currency": "eur"}, {"cost": "5", "currency": "EUR"}, {}]
        )

    def beside(self, header: Header, move: str) -> None:
        ncr = Nonconformance.objects.select_related("header").get(pk=header.pk)
        if move == "close" and self.dice.random() < 0.1:
            with_neighbour(ncr, "capa", "open")
        if self.dice.random() < 0.1:
            linked = [item.id for items in linked_headers(ncr.pk).values() for item in items]
            state = self.dice.choice(["approved", "effective", "closed", "open"])
            strangers = Header.objects.filter(pk__in=linked, type__in=("concession", "capa"))
            strangers.update(category=state, state=state)

    def law(self, header: Header, move: str, actor: Actor) -> None:
        assert actor.kind == "person"
        rule = LAWS.get(move)
        if rule is not None:
            rule(Nonconformance.objects.select_related("header").get(pk=header.pk), actor)


def reported(ncr: Nonconformance, _actor: Actor) -> None:
    assert ncr.header.number
    assert all((ncr.required, ncr.found, ncr.place, ncr.found_at, ncr.detection_point, ncr.severity))


def contained(ncr: Nonconformance, _actor: Actor) -> None:
    assert {row.location for row in ncr.locations.all() if row.answer and row.words} == set(LOCATIONS)


def decided(ncr: Nonconformance, actor: Actor) -> None:
    assert actor.id not in (ncr.found_by, *who_did(ncr.pk, "report"))
    spoken = {(row.function, row.person) for row in ncr.reviews.filter(cycle=ncr.cycle)}
    engineers = {person for function, person in spoken if function == "engineering"}
    quality = {person for function, person in spoken if function == "quality"}
    assert any(one != other for one in engineers for other in quality)
    assert not ncr.customer_decides or any(function == "customer" for function, _ in spoken)
    lines = ncr.lines.exclude(state="overturned")
    done = sum((row.done_quantity if row.state == "done" else row.quantity) or 0 for row in lines)
    assert done == ncr.quantity_nonconforming
    under_concession(ncr)


def under_concession(ncr: Nonconformance) -> None:
    decisions = {row.decision for row in ncr.lines.exclude(state="overturned")}
    if decisions & {"repair", "use_as_is"}:
        linked = [item for items in linked_headers(ncr.pk).values() for item in items]
        assert any(i.type == "concession" and i.category in ("approved", "effective") for i in linked)


def verified(ncr: Nonconformance, actor: Actor) -> None:
    lines = list(ncr.lines.exclude(state="overturned"))
    assert actor.id not in who_did(ncr.pk, "execute")
    assert {row.state for row in lines} == {"done"}
    assert sum(row.done_quantity or 0 for row in lines) == ncr.quantity_nonconforming
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
    assert actor.id not in who_did(ncr.pk, "decide", "execute")
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
    assert actor.id not in who_did(ncr.pk, "report")
    assert trail_of(ncr.pk)[-1].reason


LAWS: Mapping[str, Callable[[Nonconformance, Actor], None]] = {
    "report": reported,
    "contain": contained,
    "decide": decided,
    "verify": verified,
    "close": closed,
    "reopen": opened_again,
    "review_again": reviewed_again,
    "void": made_void,
    "discard": made_void,
}
