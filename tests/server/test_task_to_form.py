"""From a task straight to its form, which begins with what the plant knows, and back to the list."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import quote

import pytest

from gemba.quality.control.nonconformance.factory import make_staff, nonconformance_in
from gemba.quality.control.nonconformance.forms import next_line, triage
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.people.models import Person
from gemba.quality.records import reasons
from gemba.quality.records.models import Site
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.types import record_types
from gemba.server.web.steps import ANSWERS
from server.conftest import client_of, now

pytestmark = pytest.mark.django_db
HELD = re.compile(r'name="(locations-\d-(?:quantity|words))"[^>]*value="([^"]*)"')


def somebody(role: str) -> Person:
    return Person.objects.get(username=role)


@pytest.fixture
def ncr(site: Site) -> Nonconformance:
    """A nonconformance in the process that was reported, with its tasks."""
    made = nonconformance_in("reported", site=site, staff=make_staff(site, now=now()), now=now())
    while deliver_due(now()):
        pass
    return made


def test_each_answer_is_a_move_and_each_task_one_that_is_asked() -> None:
    moves = {move.name for kind in record_types() for move in kind.lifecycle.moves}
    assert {step.move for steps in ANSWERS.values() for step in steps} <= moves
    assert set(ANSWERS) <= set(reasons._catalogues)


def test_a_task_leads_to_its_form_and_the_form_back_to_the_list(
    ncr: Nonconformance,
) -> None:
    client = client_of(somebody("inspector"))
    form = f"/records/nonconformance/{ncr.pk}/moves/contain?back=/tasks"
    assert f'href="{form}"' in client.get("/tasks").content.decode()
    page = client.get(form).content.decode()
    assert '<input type="hidden" name="back" value="/tasks">' in page
    assert len(re.findall(r'<option value="\w+" selected>', page)) == 2 * 5
    rows = {
        f"locations-{place}-{name}": text
        for place, where in enumerate(("stock", "wip", "transit", "customer", "similar"))
        for name, text in (("location", where), ("answer", "none"), ("words", "looked"))
    }
    answer = client.post(form, {**rows, "version": ncr.header.version, "back": "/tasks"})
    assert answer["Location"] == "/tasks"


def test_a_row_that_is_left_empty_is_no_hindrance(ncr: Nonconformance) -> None:
    page = client_of(somebody("inspector")).get(f"/records/nonconformance/{ncr.pk}/moves/contain").content
    areas = re.findall(r'<textarea[^>]*name="locations-\d-words"[^>]*>', page.decode())
    assert len(areas) == 5
    assert [area for area in areas if "required" in area] == []


def test_a_form_begins_with_what_its_address_says(site: Site) -> None:
    made = nonconformance_in("contained", site=site, staff=make_staff(site, now=now()), now=now())
    page = client_of(somebody("quality_manager")).get(
        f"/records/nonconformance/{made.pk}/moves/review?function=quality&back=//evil.example"
    )
    assert b'<option value="quality" selected>' in page.content
    assert b"evil" not in page.content


def test_what_the_plant_knows_is_not_typed_again(site: Site) -> None:
    staff = make_staff(site, now=now())
    first, second = (nonconformance_in("dispositioned", site=site, staff=staff, now=now()) for _ in range(2))
    assert next_line(first) == {"line": 1, "quantity": Decimal(12)}
    assert triage(second)["ground"] == "risk"
    Nonconformance.objects.update(characteristic="CHR-HAL-26-0001")
    second.refresh_from_db()
    assert triage(second) == {
        "needed": True, "ground": "recurrence", "why": f"Again within 60 days: {first.header.number}",
    }  # fmt: skip
    Nonconformance.objects.update(severity="minor", characteristic="")
    second.refresh_from_db()
    assert triage(second) == {}


def test_a_step_that_lacks_a_field_leads_to_the_form_that_has_it(site: Site) -> None:
    made = nonconformance_in("draft", site=site, staff=make_staff(site, now=now()), now=now(), severity="")
    client = client_of(somebody("inspector"))
    place = f"/records/nonconformance/{made.pk}"
    answer = client.post(f"{place}/moves/report", {"version": 1, "back": "/desk"})
    form = f"{place}/edit?back=%2Fdesk"
    assert (answer.status_code, answer["Location"]) == (302, form)
    page = client.get(form).content.decode()
    assert "Report: this is still missing." in page
    assert "&#x27;Severity&#x27; is not filled in." in page
    assert "Store it, then: Report" in page
    own = client.get(place).content.decode()
    assert f'href="{place}/edit"' in own.partition("Next steps")[2]
    assert "Fill in what is missing" in own
    assert client.post(f"{place}/moves/report.json", {"version": 1}).status_code == 409
    inside = client.post(f"{place}/moves/report", {"version": 1}, headers={"HX-Request": "true"})
    assert (inside.status_code, inside["HX-Redirect"]) == (204, f"{place}/edit?back={quote(place, safe='')}")


def test_an_inspector_who_finds_nothing_discards_the_draft(site: Site) -> None:
    made = nonconformance_in("draft", site=site, staff=make_staff(site, now=now()), now=now())
    client, place = client_of(somebody("inspector")), f"/records/nonconformance/{made.pk}/moves"
    assert client.post(f"{place}/discard", {"version": 1}).status_code == 409
    assert client.post(f"{place}/discard", {"version": 1, "reason": "in order"}).status_code == 302
    made.header.refresh_from_db()
    assert (made.header.state, made.header.category) == ("void", "void")
