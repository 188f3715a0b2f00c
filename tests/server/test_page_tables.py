"""Pages that list no records as files: the rows of their twins, all of them, for whoever may see the page."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from charted.plant import ENGINEER, Plant
from gemba.quality.people.models import Person
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.records.outbox import deliver_due
from gemba.server.clock import now
from gemba.server.web.views import coverage, downloads, trail
from quality.assurance.test_coverage import MANAGER
from server.conftest import client_of

pytestmark = pytest.mark.django_db
ROLE = {"trail": "auditor", "desk": "quality_manager"}


@pytest.fixture
def plant(people: dict[str, Person]) -> Plant:
    """Two requirements, of which one is measured and not met; one that is asked about."""
    assert people
    plant = Plant()
    plant.now = now()
    about: dict[str, Any] = {"site": plant.site, "maker": ENGINEER, "decider": MANAGER, "now": plant.now}
    one = requirement_in("agreed", title="It fits", **about)
    requirement_in("agreed", title="It is quiet", **about)
    requirement_in("under_review", title="It shines", **about)
    plant.change(verifies=str(one.header.number))
    plant.send("50", "101")
    while deliver_due(plant.now):
        pass
    return plant


def told(people: dict[str, Person], name: str, query: str = "") -> list[dict[str, str]]:
    answer = client_of(people[ROLE.get(name, "reader")]).get(f"/{name}.csv{query}")
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_each_page_is_a_file_with_the_rows_of_its_twin(plant: Plant, people: dict[str, Person]) -> None:
    for name, listed in downloads.LISTED.items():
        client, rows = client_of(people[ROLE.get(name, "reader")]), told(people, name)
        twin = client.get(f"/{name}.json").json()
        shown = twin[listed.rows] if name != "desk" else [t for g in twin["groups"] for t in g["tasks"]]
        assert 0 < len(rows) == len(shown), name
        assert list(rows[0]) == [item.label for item in listed.fields]
        book = load_workbook(io.BytesIO(client.get(f"/{name}.xlsx").content))
        assert book["List"].max_row == len(rows) + 1
        assert (book["About"]["A1"].value, book["About"]["B1"].value) == ("List", listed.title)
        assert client.get(f"/{name}.pdf").status_code == 404


def test_what_stands_in_them(plant: Plant, people: dict[str, Person]) -> None:
    fits, quiet = told(people, "coverage")
    assert (fits["Covered"], fits["Measured"], fits["Met"]) == ("yes", "yes", "no")
    assert fits["Evidence"].startswith(plant.number)
    assert "1 of the last 2 readings do not conform" in fits["Gaps"]
    assert quiet["Gaps"].startswith("No characteristic verifies it")
    (chart,) = told(people, "charts")
    assert (chart["Number"], chart["State"]) == (plant.number, "collecting 2 of 25")
    fired = {row["When this happens, that follows"]: row["Fired"] for row in told(people, "loop")}
    asked = "When a requirement is submitted, quality asks whether it is feasible and agrees or rejects it."
    assert fired[asked] == "3"
    assert any("It shines" in row["What is to be done"] for row in told(people, "desk"))


def test_all_pages_are_in_it_and_what_the_filters_leave(
    plant: Plant, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "PAGE_REQUIREMENTS", 1)
    monkeypatch.setattr(trail, "PAGE_ROWS", 2)
    assert len(told(people, "coverage", "?after=999")) == 2
    moves = told(people, "trail", "?action=move:")
    assert len(moves) > 4
    assert "Agree" in {row["What"] for row in moves}
    monkeypatch.setattr(downloads, "MOST_IN_FILE", 3)
    answer = client_of(people["auditor"]).get("/trail.csv?action=move:")
    assert answer.status_code == 422
    assert "at most 3 rows" in answer.content.decode()
