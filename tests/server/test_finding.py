"""The command palette and the search: pages, what can be made, records; a number leads to its record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gemba.quality.people.models import Person
from gemba.quality.planning.products.models import Characteristic
from server.conftest import client_of

pytestmark = pytest.mark.django_db
MOST_QUESTIONS = 12


def found(person: Person, words: str) -> list[tuple[str, str]]:
    entries = client_of(person).get("/find.json", {"q": words}).json()["found"]
    return [(item["kind"], item["number"] or item["label"]) for item in entries]


def test_pages_and_records_are_found_by_beginnings(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    number = str(characteristic.header.number)
    assert found(people["engineer"], "cha") == [
        ("page", "Charts"),
        ("page", "Characteristics"),
        ("make", "New characteristic"),
    ]
    assert found(people["engineer"], "new char") == [("make", "New characteristic")]
    assert found(people["engineer"], "bor") == [("Characteristic", number)]
    assert found(people["engineer"], number.lower())[0] == ("Characteristic", number)
    assert found(people["engineer"], "zebra") == []


def test_nobody_finds_what_he_may_not_open(people: dict[str, Person], characteristic: Characteristic) -> None:
    assert ("make", "New characteristic") not in found(people["reader"], "")
    assert ("page", "People") not in found(people["reader"], "")
    administrator = found(people["access_administrator"], "")
    assert ("page", "People") in administrator
    assert ("page", "Charts") not in administrator
    assert found(people["access_administrator"], "bore") == []


def test_a_whole_number_on_the_search_page_leads_to_its_record(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    client, number = client_of(people["reader"]), str(characteristic.header.number)
    answer = client.get("/search", {"q": f" {number.lower()} "})
    assert answer["Location"] == f"/records/characteristic/{characteristic.pk}"
    assert client.get("/search.json", {"q": number}).json()["found"][0]["number"] == number
    assert b"Bore" in client.get("/search", {"q": number[:-1]}).content
    with CaptureQueriesContext(connection) as asked:
        client.get("/find.json", {"q": "bore"})
    assert len(asked) <= MOST_QUESTIONS
