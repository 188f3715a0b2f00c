"""The chart page: which points it shows, its capability card, one point with its history, stages by mouse."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from charted.plant import Plant
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.people.models import Person
from gemba.quality.records.models import Header
from gemba.server.identity import forget
from gemba.stats.charts import known_limits
from server.conftest import client_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 26
LARGEST = 120_000


@pytest.fixture
def plant(people: dict[str, Person]) -> Plant:
    """Forty points by known limits, a minute apart until two days ago, in two lots."""
    made = Plant(rules="1", lsl=Decimal(9), usl=Decimal(11), target=Decimal(10))
    made.now = datetime.now(UTC) - timedelta(days=2)
    made.send("10.00")
    made.know_limits(known_limits("i-mr", mean=10.0, sigma=0.1))
    Header.objects.filter(type="limit-set").update(state="approved", category="effective")
    begin = made.now + timedelta(minutes=1)
    made.deliver([
        made.reading(f"{10 + (number * 7 % 11 - 5) / 50:.2f}", lot=f"L-{number // 20}", gauge="MIC-7",
                     measured_at=begin + timedelta(minutes=number))
        for number in range(40)
    ])  # fmt: skip
    made.now = begin + timedelta(minutes=39)
    return made


def names(plant: Plant) -> list[str]:
    return [f"{point.position}.{point.sequence}" for point in plant.chart()]


def page(client: Client, plant: Plant, more: str = "") -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/charts/{plant.stream}.json{more}").json()
    return found


@pytest.fixture
def engineer(people: dict[str, Person]) -> Client:
    return client_of(people["engineer"])


def test_a_stable_process_shows_its_indices_with_their_intervals_and_the_sigma(
    engineer: Client, plant: Plant
) -> None:
    study = page(engineer, plant)["capability"]["study"]
    assert (study["stable"], study["n"], study["within"]) == (True, 40, "average moving range")
    cpk = next(item for item in study["indices"] if item["name"] == "Cpk")
    assert cpk["lower"] < cpk["value"] < cpk["upper"]
    assert cpk["sigma"] == "within"
    body = engineer.get(f"/charts/{plant.stream}").content.decode()
    assert f"<b>{cpk['value']:.2f}</b>" in body
    assert "average moving range" in body


def test_an_unstable_process_shows_words_in_place_of_bare_numbers(engineer: Client, plant: Plant) -> None:
    plant.send("10.90")
    study = page(engineer, plant)["capability"]["study"]
    assert (study["stable"], study["fired"]) == (False, 1)
    body = engineer.get(f"/charts/{plant.stream}").content.decode()
    assert "not stable: not meaningful" in body
    for index in study["indices"]:
        assert f"<b>{index['value']:.2f}</b>" not in body
    side = engineer.get(f"/charts/{plant.stream}/side").content.decode()
    assert "1 point of this stage breaks a rule." in side


def test_the_pieces_that_move_with_a_chart_come_in_one_answer(engineer: Client, plant: Plant) -> None:
    held = engineer.get(f"/charts/{plant.stream}").content.decode()
    fresh = engineer.get(f"/charts/{plant.stream}/side").content.decode()
    pieces = re.split(r'<div data-piece="(\w+)">', fresh)[1:]
    assert sorted(pieces[::2]) == sorted(re.findall(r'data-follows="(\w+)"', held))
    for piece in pieces[1::2]:
        assert piece.strip().removesuffix("</div>") in held


def test_where_nothing_can_be_judged_the_card_says_why(people: dict[str, Person]) -> None:
    client = client_of(people["reader"])
    plant = Plant(name="Alone", lsl=Decimal(0), usl=Decimal(9))
    plant.send(1.0)
    card = page(client, plant)["capability"]
    assert card["study"] is None
    assert escape(card["why"]) in client.get(f"/charts/{plant.stream}").content.decode()
    assert client.get(f"/charts/{plant.stream}/histogram.json").json()["spec"] is None


def test_the_histogram_is_a_figure_with_the_limits_by_name(engineer: Client, plant: Plant) -> None:
    drawn = engineer.get(f"/charts/{plant.stream}/histogram.json?width=300&theme=dark").json()
    assert drawn["spec"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert "LSL 9, Target 10, USL 11" in drawn["alt"]


def test_the_address_says_which_points_are_shown(engineer: Client, plant: Plant) -> None:
    def shown(more: str) -> list[str]:
        found: list[str] = engineer.get(f"/charts/{plant.stream}/figure.json{more}").json()["points"]
        return found

    every, held = names(plant), LimitSet.objects.latest("pk").pk
    assert shown("") == every
    assert shown("?last=10") == every[-10:]
    assert shown(f"?stage={held}") == every[1:]
    assert shown("?stage=0") == every[:1]
    assert shown("?days=7") == every
    assert shown("?days=1") == []
    day = f"{plant.now - timedelta(minutes=5):%Y-%m-%dT%H:%M:%S}Z"
    assert shown(f"?since={day}") == every[-6:]
    body = engineer.get(f"/charts/{plant.stream}?stage={held}&last=50").content.decode()
    assert f"figure.json?last=50&amp;stage={held}" in body
    assert engineer.get(f"/charts/{plant.stream}?since=yesterday").status_code == 409


def test_the_figure_shows_what_happened_and_which_mark_is_which_point(engineer: Client, plant: Plant) -> None:
    drawn = engineer.get(f"/charts/{plant.stream}/figure.json?width=900").json()
    assert drawn["points"] == names(plant)
    assert "Lot L-1" in str(drawn["spec"])
    assert "Lot L-1 at point" in drawn["alt"]


def test_a_point_tells_who_when_which_gauge_and_both_judgements(engineer: Client, plant: Plant) -> None:
    wrong = plant.send("19.50", lot="L-9", gauge="MIC-8")[0]
    plant.amend(wrong, "9.95", "remeasure")
    plant.work()
    address = f"/charts/{plant.stream}/points/{names(plant)[-1]}"
    point = engineer.get(address + ".json").json()["point"]
    assert [item["panels"][0]["value"] for item in point["judgements"]] == [9.95, 19.5]
    reading = point["readings"][0]
    assert (reading["text"], reading["gauge"], reading["lot"]) == ("19.50", "MIC-8", "L-9")
    assert [(item["kind"], item["text"]) for item in reading["amendments"]] == [("remeasure", "9.95")]
    body = engineer.get(address).content.decode()
    for words in ("19.50", "9.95", "MIC-8", "L-9", "typed wrongly"):
        assert words in body, words
    table = page(engineer, plant)["chart"]["points"]
    assert "typed wrongly" in table[0]["notes"]


def test_a_point_of_a_signal_links_to_it_with_what_was_found(engineer: Client, plant: Plant) -> None:
    plant.send("10.90")
    address = f"/charts/{plant.stream}/points/{names(plant)[-1]}"
    signal = engineer.get(address + ".json").json()["point"]["signal"]
    assert signal["state"] == "open"
    assert f"/records/signal/{signal['id']}" in engineer.get(address).content.decode()
    row = page(engineer, plant)["chart"]["points"][0]
    assert row["cause"]["number"] == signal["number"]


@pytest.mark.parametrize("point", ["7.999", "first", "1", "1.2.3"])
def test_a_point_that_is_not_there_is_not_found(engineer: Client, plant: Plant, point: str) -> None:
    assert engineer.get(f"/charts/{plant.stream}/points/{point}").status_code == 404


def test_a_stage_begins_at_a_point_by_a_proposal_that_another_signs(engineer: Client, plant: Plant) -> None:
    address = f"/charts/{plant.stream}/points/{names(plant)[20]}"
    without = engineer.post(address, {"what": "start_stage", "why": " "})
    assert without.status_code == 409
    assert "Say why the limits were calculated again." in without.content.decode()
    made = engineer.post(address, {"what": "start_stage", "why": "new insert"})
    proposed = LimitSet.objects.latest("pk")
    assert made["Location"] == f"/records/limit-set/{proposed.pk}"
    assert (proposed.header.state, proposed.points, proposed.why) == ("proposed", 21, "new insert")
    form = engineer.get(f"/records/limit-set/{proposed.pk}/moves/approve").content.decode()
    assert re.search(r'name="valid_from"[^>]*value="20\d\d-', form) or "new insert" in form
    again = engineer.post(address + ".json", {"what": "start_stage", "why": "again"})
    assert [item["code"] for item in again.json()["reasons"]] == ["monitoring.proposed_already"]


def test_a_point_is_left_out_and_taken_back(engineer: Client, plant: Plant) -> None:
    engineer.post(f"/charts/{plant.stream}", {"what": "propose", "why": "study"})
    point = names(plant)[9]
    address = f"/charts/{plant.stream}/points/{point}"
    assert engineer.post(address, {"what": "leave_out", "why": "tool broke"}).status_code == 302
    told = engineer.get(address + ".json").json()["point"]["left_out"]
    assert [(item["state"], item["reason"]) for item in told] == [("proposed", "tool broke")]
    assert "does not stand on this point: tool broke" in engineer.get(address).content.decode()
    assert engineer.post(address, {"what": "take_back", "why": "was right"}).status_code == 302
    assert engineer.get(address + ".json").json()["point"]["left_out"] == []
    assert engineer.post(address, {"what": "dance"}).status_code == 409


def test_whoever_may_not_study_sees_the_point_and_is_refused_in_words(
    people: dict[str, Person], plant: Plant
) -> None:
    client = client_of(people["operator"])
    address = f"/charts/{plant.stream}/points/{names(plant)[9]}"
    assert "Propose it" not in client.get(address).content.decode()
    answer = client.post(address + ".json", {"what": "leave_out", "why": "tool broke"})
    assert answer.status_code == 409


def test_limits_are_proposed_from_the_points_that_the_page_shows(engineer: Client, plant: Plant) -> None:
    every = names(plant)
    asked = {"what": "propose", "from": "shown", "first": every[5], "last": every[24], "why": "study"}
    assert engineer.post(f"/charts/{plant.stream}", asked).status_code == 302
    proposed = LimitSet.objects.latest("pk")
    assert proposed.points == 20
    assert f"{proposed.first_position}.{proposed.first_sequence}" == every[5]
    wrong = engineer.post(f"/charts/{plant.stream}", asked | {"first": "the third"})
    assert "the third" in wrong.content.decode()


def test_limits_are_proposed_by_api_too_and_a_subgroup_that_is_not_open_is_said(
    engineer: Client, plant: Plant, people: dict[str, Person]
) -> None:
    every, base = names(plant), f"/api/v1/charts/{plant.stream}"

    def asked(client: Client, what: str, **body: Any) -> Any:
        return client.post(f"{base}/{what}", body, content_type="application/json")

    span = {"first": every[5], "last": every[24], "why": "study"}
    wrong = asked(engineer, "limits", **span | {"last": "the third"})
    assert [item["code"] for item in wrong.json()["reasons"]] == ["monitoring.point_unknown"]
    assert asked(client_of(people["operator"]), "limits", **span).status_code == 409
    made = asked(engineer, "limits", excluded={every[9]: "tool broke"}, **span)
    proposed = LimitSet.objects.latest("pk")
    assert (made.status_code, made.json()["id"], proposed.points) == (201, proposed.pk, 19)
    closed = asked(engineer, "close-subgroup", subgroup="7", reason="tea")
    assert closed.status_code == 409
    assert asked(engineer, "close-subgroup", subgroup="7").status_code == 422
    assert (
        engineer.post("/api/v1/charts/999999/limits", {}, content_type="application/json").status_code == 404
    )


def test_the_page_is_small_and_asks_the_store_as_often_for_many_points_as_for_few(
    engineer: Client, plant: Plant
) -> None:
    def asked() -> int:
        forget()
        with CaptureQueriesContext(connection) as captured:
            answer = engineer.get(f"/charts/{plant.stream}?last=1000")
        assert answer.status_code == 200
        assert len(answer.content) <= LARGEST
        return len(captured)

    asked()
    few = asked()
    for start in range(0, 300, 50):
        plant.send(*[f"{10 + (number * 7 % 11 - 5) / 50:.2f}" for number in range(start, start + 50)])
    assert asked() == few <= MOST_QUERIES


def test_parts_without_limits_are_named_on_the_page_of_short_runs(people: dict[str, Person]) -> None:
    made = Plant(chart_kind="z-mr", rules="1")
    made.deliver([made.reading("50.1", part="A")])
    made.now += timedelta(minutes=1)
    made.know_limits(known_limits("z-mr", mean={"A": 50.0}, sigma={"A": 1.0}))
    made.deliver([made.reading(value, part=part) for value, part in (("50.3", "A"), ("70.1", "C"))])
    engineer = client_of(people["engineer"])
    body = engineer.get(f"/charts/{made.stream}").content.decode()
    assert "Values of the part C are stored and not judged" in body
    assert 'name="part"' in body
    assert page(engineer, made)["unjudged"] == ["C"]
    refused = engineer.get(f"/charts/{made.stream}/capability.pdf").content.decode()
    assert "several parts, each with a capability of its own" in refused
