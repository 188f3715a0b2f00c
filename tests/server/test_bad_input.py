"""What the statistics refuse: 422 with their own sentence to programs, and the form kept for people."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from charted.plant import Plant
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.people.models import Person
from gemba.server.web.gate import GateMiddleware
from gemba.stats.charts import KINDS, control_chart, known_limits
from gemba.stats.charts.kind import Kind
from gemba.stats.results import DataError
from server.conftest import client_of
from stats.charts.bad_input import bad_inputs


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_api_answers_422_with_the_sentence_of_the_library(kind: Kind[Any]) -> None:
    gate = GateMiddleware(lambda _: HttpResponse())
    request = RequestFactory().get("/api/v1/charts", HTTP_ACCEPT="application/json")
    for name, (frame, asked), words in bad_inputs(kind):
        with pytest.raises(DataError) as caught:
            control_chart(kind.name, frame, **asked)
        answer = gate.process_exception(request, caught.value)
        assert answer is not None
        told = json.loads(answer.content)
        assert (answer.status_code, told["status"]) == (422, 422), name
        assert told["detail"] == str(caught.value)
        assert words in told["detail"]


@pytest.fixture
def started(people: dict[str, Person]) -> Plant:
    """A chart with one reading, of which nobody knows limits."""
    assert people
    plant = Plant(rules="1", needed_subgroups=10)
    plant.send("10.00")
    return plant


def given(plant: Plant, **more: str) -> dict[str, Any]:
    return {"site": plant.site.code, "stream": str(plant.stream), "source": "study of March"} | more


@pytest.mark.django_db
def test_limits_of_too_few_points_are_422_with_the_sentence(
    started: Plant, people: dict[str, Person]
) -> None:
    answer = client_of(people["engineer"]).post(f"/charts/{started.stream}.json", {"what": "propose"})
    assert answer.status_code == 422
    with pytest.raises(DataError) as caught:
        control_chart("i-mr", [10.0])
    assert caught.value.problem.split("{")[0].split(",")[0] in answer.json()["detail"]
    assert "Give more data" in answer.json()["detail"]


@pytest.mark.django_db
def test_impossible_limits_are_422_for_a_program_and_keep_the_form_of_a_person(
    started: Plant, people: dict[str, Person]
) -> None:
    with pytest.raises(DataError) as caught:
        known_limits("i-mr", mean=10.0, sigma=-1.0)
    engineer: Client = client_of(people["engineer"])
    fields = {"stream": started.stream, "source": "study of March", "mean": "10", "sigma": "-1"}
    body = {"site": started.site.code, "fields": fields}
    answer = engineer.post("/api/v1/records/limit-set", json.dumps(body), content_type="application/json",
                           headers={"Idempotency-Key": "given-1"})  # fmt: skip
    assert answer.status_code == 422, answer.content
    assert str(caught.value) in answer.json()["detail"]
    page = engineer.post("/records/limit-set/new", given(started, mean="10", sigma="-1"))
    shown = unescape(page.content.decode())
    assert page.status_code == 409
    assert str(caught.value) in shown
    assert 'value="study of March"' in shown
    assert 'value="-1"' in shown
    assert not LimitSet.objects.exists()


@pytest.mark.django_db
def test_a_chart_on_the_scale_of_parts_shows_values_until_it_has_limits(people: dict[str, Person]) -> None:
    plant = Plant(chart_kind="z-mr", needed_subgroups=10)
    plant.deliver([plant.reading("10.1", sequence=None, part="A")])
    page = client_of(people["engineer"]).get(f"/charts/{plant.stream}").content.decode()
    assert '<th class="num">Value</th>' in page
    assert "limits that are known beforehand" not in page, "its limits are those of parts"
    plant.know_limits(known_limits("z-mr", mean={"A": 10.25}, sigma={"A": 0.125}))
    address = f"/records/limit-set/{LimitSet.objects.get().pk}"
    shown = client_of(people["engineer"]).get(address).content.decode()
    assert '<td>A</td><td class="num">10.2500</td><td class="num">0.1250</td>' in shown


@pytest.mark.django_db
def test_limits_are_given_on_a_form_that_knows_the_chart(started: Plant, people: dict[str, Person]) -> None:
    engineer: Client = client_of(people["engineer"])
    chart = engineer.get(f"/charts/{started.stream}").content.decode()
    address = f"/records/limit-set/new?stream={started.stream}"
    assert address in chart
    assert f'value="{started.stream}"' in engineer.get(address).content.decode()
    answer = engineer.post("/records/limit-set/new", given(started, mean="10", sigma="0.1"))
    assert answer.status_code == 302
    made = LimitSet.objects.get()
    assert (made.points, made.stable, made.header.state) == (0, None, "proposed")
    record = engineer.get(answer["Location"]).content.decode()
    assert "Given by a person, not calculated from points." in record
    assert client_of(people["reader"]).get(address).status_code in (200, 403)
    refused = client_of(people["operator"]).post(
        "/records/limit-set/new", given(started, mean="9", sigma="1")
    )
    assert refused.status_code in (403, 409)
    assert LimitSet.objects.count() == 1
