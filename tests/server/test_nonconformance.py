"""A nonconformance by its pages: forms begin with what is proposed, empty rows say nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from gemba.quality.control.nonconformance.factory import Staff, make_staff, nonconformance_in
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.control.nonconformance.record import NONCONFORMANCE
from gemba.quality.people.models import Person
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Site
from server.conftest import client_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(site: Site) -> Staff:
    return make_staff(site, now=NOW)


def client(actor: Actor) -> Client:
    return client_of(Person.objects.get(pk=int(actor.id.removeprefix("person:"))))


def path(ncr: Nonconformance, move: str) -> str:
    return f"/records/nonconformance/{ncr.pk}/moves/{move}"


def rows(name: str, *lines: dict[str, str]) -> dict[str, str]:
    return {f"{name}-{place}-{key}": text for place, line in enumerate(lines) for key, text in line.items()}


def test_a_row_with_nothing_but_its_choice_is_left_out(site: Site, staff: Staff) -> None:
    ncr = nonconformance_in("under_review", site=site, staff=staff, now=NOW)
    empty = {"quantity": "", "decision": "rework", "reason": "", "instruction": "", "serials": ""}
    typed = rows(
        "lines", empty | {"quantity": "12", "decision": "scrap", "reason": "too large"}, empty, empty
    )
    answer = client(staff.engineer).post(path(ncr, "propose"), typed | {"reason": "as talked over"})
    assert answer.status_code == 302
    assert [(row.decision, row.quantity) for row in ncr.lines.all()] == [("scrap", 12)]


def test_the_form_of_the_decision_begins_with_what_is_proposed_not_with_what_was_done(
    site: Site, staff: Staff
) -> None:
    ncr = nonconformance_in("in_execution", site=site, staff=staff, now=NOW)
    engineer = client(staff.engineer)
    assert engineer.post(path(ncr, "review_again"), {"reason": "more of it"}).status_code == 302
    page = engineer.get(path(ncr, "propose")).content.decode()
    assert "cannot be reworked" not in page


def test_what_is_answered_on_the_page_contains_it(site: Site, staff: Staff) -> None:
    ncr = nonconformance_in("reported", site=site, staff=staff, now=NOW)
    inspector = client(staff.inspector)
    page = inspector.get(path(ncr, "answer_location")).content.decode()
    assert page.count("<tr>") >= 5
    places = ("stock", "wip", "transit", "customer", "similar")
    lines = [{"location": place, "answer": "none", "words": "looked", "quantity": ""} for place in places]
    assert inspector.post(path(ncr, "answer_location"), rows("locations", *lines)).status_code == 302
    assert inspector.post(path(ncr, "contain"), {}).status_code == 302
    ncr.header.refresh_from_db()
    assert ncr.header.state == "contained"


def test_a_step_that_the_state_does_not_have_says_so_and_what_is_open(site: Site, staff: Staff) -> None:
    ncr = nonconformance_in("reported", site=site, staff=staff, now=NOW)
    answer = client(staff.inspector).get(path(ncr, "close"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This step is not possible while the record is &#x27;Reported&#x27;." in page
    assert path(ncr, "contain") in page
    told = client(staff.inspector).get(path(ncr, "close") + ".json").json()
    assert ([item["name"] for item in told["open"]], told["reasons"][0]["code"]) == (
        [item.name for item in NONCONFORMANCE.lifecycle.moves if path(ncr, item.name) in page],
        "records.wrong_state",
    )
    assert client(staff.inspector).get(path(ncr, "dance")).status_code == 404
