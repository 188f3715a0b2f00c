"""Readings and their gauges: one that may not be used holds a reading, one that failed is followed up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.db import connection

from charted.plant import INSPECTOR, NOW, Plant
from gemba.quality import loop
from gemba.quality.control.collecting.measuring import HOLD_UNKNOWN
from gemba.quality.control.collecting.models import StoredReading
from gemba.quality.control.collecting.reading import Receipt
from gemba.quality.control.gauges import services
from gemba.quality.control.gauges.factory import calibration, gauge_in
from gemba.quality.control.gauges.inputs import ImpactAnswer, Investigation
from gemba.quality.control.gauges.models import Gauge
from gemba.quality.control.nonconformance.factory import Staff, make_person, make_staff
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.people.policies import set_policy
from gemba.quality.records.actor import system
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Delivery, Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused
from gemba.quality.records.store import fetch
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.trail import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


@pytest.fixture
def staff(site: Site) -> Staff:
    return make_staff(site, now=NOW)


@pytest.fixture
def plant(site: Site) -> Plant:
    return Plant(lsl=Decimal(9), usl=Decimal(11), suspect_when="never", reaction_plan="Look.")


def offer(plant: Plant, value: str, **more: Any) -> Receipt:
    plant.now += timedelta(minutes=1)
    return loop.receive([plant.reading(value, **more)], actor=INSPECTOR, now=plant.now)[0]


def codes(receipt: Receipt) -> list[str]:
    return [reason.code for reason in receipt.reasons]


def deliver(plant: Plant) -> None:
    while deliver_due(plant.now + timedelta(seconds=1)):
        pass
    assert not Delivery.objects.exclude(state="done").exists()


def step(gauge: Gauge, name: str, given: Any, staff: Staff, now: Any) -> None:
    services.take_step(gauge=gauge, step=name, given=given, actor=staff.inspector, now=now)


@pytest.mark.parametrize("state", ["received", "at_calibration", "stored", "lost", "retired", "scrapped"])
def test_a_gauge_that_is_not_in_service_holds_the_reading(
    plant: Plant, site: Site, staff: Staff, state: str
) -> None:
    gauge_in(state, site=site, staff=staff, now=NOW)
    receipt = offer(plant, "10", gauge="MIC-014")
    assert codes(receipt) == ["collecting.gauge_closed"]
    assert receipt.reasons[0].values["state"].lower().replace(" ", "_") == state


def test_in_service_it_measures_and_a_date_that_passed_holds_at_once(
    plant: Plant, site: Site, staff: Staff
) -> None:
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)
    assert offer(plant, "10", gauge="MIC-014").status == "accepted"
    in_date = plant.now
    plant.now = NOW + timedelta(days=365)
    late = offer(plant, "10", gauge="MIC-014")
    assert [reason.values["state"] for reason in late.reasons] == ["Overdue, locked"]
    assert offer(plant, "10", gauge="MIC-014", measured_at=in_date).status == "accepted"
    assert offer(plant, "10").status == "accepted"
    with pytest.raises(Refused):
        loop.release_quarantined(quarantined=late.quarantine or 0, actor=INSPECTOR, now=plant.now)
    services.watch_due(plant.now)
    gauge = Gauge.objects.select_related("header").get(pk=gauge.pk)
    step(gauge, "pass", calibration(plant.now), staff, plant.now)
    released = loop.release_quarantined(quarantined=late.quarantine or 0, actor=INSPECTOR, now=plant.now)
    assert released.status == "accepted"
    assert verify().sound


def test_a_mended_name_releases_what_a_wrong_gauge_holds(plant: Plant, site: Site, staff: Staff) -> None:
    gauge_in("lost", site=site, staff=staff, now=NOW)
    gauge_in("in_service", site=site, staff=staff, now=NOW, tag="MIC-015")
    reading = plant.reading("10", gauge="MIC-014")
    held = loop.receive([reading], actor=INSPECTOR, now=plant.now)[0]
    mended = msgspec.structs.replace(reading, gauge="MIC-015")
    taken = loop.release_quarantined(
        quarantined=held.quarantine or 0, mended=mended, actor=INSPECTOR, now=plant.now
    )
    assert StoredReading.objects.get(pk=taken.reading or 0).gauge == "MIC-015"


def test_a_name_that_no_register_has_is_taken_unless_the_plant_says_otherwise(
    plant: Plant, site: Site, staff: Staff
) -> None:
    other = Site.objects.create(code="ULM", name="Ulm", zone="UTC")
    gauge_in("lost", site=other, staff=staff_of(other), now=NOW, tag="ULM-1")
    assert offer(plant, "10", gauge="ULM-1").status == "accepted"
    assert offer(plant, "10", gauge="a ruler\x07").status == "quarantined"
    set_policy(name=HOLD_UNKNOWN, value=1, reason="IATF", actor=system("setup"), now=NOW)
    assert codes(offer(plant, "10", gauge="ULM-1")) == ["collecting.gauge_unknown"]
    assert codes(offer(plant, "10", gauge="ruler")) == ["collecting.gauge_unknown"]
    gauge_in("in_service", site=site, staff=staff, now=NOW)
    assert offer(plant, "10", gauge="MIC-014").status == "accepted"
    about = {"kind": "void", "about": StoredReading.objects.latest("pk").pk, "note": "typed twice"}
    gauge = Gauge.objects.select_related("header").get(tag="MIC-014")
    services.take_step(gauge=gauge, step="lose", reason="gone", actor=staff.inspector, now=NOW)
    assert "collecting.gauge_closed" not in codes(offer(plant, "", gauge="MIC-014", **about))


def staff_of(site: Site) -> Staff:
    names = Staff.__dataclass_fields__
    return Staff(**{name: make_person(f"{name}-2", "quality_manager", site=site, now=NOW) for name in names})


def test_a_failure_lists_all_that_was_measured_since_the_gauge_was_last_good(
    plant: Plant, site: Site, staff: Staff
) -> None:
    gauge = gauge_in(
        "in_service", site=site, staff=staff, now=NOW - timedelta(days=2), permissible_error=None
    )
    plant.send("10", gauge="MIC-014", measured_at=NOW - timedelta(days=3))
    plant.send("10", gauge="OTHER")
    plant.send("10.5", "11", "9.1", gauge="MIC-014", stream={"machine": "M1"})
    plant.send("10", gauge="MIC-014")
    ids = plant.ids[-4:]
    plant.amend(ids[0], "10.4", "correction")
    step(gauge, "fail", calibration(plant.now, as_found=Decimal("0.2")), staff, plant.now)
    deliver(plant)
    row = gauge.impacts.get()
    assert (row.characteristic, row.readings, row.outside) == (plant.number, 4, 1)
    assert [item.id for item in linked_headers(gauge.pk)["affects"]] == [plant.characteristic.pk]
    task = Task.objects.get(what="gauges.task_impact")
    assert task.header_id == gauge.pk
    assert task_in_words(task).startswith("GAU-HAL-26-0001 Micrometer 0-25 was out of tolerance")
    held = offer(plant, "10", gauge="MIC-014", measured_at=NOW)
    assert codes(held) == ["collecting.gauge_closed"]
    gauge.refresh_from_db()
    answer = ImpactAnswer(number=1, answer="suspect", words="one of four may be too small")
    step(gauge, "investigate", Investigation(impacts=(answer,)), staff, plant.now)
    step(gauge, "investigate", Investigation(impacts=(answer,)), staff, plant.now)
    deliver(plant)
    ncr = Nonconformance.objects.select_related("header").get()
    assert (ncr.quantity_suspect, ncr.characteristic, ncr.found) == (4, plant.number, answer.words)
    assert [item.id for item in linked_headers(ncr.pk)["raised_from"]] == [gauge.pk]
    assert verify().sound


def test_without_an_error_or_in_another_unit_nobody_counts_what_it_hid(
    plant: Plant, site: Site, staff: Staff
) -> None:
    for tag, unit, found in (("A", "mm", None), ("B", "µm", Decimal(200))):
        gauge = gauge_in("in_service", site=site, staff=staff, now=NOW, tag=tag, unit=unit)
        plant.send("9.1", gauge=tag)
        step(gauge, "fail", calibration(plant.now, as_found=found), staff, plant.now)
        deliver(plant)
        assert gauge.impacts.get().outside is None


def test_the_readings_of_a_gauge_are_found_by_an_index(plant: Plant) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "collecting_reading")["reading_gauge"]
    assert found["columns"] == ["gauge", "received_at"]
    if connection.vendor == "sqlite":  # the other one reads a table of a few rows from end to end
        plan = fetch(
            "EXPLAIN QUERY PLAN SELECT COUNT(*) FROM collecting_reading r "
            "WHERE r.gauge = 'x' AND r.gauge > '' AND r.received_at >= 5",
            [],
        )
        assert "reading_gauge" in str(plan)


def test_tasks_follow_the_gauge(plant: Plant, site: Site, staff: Staff) -> None:
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)
    for moment, what in ((340, "gauges.task_due"), (366, "gauges.task_locked")):
        plant.now = NOW + timedelta(days=moment)
        services.watch_due(plant.now)
        deliver(plant)
        assert [task.what for task in Task.objects.filter(state="open")] == [what]
        assert task_in_words(Task.objects.get(state="open"))
    gauge = Gauge.objects.select_related("header").get(pk=gauge.pk)
    step(gauge, "pass", calibration(plant.now), staff, plant.now)
    deliver(plant)
    assert not Task.objects.filter(state="open").exists()
