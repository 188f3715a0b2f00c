"""A list as a file: all its rows, the words of the page, the reader's rights; nothing in it runs."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from gemba.quality.control.nonconformance.factory import finding
from gemba.quality.control.nonconformance.services import open_nonconformance
from gemba.quality.people.models import Person
from gemba.quality.people.parties.inputs import PartyInput
from gemba.quality.people.parties.services import add_party
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.models import Site
from gemba.server.web.views import lists
from server.conftest import actor, client_of, make_person, now

pytestmark = pytest.mark.django_db
HOSTILE = '=HYPERLINK("http://x.example","bore")'


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode())))


def make_parties(people: dict[str, Person], site: Site, *titles: str) -> None:
    for title in titles:
        given = PartyInput(title=title, kind="customer")
        add_party(site=site, given=given, actor=actor(people["quality_manager"]), now=now())


def test_a_list_as_csv_holds_what_the_page_shows(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    answer = client_of(people["reader"]).get("/records/characteristic.csv")
    head, row = rows_of(answer)
    told = dict(zip(head, row, strict=True))
    assert told["Number"] == characteristic.header.number
    assert told["State"] == "Released"
    assert answer["Content-Disposition"].startswith('attachment; filename="characteristic-')


def test_all_rows_are_in_it_in_the_order_asked_for_and_none_that_a_filter_leaves_out(
    people: dict[str, Person], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_parties(people, site, *(f"Works {number}" for number in range(7)), "Elsewhere")
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    client = client_of(people["reader"])
    found = rows_of(client.get("/records/party.csv?kind=customer&q=Works&sort=-title&limit=2&after=ignored"))
    titles = [row[found[0].index("Name")] for row in found[1:]]
    assert titles == [f"Works {number}" for number in reversed(range(7))]


def test_a_text_that_a_spreadsheet_would_run_is_a_text(people: dict[str, Person], site: Site) -> None:
    make_parties(people, site, HOSTILE)
    client = client_of(people["reader"])
    assert f"'{HOSTILE}" in rows_of(client.get("/records/party.csv"))[1]
    book = load_workbook(io.BytesIO(client.get("/records/party.xlsx").content))
    cells = [cell for line in book.worksheets[0].iter_rows() for cell in line]
    assert {cell.data_type for cell in cells if cell.value == HOSTILE} == {"s"}
    assert "f" not in {cell.data_type for cell in cells}


def test_a_workbook_says_what_it_is_a_list_of(people: dict[str, Person], site: Site) -> None:
    make_parties(people, site, "Aquatec", "Other")
    answer = client_of(people["reader"]).get("/records/party.xlsx?q=Aqua")
    book = load_workbook(io.BytesIO(answer.content))
    page, about = book.worksheets
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in page["B"]] == ["Name", "Aquatec"]
    told = {str(row[0].value): str(row[1].value) for row in about.iter_rows()}
    assert told["List"] == "Parties"
    assert told["Filter"] == "q = Aqua"
    assert told["Rows"] == "1"
    assert told["By"] == "Reader"


def test_a_list_as_it_was(people: dict[str, Person], site: Site) -> None:
    before = now() - timedelta(minutes=1)
    make_parties(people, site, "Aquatec")
    client = client_of(people["reader"])
    assert len(rows_of(client.get("/records/party.csv", {"as_of": before.isoformat()}))) == 1
    later = (now() + timedelta(minutes=1)).isoformat()
    assert "Aquatec" in rows_of(client.get("/records/party.csv", {"as_of": later}))[1]


def test_a_moment_of_a_list_as_it_was_is_a_moment(people: dict[str, Person], site: Site) -> None:
    open_nonconformance(site=site, given=finding(now()), actor=actor(people["operator"]), now=now())
    later = (now() + timedelta(minutes=1)).isoformat()
    client = client_of(people["reader"])
    head, row = rows_of(client.get("/records/nonconformance.csv", {"as_of": later}))
    found = datetime.fromisoformat(dict(zip(head, row, strict=True))["Found"])
    assert abs(found - now()) < timedelta(days=2)
    assert (
        f"{found:%Y-%m-%d %H:%M}" in client.get("/records/nonconformance", {"as_of": later}).content.decode()
    )


def test_only_what_the_reader_may_see_is_in_it(people: dict[str, Person], site: Site) -> None:
    from gemba.quality.people import services
    from gemba.quality.people.sites import create_site
    from server.conftest import SETUP

    make_parties(people, site, "Aquatec")
    there = create_site(code="ULM", name="Ulm", zone="Europe/Berlin", actor=SETUP, now=now())
    other = make_person("other")
    services.grant_role(person=other, role="reader", site=there, actor=SETUP, now=now())
    client = client_of(other)
    assert len(rows_of(client.get("/records/party.csv"))) == 1
    assert len(rows_of(client.get("/records/party.csv", {"as_of": now().isoformat()}))) == 1
    assert client_of(make_person("none")).get("/records/party.csv").status_code == 403


def test_a_list_that_is_too_long_is_refused_in_words(
    people: dict[str, Person], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_parties(people, site, "A", "B", "C")
    monkeypatch.setattr(lists, "MOST_IN_FILE", 2)
    answer = client_of(people["reader"]).get("/records/party.csv")
    assert answer.status_code == 422
    assert "at most 2 rows" in answer.content.decode()


@pytest.mark.parametrize("path", ["/records/party.pdf", "/records/nothing.csv"])
def test_there_is_no_other_file(client: Client, people: dict[str, Person], path: str) -> None:
    assert client_of(people["reader"]).get(path).status_code == 404


def test_a_filter_that_is_not_known_is_refused(people: dict[str, Person]) -> None:
    assert client_of(people["reader"]).get("/records/party.csv?colour=red").status_code == 409
