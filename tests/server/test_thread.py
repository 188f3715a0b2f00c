"""The thread of a record and its links, by page and by API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from charted.plant import Plant
from gemba.quality.control.monitoring.models import Signal, StreamState
from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.people.roles import ROLES
from gemba.quality.people.sites import create_site
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.records import edge
from gemba.quality.records.actor import system
from gemba.quality.records.delivered import count_deliveries
from gemba.quality.records.models import Link, Site
from gemba.quality.records.outbox import deliver_due
from gemba.stats.charts import known_limits
from server.conftest import SETUP, actor, client_of, make_person, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(people: dict[str, Person]) -> Client:
    return client_of(make_person("all", *ROLES))


@pytest.fixture
def charted(people: dict[str, Person]) -> Plant:
    made = Plant(stream_keys="machine")
    made.send("50", "51", stream={"machine": "M1"})
    made.send("50", stream={"machine": "M2"})
    made.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    made.send("120", stream={"machine": "M1"})
    made.send("50", stream={"machine": "M3"})
    return made


def post(client: Client, address: str, body: dict[str, Any]) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def keys(twin: dict[str, Any], kind: str) -> list[str]:
    return [card["words"] for card in twin["cards"] if card["type"] == kind]


def test_the_charts_hang_on_the_thread_with_their_signals_and_limits(
    everybody: Client, charted: Plant
) -> None:
    address = f"/records/characteristic/{charted.characteristic.pk}/thread"
    page, twin = everybody.get(address).content.decode(), everybody.get(f"{address}.json").json()
    assert sorted(keys(twin, "chart")) == ["1 of 25 collected", "In control", "Signal"]
    assert keys(twin, "signal") == ["Open"]
    assert ([gap["code"] for gap in twin["gaps"]], twin["whole"]) == (["products.no_plan_line"], True)
    stream = Signal.objects.values_list("stream", flat=True).get()
    assert f'href="/charts/{stream}"' in page
    assert "No control plan" in page
    for signal in Signal.objects.all():
        up = everybody.get(f"/records/signal/{signal.pk}/thread.json").json()
        assert keys(up, "characteristic") == ["Released"]
        assert keys(up, "limit-set") == ["Approved"]
        assert keys(up, "chart") == ["Signal"]
    limits = StreamState.objects.exclude(limits=None).values_list("limits", flat=True)[0]
    assert keys(everybody.get(f"/records/limit-set/{limits}/thread.json").json(), "chart")
    assert everybody.get(f"/records/signal/{charted.characteristic.pk}/thread")["Location"] == address


def test_a_chart_whose_signal_is_closed_signals_no_more(everybody: Client, charted: Plant) -> None:
    signal = Signal.objects.get()
    edge.take_move(signal.pk, "withdraw", reason="typed wrong", actor=system("rejudging"), now=charted.now)
    assert StreamState.objects.get(stream=signal.stream).signal == signal.pk
    up = everybody.get(f"/records/signal/{signal.pk}/thread.json").json()
    assert keys(up, "chart") == ["Signal closed"]
    assert "signal closed" in everybody.get("/charts").content.decode()
    page = everybody.get(f"/charts/{signal.stream}").content.decode()
    assert "Signal closed" in page
    assert "In control" not in page


def test_a_broken_thread_says_so_on_the_page_and_by_api(
    everybody: Client, characteristic: Characteristic, people: dict[str, Person]
) -> None:
    made = everybody.post("/records/nonconformance/new", {"site": "HAL", "title": "Bore too large"})
    place = made["Location"]
    number, ncr = str(characteristic.header.number), place.rpartition("/")[2]
    assert "No link is broken" in everybody.get(f"{place}/thread").content.decode()
    asked = {"what": "link", "relation": "affects", "target": number.lower(), "why": "measured there"}
    assert everybody.post(f"{place}/add", asked).status_code == 302
    retire = f"/records/characteristic/{characteristic.pk}/moves/retire"
    assert client_of(people["approver"]).post(retire, {"reason": "no more"}).status_code == 302
    page = everybody.get(f"{place}/thread").content.decode()
    words = f"Bore too large stands on {number}, which is &#x27;Obsolete&#x27;."
    assert (page.count(words), 'class="broken"' in page) == (2, True)
    told = everybody.get(f"/api/v1/records/{ncr}/thread").json()
    assert told == everybody.get(f"{place}/thread.json").json()
    assert [tie["fault"]["code"] for tie in told["ties"]] == ["thread.gone"]
    link = Link.objects.get()
    assert f'value="{link.pk}"' in everybody.get(place).content.decode()
    ending = {"what": "link_end", "link": str(link.pk), "why": ""}
    assert everybody.post(f"{place}/add", ending).status_code == 409
    assert everybody.post(f"{place}/add", {**ending, "why": "another bore"}).status_code == 302
    assert everybody.get(f"{place}.json").json()["links"] == []


def test_links_are_made_and_ended_by_api(everybody: Client, characteristic: Characteristic) -> None:
    made = everybody.post("/records/nonconformance/new", {"site": "HAL", "title": "Bore too large"})
    ncr, number = made["Location"].rpartition("/")[2], characteristic.header.number
    body = {"relation": "affected_by", "target": ncr, "why": "seen"}
    link = post(everybody, f"/api/v1/records/{number}/links", body).json()["id"]
    end = f"/api/v1/records/{ncr}/links/{link}/end"
    assert post(everybody, end, {"why": ""}).status_code == 422
    assert post(everybody, end, {"why": "not that one"}).json() == {"id": link}
    assert post(everybody, end, {"why": "again"}).json()["reasons"][0]["code"] == "records.link_unknown"


def test_a_neighbour_of_another_site_shows_its_number_and_state_only(
    everybody: Client, characteristic: Characteristic
) -> None:
    ulm = create_site(code="ULM", name="Ulm", zone="Europe/Berlin", actor=SETUP, now=now())
    made = everybody.post("/records/nonconformance/new", {"site": "ULM", "title": "Bore too large"})
    place, number = made["Location"], str(characteristic.header.number)
    asked = {"what": "link", "relation": "affects", "target": number, "why": "measured at Halle"}
    everybody.post(f"{place}/add", asked)
    stranger = services.create_person(username="uwe", name="Uwe", actor=SETUP, now=now())
    services.grant_role(person=stranger, role="engineer", site=ulm, actor=SETUP, now=now())
    client = client_of(stranger)
    (link,) = client.get(f"{place}.json").json()["links"]
    assert (link["id"], link["number"], link["state"]) == (0, number, "released")
    told = client.get(f"/api/v1{place}").json()
    assert (told["links"], link["why"]) == ([link], "")
    assert client.get("/search.json", {"q": number}).json()["found"] == []
    assert "measured at Halle" not in client.get(f"{place}/thread.json").content.decode()
    page = client.get(f"{place}/thread").content.decode()
    assert "A record that you may not see" in page
    assert f"/records/characteristic/{characteristic.pk}" not in page
    assert "Bore</p>" not in page
    assert client.get(f"/records/characteristic/{characteristic.pk}/thread").status_code == 404


def test_an_agreed_requirement_that_nothing_verifies_is_a_gap(
    everybody: Client, people: dict[str, Person], site: Site
) -> None:
    maker, decider = actor(people["engineer"]), actor(people["quality_manager"])
    made = requirement_in("agreed", site=site, maker=maker, decider=decider, now=now())
    place = f"/records/requirement/{made.pk}/thread"
    (gap,) = everybody.get(f"{place}.json").json()["gaps"]
    assert (gap["code"], gap["type"]) == ("requirements.not_verified", "characteristic")
    page = everybody.get(place).content.decode()
    assert "No characteristic" in page
    assert page.count(gap["text"]) == 2


def test_the_loop_says_how_often_each_sentence_came_true_and_when_last(
    everybody: Client,
    charted: Plant,
    people: dict[str, Person],
    characteristic: Characteristic,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = {row["name"]: row for row in everybody.get("/loop.json").json()["reactions"]}
    waiting = [name for name, row in rows.items() if row["waiting"]]
    assert waiting
    assert all((rows[name]["done"], rows[name]["last_at"]) == (0, None) for name in waiting)
    while deliver_due(now() + timedelta(minutes=1)):
        pass
    after = {row["name"]: row for row in everybody.get("/loop.json").json()["reactions"]}
    assert all(after[name]["done"] >= 1 and after[name]["last_at"] for name in waiting)
    assert sum(row["waiting"] + row["failed"] for row in after.values()) == 0
    page = everybody.get("/loop").content.decode()
    assert all(escape(row["sentence"]) in page for row in after.values())
    assert "last 0 min ago, 0 waiting" in page
    assert "not fired yet, 0 waiting" in page
    assert "Counted are the newest 1000 of each line." in page
    name = waiting[0]
    with patch("gemba.quality.records.delivered.NEWEST", 1):
        assert count_deliveries()[name].done == 1
        with django_assert_num_queries(1):
            assert count_deliveries(["ULM"])[name].done == 0
