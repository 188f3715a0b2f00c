"""From any requirement: covered, measured, met; on one page, on the requirement's own, and as JSON."""

from __future__ import annotations

from typing import Any

import pytest

from charted.plant import ENGINEER, Plant
from gemba.quality.people.models import Person
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.server.clock import now
from gemba.server.web.views import coverage
from quality.assurance.test_coverage import MANAGER
from server.conftest import client_of

pytestmark = pytest.mark.django_db


def test_the_page_its_twin_and_the_requirement_say_the_same(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = Plant()
    plant.now = now()
    about: dict[str, Any] = {"site": plant.site, "maker": ENGINEER, "decider": MANAGER, "now": plant.now}
    one, two = (requirement_in("agreed", title=title, **about) for title in ("It fits", "It is quiet"))
    requirement_in("proposed", **about)
    plant.change(verifies=str(one.header.number))
    plant.send("50", "101")
    client = client_of(people["reader"])
    told = client.get("/coverage.json").json()
    assert told["counts"] == {"requirements": 2, "covered": 1, "measured": 1, "met": 0}
    assert [row["title"] for row in told["requirements"]] == ["It fits", "It is quiet"]
    page = client.get("/coverage").content.decode()
    for row in told["requirements"]:
        assert row["number"] in page
        assert all(gap["text"] in page for gap in row["gaps"])
    assert "1 of the last 2 readings" in page
    own = client.get(f"/records/requirement/{one.pk}").content.decode()
    assert "1 of the last 2 readings do not conform" in own
    panel = client.get(f"/api/v1/records/requirement/{two.pk}").json()["panels"][0]
    assert panel["data"]["gaps"][0]["code"] == "coverage.no_characteristic"
    monkeypatch.setattr(coverage, "PAGE_REQUIREMENTS", 1)
    first = client.get("/coverage.json").json()
    rest = client.get(f"/coverage.json?after={first['after']}").json()
    assert [row["id"] for row in (*first["requirements"], *rest["requirements"])] == [one.pk, two.pk]
    assert rest["after"] is None


def test_an_empty_plant_says_how_to_begin(people: dict[str, Person]) -> None:
    assert "No requirement is in force yet" in client_of(people["reader"]).get("/coverage").content.decode()
    assert client_of(people["system_administrator"]).get("/coverage").status_code == 403
