"""A plant in which everything has happened at least once, so that every sealed table has rows."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from allauth.mfa.models import Authenticator

from charted.plant import CHECKER, NOW, OPERATOR, Plant
from collected.door import Door, changed
from gemba.quality.control.bringing.services import Dropped, Fates, keep_watching, note_taken
from gemba.quality.control.monitoring.services import close_subgroup
from gemba.quality.control.nonconformance.factory import make_staff, nonconformance_in
from gemba.quality.people.models import Person
from gemba.quality.people.sites import create_site
from gemba.quality.planning.controlplans.inputs import LineInput
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.attachments import keep_attachment
from gemba.quality.records.links import add_link, end_link
from gemba.quality.records.models import Seal, Site
from gemba.quality.records.ownfields import define_own_field
from gemba.quality.records.remarks import add_remark
from gemba.quality.records.store.folder import DataFolder
from gemba.quality.records.tasks import complete_task, open_task
from gemba.quality.records.trail import Head
from gemba.quality.records.types import record_type
from gemba.quality.records.work import recording

ROBOT = system("test")
MANAGER = Actor("person", "person:905", "Mia", frozenset({("quality_manager", "*"), ("engineer", "*")}))
EVERY = 20  # seals between two anchors


@dataclass
class BusyPlant:
    """What a verifier knows of the plant besides its store."""

    folder: DataFolder
    anchors: tuple[Head, ...]


def make_busy(folder: DataFolder) -> BusyPlant:
    """Let the plant work, and anchor its head now and then, as the clockwork does."""
    chance = random.Random(11)  # noqa: S311 (data for a test)
    create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=ROBOT, now=NOW)
    charted = Plant(subgroup_size=1)
    for value in (*(chance.gauss(50, 1) for _ in range(60)), 75.0, *(chance.gauss(50, 1) for _ in range(20))):
        charted.send(f"{value:.2f}")
    charted.amend(charted.ids[30], "49.5", "correction")
    charted.amend(charted.ids[40], "", "void")
    charted.work()
    shift = Plant(chart_kind="xbar-r", subgroup_size=5)
    shift.sequence = 500
    shift.send("50.1", "49.8")
    close_subgroup(stream=shift.stream, reason="end of the shift", actor=OPERATOR, now=shift.now)
    door = Door()
    door.sequence = 1000
    wrong = door.reading("9,98")
    held = door.send(wrong)[0].quarantine
    door.release(held or 0, mended=changed(wrong, text="9.98"))
    door.discard(door.hold("ten", lot="B"))
    site = Site.objects.get(code="HAL")
    staff = make_staff(site, now=NOW)
    for state in ("closed", "in_execution", "draft"):
        nonconformance_in(state, site=site, staff=staff, now=NOW)
    Authenticator.objects.create(user=Person.objects.earliest("pk"), type="totp", data={"secret": "jbsw"})
    _annotate(charted.characteristic.pk, folder)
    _bring(site, folder)
    return BusyPlant(folder, tuple(heads()))


def heads() -> list[Head]:
    """The heads that the clockwork wrote down outside the store."""
    rows = list(Seal.objects.order_by("number").values_list("number", "hash"))
    return [
        Head(number, bytes(hashed)) for number, hashed in rows if number % EVERY == 0 or number == len(rows)
    ]


def _bring(site: Site, folder: DataFolder) -> None:
    told = {"columns": ["torque"], "uses": {}, "zone": "UTC", "size": 0, "corrections": {}}
    for number in range(3):
        brought = keep_watching(
            dropped=Dropped(
                name=f"{number}.csv", content=b"torque\n5\n6\n", reading=told, readings=2, points=2
            ),
            given=CharacteristicInput(name=f"Torque {number}", product="Lid", unit="Nm", lsl=Decimal(1)),
            line=LineInput(number=1, method="chart"),
            site=site,
            folder=folder,
            actor=MANAGER,
            now=NOW,
        )
        note_taken(brought=brought, fates=Fates(accepted=2 - number, refused=number), actor=ROBOT, now=NOW)


def _annotate(record: int, folder: DataFolder) -> None:
    later = NOW + timedelta(days=1)
    about = {"actor": MANAGER, "now": later}
    add_remark(header=record, text="seen at the audit", **about)  # type: ignore[arg-type]
    keep_attachment(header=record, name="a.txt", content=b"a drawing", folder=folder, **about)  # type: ignore[arg-type]
    define_own_field(kind=record_type("characteristic"), key="line", label="Line", what="text", **about)  # type: ignore[arg-type]
    with recording(actor=CHECKER, now=later) as work:
        first = add_link(work, record, "affects", record + 1)
        add_link(work, record, "affects", record + 2)
        end_link(work, first, why="a mistake")
    for number in range(3):
        task = open_task(what="tasks.asked", values={"text": str(number)}, assignee="role:engineer", **about)  # type: ignore[arg-type]
    complete_task(task=task.pk, evidence="done", **about)  # type: ignore[arg-type]
