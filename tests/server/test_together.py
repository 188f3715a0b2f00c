"""The page of a chart over several characteristics: what it judges, what waits, what a point comes from."""

from __future__ import annotations

import re

import pytest

from charted.pair import Pair
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.people.models import Person
from gemba.server.clock import now
from server.conftest import client_of

pytestmark = pytest.mark.django_db


def test_a_chart_over_several_leads_to_each_of_them_and_says_what_is_missing(
    people: dict[str, Person],
) -> None:
    plant = Pair("t2")
    plant.now = now()
    plant.item(0)
    plant.know_limits(plant.limits("t2"))
    plant.item(13)
    plant.deliver([plant.value(0, 5), plant.value(1, 6, serial="")])
    client = client_of(people["inspector"])
    page = client.get(f"/charts/{plant.stream}").content.decode()
    own = [stream for one in client.get(f"/charts/{plant.stream}.json").json()["together"]["members"]
           for stream, _ in one["streams"]]  # fmt: skip
    assert len(own) == 2
    assert all(f'href="/charts/{stream}"' in page for stream in own)
    assert "Most of it comes from: " in page
    assert "1 of the last readings has no serial number" in page
    assert "N5" in page
    assert "Store the reading" not in page
    last = plant.chart()[-1]
    point = client.get(f"/charts/{plant.stream}/points/{last.position}.{last.sequence}")
    assert "What it comes from" in point.content.decode()
    told = client.get(f"/charts/{plant.stream}/points/{last.position}.{last.sequence}.json").json()
    assert [part["number"] for part in told["point"]["parts"]][:1]
    side = client.get(f"/charts/{plant.stream}/side").content.decode()
    assert re.findall(r'data-piece="(\w+)"', side) == ["side", "words", "together"]
    limits = client.get(f"/records/limit-set/{LimitSet.objects.get().pk}").content.decode()
    assert "Correlation with 2" in limits
    assert ">0.60</td>" in limits
