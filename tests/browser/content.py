"""A plant as it looks after some weeks of work: every type in every state, made by the services alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring import services as monitoring
from gemba.quality.control.monitoring.models import LimitSet, Signal, StreamState
from gemba.quality.control.monitoring.queries import look_at
from gemba.quality.control.monitoring.window import Window
from gemba.quality.control.nonconformance.factory import WAY, Staff, nonconformance_in, proof_of
from gemba.quality.control.nonconformance.inputs import LineInput
from gemba.quality.people.competences.factory import competence_in, qualification_in
from gemba.quality.people.models import Person
from gemba.quality.people.parties import services as parties
from gemba.quality.people.parties.inputs import PartyInput
from gemba.quality.people.services import rename_person
from gemba.quality.planning.processes.factory import process_in
from gemba.quality.planning.processes.inputs import StepInput
from gemba.quality.planning.products import services as products
from gemba.quality.planning.products.factory import product_in
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.requirements import queries
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.planning.requirements.services import start_change
from gemba.quality.records.actor import system
from gemba.quality.records.models import Header, Site
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.remarks import add_remark

BORE = CharacteristicInput(
    name="Bore diameter", product="Housing 12-4", process="Turning", step="OP 30 finish bore", unit="mm",
    lsl=Decimal("9.95"), target=Decimal("10.00"), usl=Decimal("10.05"), plausible_low=Decimal(9),
    plausible_high=Decimal(11), special_class="SC", chart_kind="i-mr", stream_keys="machine",
    reaction_plan="Stop the machine, call the setter, sort the parts since the last good check.",
)  # fmt: skip
COATING = CharacteristicInput(
    name="Coating thickness", product="Cover plate", process="Galvanising", unit="µm", decimals=1,
    lsl=Decimal(46), target=Decimal(56), usl=Decimal(66), chart_kind="xbar-r", subgroup_size=5,
    needed_subgroups=25, reaction_plan="Measure the bath, then two more parts.",
)  # fmt: skip
TORQUE = CharacteristicInput(
    name="Tightening torque", product="Gearbox G2", process="Assembly", unit="N·m", decimals=1,
    lsl=Decimal(38), usl=Decimal(46), chart_kind="i-mr", stream_keys="station",
)  # fmt: skip
LONG = CharacteristicInput(
    name="Oberflächenrauheitsmessgerätekalibrierungsprotokollnummernkreisverwaltung",
    product="Hochdruckkraftstoffeinspritzpumpenantriebswellengehäusedeckel",
)
"""As long as German words get: no page may be wider for it."""
LEAK = CharacteristicInput(
    name="Leak rate at 2 bar", product="Valve block", process="Leak test", unit="ml/min", decimals=2,
    usl=Decimal("1.20"), natural_low=Decimal(0), chart_kind="i-mr",
)  # fmt: skip
MACHINES = ("M1", "M2", "M3", "M4", "M5", "M6", "M7")
SIGNAL_STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("acknowledge_signal", {}),
    ("state_cause", {"cause": "Insert of tool 4 chipped after the change of the bar stock"}),
    ("record_action", {"action": "Insert changed, offset set again, three good parts",
                       "reaction_step": "Parts since 09:40 sorted"}),
    ("close_signal", {"event_code": "TOOL", "reaction_step": "Parts since 09:40 sorted"}),
)  # fmt: skip


STEPS = (
    StepInput(number=10, operation="OP 10 rough bore", machine="M1 to M7"),
    StepInput(number=30, operation="OP 30 finish bore", machine="M1 to M7", predecessor=10),
    StepInput(number=40, operation="OP 40 wash", station="Washer 2", predecessor=30),
)
ASKED_FOR: tuple[tuple[str, dict[str, Any]], ...] = (
    ("agreed", {"title": "The shaft fits by hand", "severity": "critical"}),
    ("agreed", {"title": "No rust in salt spray", "source": "standard", "unit": "µm",
                "lower": Decimal(46), "target": Decimal(56), "upper": Decimal(66)}),
    ("agreed", {"title": "Quiet at full load", "kano": "delight", "importance": "high"}),
)  # fmt: skip


class Story:
    """Makes the content, one moment after the other."""

    def __init__(self, site: Site, staff: Staff, start: datetime) -> None:
        self.site, self.staff, self.now = site, staff, start
        self.chance = random.Random(20261128)  # noqa: S311 (the same plant each time)
        self.sequence = 0
        for role, name in NAMES.items():
            person = Person.objects.get(username=role)
            rename_person(person=person, name=name, reason="", actor=system("setup"), now=start)

    def later(self, minutes: float = 10) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now

    def work(self) -> None:
        """The worker does all that is due."""
        while monitoring.run_due(self.now):
            pass
        while deliver_due(self.now + timedelta(seconds=1)):
            pass

    def planning(self) -> None:
        """What is asked for, by whom, and what is made how; one requirement has no characteristic yet."""
        who: dict[str, Any] = {"site": self.site, "maker": self.staff.engineer}
        who |= {"decider": self.staff.quality_manager}
        given = PartyInput(title="Northwind Pumps", contact="Nora Wind", email="nora.wind@example.com")
        parties.add_party(site=self.site, given=given, actor=self.staff.engineer, now=self.later())
        product_in("released", **who, title=BORE.product, customer=given.title, now=self.later())
        process_in("released", **who, title=BORE.process, steps=STEPS, now=self.later())
        competence = competence_in(
            "in_force", **who, needed_as="inspector", needed_for="party", now=self.later()
        )
        for state, holder in (("valid", self.staff.inspector), ("lapsed", self.staff.operator)):
            about: dict[str, Any] = {"maker": self.staff.engineer, "now": self.later()}
            qualification_in(state, competence=competence, holder=holder, **about)
        self.asked = [
            str(requirement_in(state, **who, **about, now=self.later()).header.number)
            for state, about in ASKED_FOR
        ]

    def characteristic(self, given: CharacteristicInput, *, released: bool = True) -> Characteristic:
        made = products.create_characteristic(
            site=self.site, given=given, actor=self.staff.engineer, now=self.later()
        )
        if released:
            products.release(characteristic=made, actor=self.staff.approver, now=self.later())
        return made

    def send(self, about: Characteristic, values: list[float], every: float = 20, **more: Any) -> None:
        decimals = about.decimals
        batch = []
        for value in values:
            self.sequence += 1
            reading = Reading(
                source="gauge-7", sequence=self.sequence, characteristic=str(about.header.number),
                text=f"{value:.{decimals}f}", measured_at=self.later(every), **more,
            )  # fmt: skip
            batch.append(reading)
        loop.receive(batch, actor=self.staff.operator, now=self.now)
        self.work()

    def normal(self, mean: float, sigma: float, count: int) -> list[float]:
        return [self.chance.gauss(mean, sigma) for _ in range(count)]

    def approve_limits(self) -> None:
        for found in LimitSet.objects.filter(header__state="proposed").order_by("pk"):
            who = self.staff.approver
            monitoring.approve_limits(
                limit_set=found, valid_from=self.later(), actor=who, now=self.now, proof=proof_of(who)
            )
        self.work()

    def charts(self) -> None:
        """Machines with a signal in every state, subgroups, limits proposed, limits still collecting."""
        self.planning()
        bore = self.characteristic(replace(BORE, verifies=self.asked[0]))
        coating = self.characteristic(replace(COATING, verifies=self.asked[1]))
        start_change(
            requirement=queries.requirement(Header.objects.get(number=self.asked[1]).pk),
            reason="The salt-spray test takes longer now", actor=self.staff.engineer, now=self.later(),
        )  # fmt: skip
        for machine in MACHINES:
            self.send(bore, self.normal(10.0, 0.008, 26), every=2, stream={"machine": machine}, lot="L-2041")
        self.send(coating, self.normal(56, 2.2, 130), every=1)
        self.approve_limits()
        for number, machine in enumerate(MACHINES):
            self.send(
                bore, self.normal(10.001, 0.008, 30), every=5, stream={"machine": machine}, lot="L-2042"
            )
            shifted = self.normal(10.021, 0.007, 9) if number else []
            self.send(bore, shifted, every=5, stream={"machine": machine}, lot="L-2043")
        self.send(coating, self.normal(56, 2.2, 80) + self.normal(60.5, 2.2, 5), every=1)
        self.send(coating, self.normal(56, 2.2, 25), every=1)
        self.signals()
        self.send(self.characteristic(LEAK), [abs(v) for v in self.normal(0.6, 0.15, 28)], every=5)
        self.send(self.characteristic(TORQUE), self.normal(42, 0.9, 7), stream={"station": "S3"})

    def signals(self) -> None:
        """The open signals of the machines, each one step further than the one before."""
        rows = Signal.objects.select_related("header", "header__site").filter(header__state="open")
        for steps, row in enumerate(rows.order_by("pk")[:6]):
            for name, typed in SIGNAL_STEPS[:steps]:
                getattr(monitoring, name)(signal=row, actor=self.staff.engineer, now=self.later(), **typed)
        last = rows.filter(header__state="open").order_by("pk").last()
        if last is not None:
            who: dict[str, Any] = {"signal": last, "actor": self.staff.inspector}
            monitoring.acknowledge_signal(**who, now=self.later())
            monitoring.state_no_cause(
                **who, reason="Nothing found at tool, gauge or material", now=self.later()
            )
        self.work()

    def definitions(self) -> None:
        """Characteristics that nobody measures yet, or any more."""
        engineer, approver = self.staff.engineer, self.staff.approver
        about: dict[str, Any] = {"decimals": 2, "unit": "µm", "usl": Decimal("1.6"), "process": "Turning"}
        long = self.characteristic(replace(LONG, **about), released=False)
        products.discard(characteristic=long, reason="Only its words", actor=engineer, now=self.later())
        self.characteristic(CharacteristicInput(name="Surface roughness Ra", **about), released=False)
        changing = self.characteristic(CharacteristicInput(name="Wall thickness", **about))
        products.start_change(
            characteristic=changing, reason="Drawing revision D", actor=engineer, now=self.later()
        )
        old = self.characteristic(CharacteristicInput(name="Edge break", **about))
        products.retire(
            characteristic=old, reason="No longer on the drawing", actor=approver, now=self.later()
        )
        wrong = self.characteristic(
            CharacteristicInput(name="Bore diameter (twice)", **about), released=False
        )
        products.discard(characteristic=wrong, reason="Made twice", actor=engineer, now=self.later())
        self.work()

    def nonconformances(self) -> None:
        """One in every state, with remarks."""
        for number, state in enumerate((*WAY, "void", "verified")):
            made = nonconformance_in(
                state, site=self.site, staff=self.staff, now=self.later(60),
                lines=(LineInput(quantity=Decimal(12), decision="scrap", reason="Cannot be reworked"),),
                title=NONCONFORMITIES[number], lot=f"L-20{41 + number}",
                found=f"{NONCONFORMITIES[number]} on twelve pieces of lot L-20{41 + number}",
            )  # fmt: skip
            add_remark(
                header=made.pk, text="Box marked red and moved to the cage.", actor=self.staff.operator,
                now=self.later(),
            )  # fmt: skip
        self.work()

    def quarantine(self) -> None:
        """Readings that cannot be taken as they are."""
        bore = str(Characteristic.objects.get(name=BORE.name).header.number)
        wrong: tuple[Mapping[str, Any], ...] = (
            {"characteristic": bore, "text": "100.02"},
            {"characteristic": bore, "text": "ten"},
            {"characteristic": "CHR-HAL-26-0999", "text": "9.98", "operator": "badge 4711"},
            {
                "characteristic": bore,
                "text": "9.98",
                "unit": "kg",
                "lot": "L-2043",
                "note": "from the old gauge",
            },
        )
        for given in wrong:
            self.sequence += 1
            more = {"stream": {"machine": "M1"}, **given}
            reading = Reading(source="gauge-9", sequence=self.sequence, **more)
            loop.receive([reading], actor=self.staff.operator, now=self.later())

    def tell(self) -> None:
        """All of it, in its order."""
        steps: tuple[Callable[[], None], ...] = (
            self.definitions, self.charts, self.nonconformances, self.quarantine, self.work,
        )  # fmt: skip
        for step in steps:
            step()


NAMES = {
    "operator": "Olga Petrenko",
    "inspector": "Ines Duarte",
    "engineer": "Emil Sandberg",
    "approver": "Otto Brandt",
    "quality_manager": "Quinn Abara",
    "deputy": "Dana Weiss",
    "auditor": "Arjun Rao",
}
NONCONFORMITIES = (
    "Bore too large",
    "Coating too thin on the inner edge",
    "Wrong thread",
    "Scratches on the sealing face",
    "Label of another customer",
    "Burr at the cross hole",
    "Leak at 2 bar",
    "Torque below the limit",
    "Pores in the casting",
    "Chamfer missing",
)


def streams() -> list[int]:
    """Every chart of the plant."""
    return list(StreamState.objects.exclude(state="").order_by("stream").values_list("stream", flat=True))


def newest_points() -> dict[int, str]:
    """The name of the last point of some charts: one with a signal, one without limits."""
    found = {}
    for number in (streams()[1], streams()[-1]):
        last = look_at(number, Window()).names[-1]  # type: ignore[union-attr]
        found[number] = last
    return found
