"""One thread from a bad value to a closed nonconformance, as people and programs meet it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from charted.plant import NOW, Plant
from gemba.quality.control.monitoring.models import Signal
from gemba.quality.control.nonconformance.factory import Staff, make_staff, proof_of
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.control.nonconformance.words import LOCATIONS
from gemba.quality.records.actor import Actor
from gemba.quality.records.edge import edit, take_move
from gemba.quality.records.history import list_as_of, record_as_of, trail_of
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Event, Header, Signature, Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused
from gemba.quality.records.signatures import is_valid
from gemba.quality.records.tasks import task_in_words, tasks_for
from gemba.quality.records.trail import verify

pytestmark = pytest.mark.django_db


class Thread:
    """The plant, its people, and the one nonconformance of the story."""

    def __init__(self, plant: Plant, staff: Staff) -> None:
        self.plant, self.staff, self.ncr = plant, staff, 0

    def work(self) -> None:
        """The worker does all that is due."""
        self.plant.work()
        while deliver_due(self.plant.now + timedelta(seconds=1)):
            pass

    def take(self, move: str, actor: Actor, reason: str = "", **typed: Any) -> None:
        self.plant.now += timedelta(minutes=5)
        proof = proof_of(actor) if move == "close" else None
        take_move(
            self.ncr, move, typed=typed, reason=reason, proof=proof, actor=actor, now=self.plant.now
        )  # fmt: skip
        self.work()

    def list_of(self, actor: Actor) -> list[str]:
        """What is on somebody's list, as he reads it."""
        return [task_in_words(task) for task in tasks_for(actor)]


@pytest.fixture
def thread() -> Thread:
    site = Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    staff = make_staff(site, now=NOW)
    plant = Plant(
        name="Bore", product="Housing 12", lsl=Decimal("9.5"), usl=Decimal("10.5"), needed_subgroups=25,
        reaction_plan="Stop, call the setter.", special_class="SC", stream_keys="machine",
    )  # fmt: skip
    plant.send(*(10.0, 10.2, 9.9, 10.1, 9.8) * 5, stream={"machine": "M2"}, lot="L-1")
    plant.work()
    plant.put_limits_in_force(person=staff.approver, proof=proof_of(staff.approver))
    made = Thread(plant, staff)
    made.work()
    return made


def test_from_the_bad_value_to_the_signed_closing(thread: Thread) -> None:
    plant, staff = thread.plant, thread.staff
    good = plant.ids[-1]
    at_noon = plant.now
    plant.send(11.0, 11.2, stream={"machine": "M2"}, lot="L-2", serial="S-9")
    thread.work()

    signal = Signal.objects.select_related("header").get()
    ncr = Nonconformance.objects.select_related("header", "header__site").get()
    thread.ncr = ncr.pk
    assert (ncr.header.title, ncr.severity, ncr.item, ncr.lot) == (
        "Bore machine M2", "major", "Housing 12", "L-2",
    )  # fmt: skip
    assert (ncr.suspect_after, ncr.suspect_readings, ncr.quantity_nonconforming) == (good, 2, 2)
    assert f"{signal.header.number} Bore machine M2 (rule 1" in thread.list_of(staff.operator)[0]
    assert thread.list_of(staff.inspector) == [
        "Bore machine M2: look at it, then report the nonconformance or discard the draft."
    ]

    edit(
        thread.ncr,
        typed={"found": "11.0 and 11.2 mm, insert broken", "quantity_suspect": "40"},
        expected_version=ncr.header.version,
        actor=staff.inspector,
        now=plant.now,
    )
    thread.take("report", staff.inspector)
    nothing = [{"location": name, "answer": "none", "words": "looked"} for name in LOCATIONS]
    thread.take(
        "answer_location",
        staff.operator,
        locations=[{"location": "wip", "answer": "secured", "words": "cage 3", "quantity": "40"}],
    )
    thread.take("contain", staff.inspector, locations=[row for row in nothing if row["location"] != "wip"])
    assert thread.list_of(staff.inspector) == []
    assert thread.list_of(staff.engineer) == ["NCR-HAL-26-0001 Bore machine M2: review it for engineering."]
    decided_and_done(thread)

    ends_well(thread, signal)
    assert record_as_of(thread.ncr, at_noon) is None
    assert [past.header["state"] for past in list_as_of("nonconformance", plant.now)] == ["closed"]


def decided_and_done(thread: Thread) -> None:
    """Reviewed by two functions, decided, carried out, verified, closed by somebody else."""
    plant, staff = thread.plant, thread.staff
    thread.take("review", staff.engineer, function="engineering", opinion="one can be reworked")
    thread.take("review", staff.quality_manager, function="quality", opinion="agreed")
    thread.take(
        "decide",
        staff.quality_manager,
        lines=[
            {"quantity": "1", "decision": "scrap", "reason": "11.2 mm"},
            {"quantity": "1", "decision": "rework", "reason": "sleeve", "instruction": "WI 12"},
        ],
    )
    thread.take(
        "execute", staff.operator, line=1, quantity="1", evidence="bin 4", cost="3.20", currency="EUR"
    )
    with pytest.raises(Refused, match="reinspection_missing"):
        thread.take("execute", staff.operator, line=2, quantity="1", evidence="sleeve fitted")
    plant.send(10.1, stream={"machine": "M2"}, lot="L-2", serial="S-9", purpose="re-inspection")
    thread.take("execute", staff.operator, line=2, quantity="1", evidence="sleeve fitted")
    thread.take("verify", staff.inspector)
    thread.take("answer_corrective", staff.engineer, needed=True, ground="recurrence", why="third insert")
    with pytest.raises(Refused, match="own_work"):
        thread.take("close", staff.quality_manager)
    thread.take("close", staff.approver)


def ends_well(thread: Thread, signal: Signal) -> None:
    """Closed and signed, nothing left to do, every step told, nothing altered."""
    header = Header.objects.get(pk=thread.ncr)
    assert (header.state, header.number) == ("closed", "NCR-HAL-26-0001")
    signature = Signature.objects.get(header_id=thread.ncr)
    assert (signature.meaning, signature.signer) == ("verified", thread.staff.approver.id)
    assert is_valid(signature)
    assert not Task.objects.filter(header_id=thread.ncr, state="open").exists()
    assert [item.id for item in linked_headers(signal.pk)["raised"]] == [thread.ncr]
    asked = linked_headers(thread.ncr)["corrected_by"]
    assert [(item.type, item.state) for item in asked] == [("capa", "submitted")]
    told = list(Event.objects.filter(header_id=thread.ncr).order_by("id").values_list("name", flat=True))
    assert [name for name in told if not name.startswith("Task")] == [
        "NonconformanceDrafted", "NonconformanceReported", "NonconformanceContained",
        "NonconformanceReviewed", "NonconformanceReviewed", "NonconformanceDispositioned",
        "MaterialScrapped", "DispositionLineDone", "DispositionLineDone", "NonconformanceVerified",
        "CorrectiveActionNeeded", "NonconformanceClosed",
    ]  # fmt: skip
    refused = [entry.action for entry in trail_of(thread.ncr) if entry.action.startswith("refused")]
    assert refused == ["refused:move:execute", "refused:move:close"]
    assert verify().sound
