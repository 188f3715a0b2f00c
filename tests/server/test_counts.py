"""Counts with the number inspected and values with their nominal, by every way into the plant."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from charted.plant import Plant
from gemba.quality.control.collecting.models import Quarantined, StoredReading
from gemba.quality.control.monitoring.queries import chart_view
from gemba.quality.people.models import Person
from gemba.server.clock import now
from gemba.server.ingest.bodies import read_body
from gemba.server.ingest.files import Plan, readings_of
from gemba.stats import read
from server.conftest import client_of

pytestmark = pytest.mark.django_db
COUNTED: dict[str, Any] = {"lsl": None, "usl": None, "unit": "pcs", "criterion": "no burr"}


def counting(**chart: Any) -> Plant:
    plant = Plant(**{**COUNTED, "chart_kind": "p", "data_kind": "nonconforming-units", **chart})
    plant.now = now()
    return plant


def test_the_size_of_a_count_is_kept_as_it_was_sent() -> None:
    plant = counting()
    about = {"source": "line", "characteristic": plant.number}
    sent = [
        {**about, "sequence": 1, "value": 3, "size": 50},
        {**about, "sequence": 2, "value": "4", "size": "80"},
    ]
    readings, single = read_body(json.dumps(sent).encode(), "application/json")
    assert not single
    plant.deliver(readings)
    assert list(StoredReading.objects.values_list("text", "beside")) == [("3", "50"), ("4", "80")]
    view = chart_view(plant.stream)
    assert view is not None
    assert [(point.values, point.size) for point in view.points] == [((0.06,), 50.0), ((0.05,), 80.0)]


def test_a_count_without_a_size_has_that_of_the_usual_sample() -> None:
    plant = counting(subgroup_size=200)
    plant.send("5")
    assert StoredReading.objects.get().beside == "200"
    assert [(point.first, point.size) for point in plant.chart()] == [(0.025, 200.0)]


def test_a_share_beyond_the_specification_does_not_conform() -> None:
    plant = counting(usl=Decimal("0.05"))
    plant.deliver([plant.reading(2, size="50"), plant.reading(3, size="50")])
    assert list(StoredReading.objects.values_list("verdict", flat=True)) == ["conform", "nonconform"]


def test_a_person_types_a_count_and_corrects_its_size(people: dict[str, Person]) -> None:
    plant = counting()
    plant.deliver([plant.reading(3, size="50")])
    client, stream = client_of(people["inspector"]), plant.stream
    assert 'name="size"' in client.get(f"/charts/{stream}").content.decode()
    client.post(f"/charts/{stream}", {"what": "reading", "text": "6", "size": "60"})
    first = StoredReading.objects.order_by("pk")[0]
    page = client.get(f"/readings/{first.pk}").content.decode()
    assert 'name="beside"' in page
    client.post(f"/readings/{first.pk}", {"kind": "correction", "text": "4", "note": "typo", "beside": "40"})
    client.post(f"/readings/{first.pk}", {"kind": "correction", "text": "2", "note": "typo"})
    plant.work()
    assert [(point.first, point.size) for point in plant.chart()] == [(0.05, 40.0), (0.1, 60.0)]


def test_a_count_above_its_size_waits_with_what_to_do(people: dict[str, Person]) -> None:
    plant = counting()
    plant.deliver([plant.reading(3, size="50")])
    client = client_of(people["inspector"])
    answer = client.post(
        f"/charts/{plant.stream}", {"what": "reading", "text": "61", "size": "60"}, follow=True
    )
    assert "correct the count or the size" in answer.content.decode()
    assert Quarantined.objects.count() == 1


def test_a_file_brings_counts_with_their_sizes(tmp_path: Any) -> None:
    path = tmp_path / "week.csv"
    path.write_text("bad,checked\n3,50\n4,80\n", encoding="utf-8")
    plan = Plan({"bad": "CHR-1"}, {"checked": "size"}, "UTC")
    found = [(reading.text, reading.size) for reading in readings_of(read(path), plan)]
    assert found == [("3", "50"), ("4", "80")]


def test_a_value_of_before_the_short_runs_that_comes_late_is_no_point() -> None:
    plant = Plant()
    early = plant.now
    plant.send("10.1")
    plant.change(chart_kind="difference")
    plant.deliver([plant.reading("10.3", nominal="10.0")])
    plant.deliver([plant.reading("9.9", measured_at=early)])
    plant.work()
    assert [point.first for point in plant.chart()][-1] == pytest.approx(0.3)
    assert not Quarantined.objects.exists()
