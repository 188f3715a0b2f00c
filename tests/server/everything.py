"""A plant that holds every type of record in every state, of one's own and of others, at a site of two.

``PAT`` is the person who asks: the tests give Pat one right after the other. What is Pat's own was made by
Pat with rights that are gone since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from charted.plant import Plant
from correcting.plant import DAY, Correcting
from correcting.plant import WAYS as CAPA_WAYS
from gemba.quality.control.gauges.factory import STATES as GAUGE_STATES
from gemba.quality.control.gauges.factory import gauge_in
from gemba.quality.control.monitoring import services as monitoring
from gemba.quality.control.monitoring.models import LimitSet, Signal, StreamState
from gemba.quality.control.nonconformance.factory import (
    WAY,
    Staff,
    make_person,
    make_staff,
    nonconformance_in,
    proof_of,
)
from gemba.quality.people.competences.factory import (
    COMPETENCE_WAYS,
    QUALIFICATION_STATES,
    competence_in,
    qualification_in,
)
from gemba.quality.people.parties import services as parties
from gemba.quality.people.parties.inputs import PartyInput
from gemba.quality.people.roles import ROLES
from gemba.quality.people.sites import create_site
from gemba.quality.planning.controlplans.factory import STATES as PLAN_STATES
from gemba.quality.planning.controlplans.factory import plan_in
from gemba.quality.planning.processes.factory import WAYS as PROCESS_WAYS
from gemba.quality.planning.processes.factory import process_in
from gemba.quality.planning.products import services as products
from gemba.quality.planning.products.factory import WAYS as PRODUCT_WAYS
from gemba.quality.planning.products.factory import product_in
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.requirements.factory import WAYS as REQUIREMENT_WAYS
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.records import edge
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.models import Header, Site
from gemba.stats.charts import known_limits

HERE, THERE = "HAL", "ULM"
EVERY_ROLE = frozenset((role, "*") for role in ROLES)


@dataclass(frozen=True)
class Held:
    """One record: its header, and what of it is Pat's: nothing, or the steps of a maker or of a doer."""

    header: int
    type: str
    state: str
    owner: str


@dataclass
class Everything:
    """The plant, who is in it, and its records."""

    here: Site
    there: Site
    pat: Actor
    staff: Staff
    now: datetime
    held: list[Held]

    @property
    def mighty_pat(self) -> Actor:
        """Pat with every right: for what was Pat's own before."""
        return replace(self.pat, grants=EVERY_ROLE)

    def keep(self, owner: str, *records: Any) -> None:
        """Note records with the state they are in."""
        for record in records:
            header = Header.objects.get(pk=record.pk)
            self.held.append(Held(header.pk, header.type, header.state, owner))


def make_everything() -> Everything:
    """Every state of every type; made once for many questions."""
    now = datetime.now(UTC)
    setup: dict[str, Any] = {"actor": system("setup"), "now": now}
    here = create_site(code=HERE, name="Halle", zone="Europe/Berlin", **setup)
    there = create_site(code=THERE, name="Ulm", zone="Europe/Berlin", **setup)
    staff = make_staff(here, now=now)
    pat = make_person("pat", "reader", site=here, now=now)
    plant = Everything(here, there, pat, staff, now, [])
    _capas(plant)
    for owner in ("other", "maker", "doer"):
        _nonconformances(plant, owner)
        _characteristics(plant, owner)
        _planning(plant, owner)
        _gauges(plant, owner)
        _plans(plant, owner)
        _specimens(plant, owner)
    _charts(plant)
    return plant


def _nonconformances(plant: Everything, owner: str) -> None:
    staff, pat = plant.staff, plant.mighty_pat
    if owner == "maker":  # reports, reviews, verifies, closes
        staff = replace(staff, inspector=pat, engineer=pat, approver=pat)
    if owner == "doer":  # contains, decides, carries out
        staff = replace(staff, operator=pat, quality_manager=pat)
    voider = replace(staff, engineer=plant.staff.quality_manager)
    for state in WAY:
        plant.keep(owner, nonconformance_in(state, site=plant.here, staff=staff, now=plant.now))
    plant.keep(owner, nonconformance_in("void", site=plant.here, staff=voider, now=plant.now))


def _capas(plant: Everything) -> None:
    """Each state, with the readings of three weeks ago; what waits for data comes last, or it is judged."""
    here = Correcting(plant.here, plant.staff, now=plant.now - 20 * DAY)
    maker = replace(plant.staff, engineer=plant.mighty_pat)
    doer = replace(plant.staff, operator=plant.mighty_pat)
    made = [("other", plant.staff, state) for state in CAPA_WAYS]
    made += [("maker", maker, state) for state in ("submitted", "investigation", "plan_approval")]
    made += [("doer", doer, state) for state in ("judged", "monitoring")]
    for owner, staff, state in sorted(made, key=lambda item: item[2] == "monitoring"):
        here.staff, here.plant.now = staff, plant.now - 9 * DAY
        plant.keep(owner, here.capa_in(state))


def _characteristics(plant: Everything, owner: str) -> None:
    maker = plant.mighty_pat if owner == "maker" else plant.staff.engineer
    checker = plant.mighty_pat if owner == "doer" else plant.staff.approver
    for state in ("draft", "released", "under_change", "obsolete", "discarded"):
        given = CharacteristicInput(name=f"{owner} {state}", unit="mm", usl=Decimal(5))
        about: dict[str, Any] = {"now": plant.now}
        made = products.create_characteristic(site=plant.here, given=given, actor=maker, **about)
        if state == "discarded":
            edge.take_move(made.pk, "discard", reason="mistaken", actor=maker, **about)
        elif state != "draft":
            products.release(characteristic=made, actor=checker, **about)
        if state == "under_change":
            edge.take_move(made.pk, "start_change", reason="drawing B", actor=maker, **about)
        if state == "obsolete":
            edge.take_move(made.pk, "retire", reason="no more", actor=checker, **about)
        plant.keep(owner, Characteristic.objects.get(pk=made.pk))


def _planning(plant: Everything, owner: str) -> None:
    maker = plant.mighty_pat if owner == "maker" else plant.staff.engineer
    decider = plant.mighty_pat if owner == "doer" else plant.staff.quality_manager
    about: dict[str, Any] = {"site": plant.here, "maker": maker, "decider": decider, "now": plant.now}
    made: tuple[tuple[Callable[..., Any], Mapping[str, object]], ...] = (
        (requirement_in, REQUIREMENT_WAYS),
        (product_in, PRODUCT_WAYS),
        (process_in, PROCESS_WAYS),
    )
    for making, ways in made:
        for state in ways:
            plant.keep(owner, making(state, title=f"{owner} {state}", **about))
    for state, move in (("active", ""), ("ended", "end"), ("void", "void")):
        given = PartyInput(title=f"{owner} {state}")
        party = parties.add_party(site=plant.here, given=given, actor=maker, now=plant.now)
        if move:
            edge.take_move(party.pk, move, reason="no order", actor=maker, now=plant.now)
        plant.keep(owner, party)
    for state in COMPETENCE_WAYS:
        plant.keep(owner, competence_in(state, title=f"{owner} {state}", **about))
    competence = competence_in("in_force", title=f"{owner} shown", **about)
    holder = plant.staff.inspector
    for state in QUALIFICATION_STATES:
        entered: dict[str, Any] = {"competence": competence, "holder": holder, "now": plant.now}
        plant.keep(owner, qualification_in(state, maker=maker, **entered))


def _gauges(plant: Everything, owner: str) -> None:
    staff, pat = plant.staff, plant.mighty_pat
    if owner == "maker":
        staff = replace(staff, inspector=pat)
    if owner == "doer":
        staff = replace(staff, quality_manager=pat)
    for state in GAUGE_STATES:
        about: dict[str, Any] = {"site": plant.here, "staff": staff, "now": plant.now}
        plant.keep(owner, gauge_in(state, tag=f"{owner}-{state}", **about))


def _plans(plant: Everything, owner: str) -> None:
    maker = plant.mighty_pat if owner == "maker" else plant.staff.engineer
    decider = plant.mighty_pat if owner == "doer" else plant.staff.approver
    about: dict[str, Any] = {"site": plant.here, "proof": proof_of(decider), "now": plant.now}
    for state in PLAN_STATES:
        plant.keep(owner, plan_in(state, maker=maker, decider=decider, **about))


def _specimens(plant: Everything, owner: str) -> None:
    """The plainest type, with moves that need no service."""
    maker = plant.mighty_pat if owner == "maker" else plant.staff.inspector
    checker = plant.mighty_pat if owner == "doer" else plant.staff.approver
    ways = {"taken": 1, "released": 2, "kept": 3}
    for state in ("draft", "taken", "released", "kept", "thrown"):
        typed = {"title": f"{owner} {state}", "weight": "2"}
        made = edge.create("specimen", site=HERE, typed=typed, actor=maker, now=plant.now)
        for move, actor in (("take", maker), ("release", checker), ("keep", checker))[: ways.get(state, 0)]:
            fields = {"weight": "2"} if move == "take" else {}
            edge.take_move(made.pk, move, typed=fields, actor=actor, now=plant.now)
        if state == "thrown":
            edge.take_move(made.pk, "throw", reason="broken", actor=maker, now=plant.now)
        plant.keep(owner, made)


def _charts(plant: Everything) -> None:
    chart = Plant(stream_keys="machine")
    chart.now = plant.now
    machines = [f"M{number}" for number in range(7)]
    for machine in machines:
        chart.send(*[50.0, 51.0] * 8, stream={"machine": machine})
    streams = list(StreamState.objects.exclude(state="").order_by("stream").values_list("stream", flat=True))
    _limit_sets(plant, streams, chart.now)
    judged = Plant(name="Depth", stream_keys="machine")
    judged.now = plant.now
    for machine in machines:
        judged.send(50.0, 51.0, source="gauge", stream={"machine": machine})
    judged.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    for machine in machines:
        judged.send(400.0, source="gauge", stream={"machine": machine})
    _signals(plant, judged.now)


def _limit_sets(plant: Everything, streams: list[int], now: datetime) -> None:
    engineer, approver, pat = plant.staff.engineer, plant.staff.approver, plant.mighty_pat

    def proposed(stream: int, actor: Actor = engineer) -> LimitSet:
        return monitoring.propose_limits(stream=stream, why="first", actor=actor, now=now)

    def approved(stream: int) -> LimitSet:
        found = proposed(stream)
        return monitoring.approve_limits(
            limit_set=found, valid_from=now, why="first", actor=approver, now=now, proof=proof_of(approver)
        )

    first, second = approved(streams[0]), approved(streams[0])
    rejected = proposed(streams[1])
    monitoring.reject_limits(limit_set=rejected, reason="too few", actor=approver, now=now)
    plant.keep("other", first, second, rejected, proposed(streams[2]))
    plant.keep("maker", proposed(streams[3], pat))


def _signals(plant: Everything, now: datetime) -> None:
    """The signals of the streams, each led by hand to another state."""
    ways: tuple[tuple[str, ...], ...] = (
        (),
        ("acknowledge",),
        ("acknowledge", "find_cause"),
        ("acknowledge", "find_none"),
        ("acknowledge", "find_cause", "do_action"),
        ("acknowledge", "find_cause", "do_action", "close"),
        ("withdraw",),
    )
    typed = {"find_cause": {"cause": "worn tool"}, "do_action": {"action": "changed"}}
    typed |= {"close": {"event_code": "tool", "reaction_step": "1"}}
    for signal, way in zip(Signal.objects.filter(header__state="open").order_by("pk"), ways, strict=False):
        for move in way:
            actor = system("rejudging") if move == "withdraw" else plant.staff.inspector
            fields = typed.get(move, {})
            edge.take_move(signal.pk, move, typed=fields, reason="seen", actor=actor, now=now)
        plant.keep("other", signal)
