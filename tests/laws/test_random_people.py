"""Random actions of random people by every door: whatever they try, the laws hold in what is stored.

``--full`` runs 20,000 sequences in parts, each on a plant of its own with dice of its own; without it a few
hundred. More than half of them walk to the move that was taken least so far, and choose the door by which it
was taken least; the others go wherever the dice send them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from gemba.quality.control.nonconformance.factory import (
    SETUP,
    Staff,
    known,
    make_person,
    make_staff,
    proof_of,
)
from gemba.quality.people.models import Person
from gemba.quality.people.services import grant_role, set_password
from gemba.quality.records import types
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import answers
from gemba.quality.records.history import trail_of
from gemba.quality.records.models import Entry, Header, Site, Version
from gemba.quality.records.reading import sees
from gemba.quality.records.reasons import _catalogues
from gemba.quality.records.store import fetch
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.trail import verify
from gemba.quality.records.types import record_type
from gemba.quality.records.work import read_detail
from gemba.server.clock import now
from gemba.server.identity import forget
from laws.charting import Characteristics, LimitSets, Signals
from laws.doors import PASSWORD, ByApi, ByPage, ByShell, Came, Clients, Door, Try, by_edge, by_service
from laws.players import Nonconforming, Player
from laws.steering import Steering, given_by_none, reasons_of, way
from specimen.types import SPECIMEN
from trials import Trials

PARTS = 8
SEQUENCES, EACH_AT_LEAST = 280, 3
FULL_SEQUENCES, FULL_EACH_AT_LEAST, FULL_BY_EACH_DOOR = 20_000 // PARTS, 25, 1
"""Of each part; in all parts each move is taken 200 times at the least, and 8 times by each door."""
GUIDED = 0.6
KERNEL = ("wrong_state", "role_missing", "reason_missing", "signature_missing", "signature_person")
ELSEWHERE = frozenset(
    {
        "nonconformance.nothing_pending",  # it greys a button; whoever types no line is told to
        "monitoring.valid_from_missing",  # every door asks for the moment before: records.field_missing
        "nonconformance.choice_unknown",  # every door refuses the words before: records.not_choice
        "nonconformance.reinspection_failed",  # no readings are taken of what these people rework:
        "nonconformance.reinspection_missing",  # tests/quality/control/nonconformance
    }
)
KEPT, OLD = 12, 40  # records at hand of a type; versions after which people turn to another one
STEPS = 8
UNKNOWN = frozenset({"records.field_unknown"})
"""A form leaves aside what is no field of it, such as its own token; a program is told."""
WEIGHTS = {"nonconformance": 6, "characteristic": 4, "signal": 2, "limit-set": 2}

pytestmark = [pytest.mark.django_db, pytest.mark.chance]


class Crowd:
    """People, machines, records and doors, and what is tried next."""

    def __init__(self, site: Site, staff: Staff, folder: Path, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 (the same tries each time)
        self.site = site
        more = [("erna", "engineer"), ("ali", "approver"), ("ina", "inspector")]
        people = [make_person(name, role, site=site, now=now()) for name, role in more]
        self.jack = self.jack_of_all_trades()
        other = Site.objects.create(code="WOB", name="Elsewhere", zone="Europe/Berlin")
        stranger = make_person("stan", "quality_manager", site=other, now=now())
        self.people = [*staff.everybody, *people, self.jack, stranger]
        for person in Person.objects.all():
            set_password(person=person, password=PASSWORD, actor=SETUP, now=now())
        every = self.jack.grants
        self.machines = [
            Actor("token", "token:1", "press", every),
            Actor("device", "device:1", "gauge", every),
        ]
        players = (Nonconforming, Characteristics, Signals, LimitSets)
        self.players: dict[str, Player] = {
            made.type: made for made in (kind(self.dice, site, self.people) for kind in players)
        }
        self.records: dict[str, list[int]] = {name: [] for name in self.players}
        clients = Clients()
        self.inner: dict[str, Door] = {"service": by_service, "edge": by_edge}
        self.bulk = ByShell(DataFolder(folder))
        self.form = ByPage(clients, twin=False)
        self.outer: dict[str, Door] = {
            "form": self.form,
            "twin": ByPage(clients, twin=True),
            "api": ByApi(clients),
            "shell": ByShell(DataFolder(folder)),
            "bulk": self.bulk,
        }
        self.steering = Steering(self.dice, {name: it.lifecycle for name, it in self.players.items()})
        self.came: Counter[tuple[str, str]] = Counter()
        self.along: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()

    def jack_of_all_trades(self) -> Actor:
        """One person who holds every working role: what nobody may do alone, he tries alone."""
        made = make_person("jack", "operator", site=self.site, now=now())
        person = Person.objects.get(pk=int(made.id.removeprefix("person:")))
        for role in ("inspector", "engineer", "approver", "quality_manager"):
            grant_role(person=person, role=role, site=self.site, actor=SETUP, now=now())
        return known(person)

    def sequence(self) -> None:
        """Some people do some things with one record, more often than not on the way to a seldom move."""
        name, goal = self.steering.wanted(self.names()) if self.dice.random() < GUIDED else ("", "")
        player = self.players[name or self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]]
        player.goal = goal
        held = self.records[player.type]
        if len(held) < KEPT:
            held.append(player.fresh())
        place = self.nearest(player, goal) if goal else self.dice.randrange(len(held))
        for _ in range(self.dice.randint(1, STEPS)):
            header = Header.objects.get(pk=held[place])
            if finished(player, header) or header.version > OLD:
                held[place] = player.fresh()
                return
            if player.edit_roles and self.dice.random() < 0.06:
                self.edit_and_move(player, header)
            else:
                self.step(player, header)

    def names(self) -> list[str]:
        """Every door."""
        return [*self.inner, *self.outer]

    def nearest(self, player: Player, goal: str) -> int:
        """The place of the record that has the shortest way to a move; a new one where none leads there."""
        held = self.records[player.type]
        ways: dict[int, int] = {}
        for place, header in enumerate(Header.objects.in_bulk(held)[pk] for pk in held):
            found = way(player.lifecycle, header.state, goal)
            if found is not None and header.version <= OLD:
                ways[place] = len(found)
        if ways:
            return min(ways, key=lambda place: (ways[place], self.dice.random()))
        place = self.dice.randrange(len(held))
        held[place] = player.fresh()
        return place

    def step(self, player: Player, header: Header) -> None:
        dice = self.dice
        edits = bool(player.edit_roles) and dice.random() < player.edits_of(header)
        move = None if edits else player.pick_move(header)
        name = "" if move is None else move.name
        roles = player.edit_roles if move is None else move.roles
        actor = dice.choice(self.machines) if dice.random() < 0.04 else player.pick_actor(roles)
        stale = dice.random() < 0.03 and header.version > 1
        tried = Try(
            header.pk,
            player.type,
            name,
            actor,
            typed=player.typed(name, header, actor) if name else player.changes(),
            reason="" if dice.random() < 0.1 else "because",
            version=header.version - 1 if stale else dice.choice([header.version, None]),
            proof=proof_of(actor) if actor.kind == "person" and dice.random() < 0.9 else None,
        )
        doors = self.doors(tried)
        door = dice.choice([*doors])
        if player.goal and dice.random() < GUIDED:
            door = self.steering.door(player.type, name, doors)
        came = self.through(door, doors[door], tried, header)
        if came.what == "done":
            assert not stale or tried.version is None or door in ("form", "shell", "bulk")
            self.hold(player, tried, header)
        elif came.what == "refused" and came.codes != UNKNOWN and dice.random() < 0.18:
            self.no_other_way(doors, tried, header, came)
        player.beside(Header.objects.get(pk=header.pk), name if came.what == "done" else "")

    def doors(self, tried: Try) -> dict[str, Door]:
        """The doors that this can be tried by: machines stand at the inner ones, a bulk is of moves."""
        doors = self.inner if tried.actor.kind != "person" else self.inner | self.outer
        return {name: door for name, door in doors.items() if tried.move or name != "bulk"}

    def edit_and_move(self, player: Player, header: Header) -> None:
        """Store an edit whose form is asked to take a move along: it passes its guards or is not taken."""
        moves = player.lifecycle.moves_from(header.state) or player.lifecycle.moves
        move = self.dice.choice(moves).name
        actor = player.pick_actor(player.edit_roles)
        tried = Try(header.pk, player.type, "", actor, player.changes(), "because", then=move)
        lines = Entry.objects.filter(header_id=header.pk).count()
        came = self.form(tried, header.version)
        added = Entry.objects.filter(header_id=header.pk).order_by("id")[lines:]
        taken = [entry.action for entry in added if entry.action.startswith("move:")]
        assert taken in ([], [f"move:{move}"])
        self.along["done" if taken else came.what if came.what != "done" else "refused"] += 1
        if taken:
            assert came.what == "done"
            before = Header.objects.get(pk=header.pk)
            before.version, before.state = before.version - 1, header.state
            self.hold(player, replace(tried, move=move), before)

    def through(self, name: str, door: Door, tried: Try, before: Header) -> Came:
        """Try it by one door: what is not done leaves the record as it was, a refusal stands in the trail."""
        others = self.others(tried) if name == "bulk" else {}
        self.bulk.beside = tuple(others)
        written, lines = (rows.objects.filter(header_id=before.pk).count() for rows in (Version, Entry))
        came = door(tried, before.version)
        kept, unseen = came.what == "refused" and name != "service", False
        if name in self.outer and not sees(before.pk, tried.actor):
            assert came.what in ("refused", "turned away")
            kept, unseen = kept or "404" in came.codes, True
            came = Came("turned away")  # as if there were no such record
        self.came[name, came.what] += 1
        self.steering.note(tried.type, tried.move, name, came.what)
        self.held_beside(tried, others)
        after = Header.objects.get(pk=before.pk)
        assert Version.objects.filter(header_id=before.pk).count() == after.version
        if came.what == "done":
            assert after.version >= before.version
            return came
        self.codes.update(came.codes)
        assert (after.state, after.version, after.own_fields) == (before.state, written, before.own_fields)
        added = Entry.objects.filter(header_id=before.pk).order_by("id")[lines:]
        refusals = [read_detail(entry.detail) for entry in added if entry.action.startswith("refused:")]
        assert len(added) == len(refusals) == int(kept)
        assert all(item["shown"] and item["refused"] for item in refusals)
        told = frozenset(str(reason["code"]) for item in refusals for reason in item["refused"])
        assert not unseen or told == frozenset(["records.unknown"] * kept)
        self.codes.update(told - came.codes)
        assert not (told and came.codes) or told == came.codes, (name, tried, told, came.codes)
        return came if unseen else replace(came, codes=came.codes or told)

    def others(self, tried: Try) -> dict[int, Header]:
        """Up to two other records of the type that one line of the shell names along with it."""
        held = sorted({*self.records[tried.type]} - {tried.header})
        return Header.objects.in_bulk(self.dice.sample(held, min(len(held), self.dice.randint(1, 2))))

    def held_beside(self, tried: Try, others: Mapping[int, Header]) -> None:
        """What a bulk did with each other record: the move, lawfully, or nothing."""
        for pk, before in others.items():
            after = Header.objects.get(pk=pk)
            if after.version == before.version:
                assert after.state == before.state
                continue
            last = trail_of(pk)[-1].action.removeprefix("move:")
            if last == tried.move:
                self.steering.note(tried.type, tried.move, "bulk", "done")
                self.hold(self.players[tried.type], replace(tried, header=pk), before)
            else:  # what the program does itself with a neighbour of what was moved
                assert not getattr(self.players[tried.type].lifecycle.move(last), "roles", ("?",))

    def no_other_way(self, doors: Mapping[str, Door], tried: Try, before: Header, came: Came) -> None:
        """What one door refuses every door refuses, for the same reasons wherever it names them."""
        tried = replace(tried, version=None)
        found = {name: self.through(name, door, tried, before) for name, door in doors.items()}
        assert {item.what for item in found.values()} <= {"refused", "turned away"}, (tried, found)
        named = {
            name: item.codes - UNKNOWN
            for name, item in found.items()
            if item.what == "refused" and name != "service"
        }
        assert len(set(named.values())) <= 1, (tried, named)
        assert came.what == "refused"

    def hold(self, player: Player, tried: Try, before: Header) -> None:
        """The law of every type, then that of this one, read from the rows alone."""
        after = Header.objects.get(pk=before.pk)
        if not tried.move:
            assert after.state == before.state
            kind = record_type(player.type)
            assert tried.actor.has_any(tuple(kind.edit_roles[before.state]), self.site.code)
            return
        move = player.lifecycle.move(tried.move)
        assert move is not None
        assert before.state in move.sources
        assert after.state == move.target
        assert after.version == before.version + 1
        assert tried.actor.has_any(move.roles, self.site.code)
        last = [entry for entry in trail_of(before.pk) if entry.version == after.version]
        assert [(entry.action, entry.actor) for entry in last] == [(f"move:{tried.move}", tried.actor.id)]
        player.law(after, tried.move, tried.actor)


def finished(player: Player, header: Header) -> bool:
    """Whether no person has anything more to do with it."""
    return not any(move.roles for move in player.lifecycle.moves_from(header.state))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One part in a gate, all of them in the proof."""
    if "part" in metafunc.fixturenames:
        metafunc.parametrize("part", range(PARTS if metafunc.config.getoption("--full") else 1))


@pytest.fixture
def crowd(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: int) -> Crowd:
    for name in ("concession", "capa"):  # what later issues bring, as far as a page must know it
        monkeypatch.setitem(types._types, name, replace(SPECIMEN, name=name))
    forget()
    site = Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    return Crowd(site, make_staff(site, now=now()), tmp_path, 20260303 + part)


def taken() -> dict[str, Counter[str]]:
    """How often each move of each type stands in the trail, whoever took it."""
    found: dict[str, Counter[str]] = {}
    for name, action, count in fetch(
        "SELECT h.type, e.action, COUNT(*) FROM records_entry e JOIN records_header h ON h.id = e.header_id "
        "WHERE e.action LIKE 'move:%%' GROUP BY h.type, e.action", []
    ):  # fmt: skip
        found.setdefault(str(name), Counter())[str(action).removeprefix("move:")] = int(count)
    return found


def test_whatever_random_people_try_the_laws_hold_and_nobody_is_stuck(
    crowd: Crowd, trials: Trials, show: Callable[[str], None], part: int, together: Path
) -> None:
    sequences = 0
    for _ in trials.each("sequences of actions", SEQUENCES, FULL_SEQUENCES):
        crowd.sequence()
        sequences += 1
    whole = trials.full and not trials.stopped
    done, least = taken(), FULL_EACH_AT_LEAST if whole else EACH_AT_LEAST
    counts = {
        (name, move.name): done[name][move.name]
        for name, player in crowd.players.items()
        for move in player.lifecycle.moves
    }
    needed = {move: least if whole or move in crowd.steering.moves else 1 for move in counts}
    assert {move: count for move, count in counts.items() if count < needed[move]} == {}
    by_door = crowd.steering.least(crowd.names(), "done")
    assert not whole or by_door >= FULL_BY_EACH_DOOR, crowd.steering.came
    for door in crowd.names():
        assert crowd.came[door, "refused"] >= least
    assert min(crowd.along["done"], crowd.along["refused"]) >= 1
    assert crowd.codes["records.own_work"] >= least
    assert crowd.codes["records.person_only"] >= 1
    guarded, missing = every_reason(crowd), silent(crowd)
    assert not whole or given_by_none(together, part, missing, parts=PARTS) == []
    nobody_is_stuck(crowd)
    planted = set(Header.objects.filter(type__in=("concession", "capa")).values_list("pk", flat=True))
    found_rows = {(finding.table, finding.row) for finding in verify().findings}
    assert found_rows == {("records_header", row) for row in planted}
    show(
        f"random people, part {part + 1}: {sequences} sequences of actions by {len(crowd.names())} doors "
        f"({told(crowd)}), each of {len(counts)} moves taken at least {min(counts.values())} times and by "
        f"each door at least {by_door} times, {len(guarded) - len(missing)} of {len(guarded)} reasons of the "
        "guards given: nobody approved own work, no record stuck, no guard passed by another way"
    )


def every_reason(crowd: Crowd) -> set[str]:
    """The codes of every reason that a guard of these types can give, but for those produced elsewhere."""
    moves = [move for player in crowd.players.values() for move in player.lifecycle.moves]
    found = {code for move in moves for guard in move.guards for code in reasons_of(guard, _catalogues)}
    assert found > ELSEWHERE
    return found - ELSEWHERE | {f"records.{name}" for name in KERNEL}


def silent(crowd: Crowd) -> list[str]:
    """The reasons that nobody was given yet."""
    return sorted(code for code in every_reason(crowd) if not crowd.codes[code])


def told(crowd: Crowd) -> str:
    """What came of the tries, door by door."""
    found = []
    for door in crowd.names():
        came = ", ".join(
            f"{count} {what}" for (name, what), count in sorted(crowd.came.items()) if name == door
        )
        found.append(f"{door}: {came}")
    return "; ".join(found)


def nobody_is_stuck(crowd: Crowd) -> None:
    """Each record that is not finished can be moved on by somebody."""
    for name, player in crowd.players.items():
        kind = record_type(name)
        rows = kind.model._default_manager.select_related("header", "header__site")
        for record in rows.filter(header__pk__in=crowd.records[name]):
            header: Header = record.header  # type: ignore[attr-defined]
            if not finished(player, header):
                found = [answers(record, actor=actor, now=now()) for actor in crowd.people]
                assert any(not standing(answer.reasons) for each in found for answer in each), header


def standing(reasons: tuple[object, ...]) -> list[object]:
    """Reasons that no field of the form can answer."""
    typed = ("records.field_missing", "monitoring.", "nonconformance.", "products.")
    return [reason for reason in reasons if not str(getattr(reason, "code", "")).startswith(typed)]
