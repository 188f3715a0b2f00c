"""Random actions of random people by every door: whatever they try, the laws hold in what is stored.

``--full`` runs 20,000 sequences; without it a few hundred, in the same order.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from gemba.quality.control.nonconformance.factory import Staff, make_person, make_staff, proof_of
from gemba.quality.records import types
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import answers
from gemba.quality.records.history import trail_of
from gemba.quality.records.models import Entry, Header, Site, Version
from gemba.quality.records.store import fetch
from gemba.quality.records.trail import verify
from gemba.quality.records.types import record_type
from gemba.quality.records.work import read_detail
from gemba.server.clock import now
from gemba.server.identity import forget
from laws.charting import Characteristics, LimitSets, Signals
from laws.doors import ByApi, ByPage, Came, Clients, Door, Try, by_edge, by_service
from laws.players import Nonconforming, Player
from specimen.types import SPECIMEN
from trials import Trials

SEQUENCES, EACH_AT_LEAST = 320, 3
FULL_SEQUENCES, FULL_EACH_AT_LEAST = 20_000, 50
KEPT, OLD = 12, 40  # records at hand of a type; versions after which people turn to another one
STEPS = 8
UNKNOWN = frozenset({"records.field_unknown"})
"""A form leaves aside what is no field of it, such as its own token; a program is told."""
WEIGHTS = {"nonconformance": 6, "characteristic": 2, "signal": 2, "limit-set": 2}

pytestmark = [pytest.mark.django_db, pytest.mark.chance]


class Crowd:
    """People, machines, records and doors, and what is tried next."""

    def __init__(self, site: Site, staff: Staff) -> None:
        self.dice = random.Random(20260303)  # noqa: S311 (the same tries each time)
        self.site = site
        more = [("erna", "engineer"), ("ali", "approver"), ("ina", "inspector")]
        people = [make_person(name, role, site=site, now=now()) for name, role in more]
        self.jack = self.jack_of_all_trades()
        self.people = [*staff.everybody, *people, self.jack]
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
        self.outer: dict[str, Door] = {
            "form": ByPage(clients, twin=False),
            "twin": ByPage(clients, twin=True),
            "api": ByApi(clients),
        }
        self.came: Counter[tuple[str, str]] = Counter()
        self.codes: Counter[str] = Counter()

    def jack_of_all_trades(self) -> Actor:
        """One person who holds every working role: what nobody may do alone, he tries alone."""
        from gemba.quality.control.nonconformance.factory import SETUP, known
        from gemba.quality.people.models import Person
        from gemba.quality.people.services import grant_role

        made = make_person("jack", "operator", site=self.site, now=now())
        person = Person.objects.get(pk=int(made.id.removeprefix("person:")))
        for role in ("inspector", "engineer", "approver", "quality_manager"):
            grant_role(person=person, role=role, site=self.site, actor=SETUP, now=now())
        return known(person)

    def sequence(self) -> None:
        """Some people do some things with one record."""
        player = self.players[self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]]
        held = self.records[player.type]
        if len(held) < KEPT:
            held.append(player.fresh())
        place = self.dice.randrange(len(held))
        for _ in range(self.dice.randint(1, STEPS)):
            header = Header.objects.get(pk=held[place])
            if finished(player, header) or header.version > OLD:
                held[place] = player.fresh()
                return
            self.step(player, header)

    def step(self, player: Player, header: Header) -> None:
        dice = self.dice
        edits = bool(player.edit_roles) and dice.random() < 0.15
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
        doors = self.inner if actor.kind != "person" else self.inner | self.outer
        door = dice.choice(list(doors))
        came = self.through(door, doors[door], tried, header)
        if came.what == "done":
            assert not stale or tried.version is None or door == "form"
            self.hold(player, tried, header)
        elif came.what == "refused" and came.codes != UNKNOWN and dice.random() < 0.25:
            self.no_other_way(doors, tried, header, came)
        player.beside(Header.objects.get(pk=header.pk), name if came.what == "done" else "")

    def through(self, name: str, door: Door, tried: Try, before: Header) -> Came:
        """Try it by one door: what is not done leaves the record as it was, a refusal stands in the trail."""
        written = Version.objects.filter(header_id=before.pk).count()
        lines = Entry.objects.filter(header_id=before.pk).count()
        came = door(tried, before.version)
        self.came[name, came.what] += 1
        self.codes.update(came.codes)
        after = Header.objects.get(pk=before.pk)
        assert Version.objects.filter(header_id=before.pk).count() == after.version
        if came.what == "done":
            assert after.version >= before.version
            return came
        assert (after.state, after.version, after.own_fields) == (before.state, written, before.own_fields)
        added = Entry.objects.filter(header_id=before.pk).order_by("id")[lines:]
        refusals = [read_detail(entry.detail) for entry in added if entry.action.startswith("refused:")]
        assert len(added) == len(refusals) == int(came.what == "refused" and name != "service")
        assert all(item["shown"] and item["refused"] for item in refusals)
        return came

    def no_other_way(self, doors: Mapping[str, Door], tried: Try, before: Header, came: Came) -> None:
        """What one door refuses every door refuses, for the same reasons wherever it names them."""
        tried = replace(tried, version=None)
        found = {name: self.through(name, door, tried, before) for name, door in doors.items()}
        assert {item.what for item in found.values()} <= {"refused", "turned away"}, (tried, found)
        named = {
            name: item.codes - UNKNOWN
            for name, item in found.items()
            if item.what == "refused" and name not in ("form", "service")
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


@pytest.fixture
def crowd(db: None, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    for name in ("concession", "capa"):  # what later issues bring, as far as a page must know it
        monkeypatch.setitem(types._types, name, replace(SPECIMEN, name=name))
    forget()
    site = Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    return Crowd(site, make_staff(site, now=now()))


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
    crowd: Crowd, trials: Trials, show: Callable[[str], None]
) -> None:
    sequences = 0
    for _ in trials.each("sequences of actions", SEQUENCES, FULL_SEQUENCES):
        crowd.sequence()
        sequences += 1
    least = EACH_AT_LEAST if trials.stopped else trials(EACH_AT_LEAST, FULL_EACH_AT_LEAST)
    done = taken()
    assert {
        (name, move.name): done[name][move.name]
        for name, player in crowd.players.items()
        for move in player.lifecycle.moves
        if done[name][move.name] < least
    } == {}
    for door in (*crowd.inner, *crowd.outer):
        assert crowd.came[door, "done"] >= least
        assert crowd.came[door, "refused"] >= least
    assert crowd.codes["records.own_work"] >= least
    assert crowd.codes["records.person_only"] >= 1
    nobody_is_stuck(crowd)
    planted = set(Header.objects.filter(type__in=("concession", "capa")).values_list("pk", flat=True))
    found_rows = {(finding.table, finding.row) for finding in verify().findings}
    assert found_rows == {("records_header", row) for row in planted}
    came = Counter[str]()
    for (_, what), count in crowd.came.items():
        came[what] += count
    told = ", ".join(f"{count} {what}" for what, count in sorted(came.items()))
    show(
        f"random people: {sequences} sequences of actions by {len({**crowd.inner, **crowd.outer})} doors "
        f"({told}), each move taken at least {least} times: nobody approved own work, no record stuck, "
        "no guard passed by another way"
    )


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
