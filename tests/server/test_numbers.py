"""Decimal commas: shown and taken in German, and nothing that says two things is guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from gemba.quality.control.collecting import queries as collecting
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.people.models import Person
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.given import TwoWays, Unfit, read_number
from gemba.quality.records.models import Header
from gemba.server.web.numbers import shown_number, typed_limit, typed_number
from gemba.stats.results import speaking
from server.conftest import client_of
from server.test_pages import stream  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("10,05", "10.05"),
        ("-0,125", "-0.125"),
        (",5", "0.5"),
        ("<0,05", "<0.05"),
        ("1,234", "1.234"),
        ("10.05", "10.05"),
        ("0.125", "0.125"),
        ("1234", "1234"),
        ("1.234,5", "1.234,5"),
        ("1,2,3", "1,2,3"),
        ("acht", "acht"),
    ],
)
def test_german_takes_a_comma_and_a_point_that_can_only_be_a_fraction(typed: str, read: str) -> None:
    with speaking("de"):
        found = typed_number(typed)
    assert (found, type(found)) == (read, str)


@pytest.mark.parametrize("typed", ["1.234", "12.500", "-1.000", "1.234.567", "999.999"])
def test_what_may_be_a_thousand_or_a_fraction_is_refused_in_german(typed: str) -> None:
    with speaking("de"):
        found = typed_number(typed)
    assert isinstance(found, TwoWays)
    with pytest.raises(Unfit) as unfit:
        read_number(found)
    assert unfit.value.code == "records.number_two_ways"


def test_english_takes_numbers_as_they_are_and_refuses_thousands_beside_a_file() -> None:
    assert typed_number("1.234") == "1.234"
    assert not isinstance(typed_number("1.234"), TwoWays)
    assert isinstance(typed_limit("1,234"), TwoWays)
    assert typed_limit("50,0") == "50.0"


def test_a_number_is_shown_with_the_sign_of_the_language() -> None:
    with speaking("de"):
        assert [shown_number(text) for text in ("10.050", "-1.5", "CHR-1.2", "1.2.3", 7)] == [
            "10,050", "-1,5", "CHR-1.2", "1.2.3", "7",
        ]  # fmt: skip
    assert shown_number("10.050") == "10.050"


def test_a_german_form_shows_commas_takes_them_and_keeps_what_it_refuses(
    people: dict[str, Person], site: object
) -> None:
    client = client_of(people["engineer"])
    typed = {"site": "HAL", "name": "Bohrung", "unit": "mm", "lsl": "9,95", "usl": "10,05", "decimals": "2"}
    made = client.post("/records/characteristic/new", typed, **GERMAN)  # type: ignore[arg-type]
    assert made.status_code == 302, made.content.decode()
    row = Characteristic.objects.get(name="Bohrung")
    assert (row.lsl, row.usl) == (Decimal("9.95"), Decimal("10.05"))
    page = client.get(f"{made['Location']}/edit", **GERMAN).content.decode()  # type: ignore[arg-type]
    assert 'value="9,95"' in page
    assert "9,95" in client.get(made["Location"], **GERMAN).content.decode()  # type: ignore[arg-type]
    refused = client.post("/records/characteristic/new", {**typed, "lsl": "9.950"}, **GERMAN)  # type: ignore[arg-type]
    assert refused.status_code == 409
    assert 'value="9.950"' in refused.content.decode()
    assert Header.objects.filter(type="characteristic").count() == 1


def test_a_reading_typed_by_hand_is_kept_with_a_point(
    people: dict[str, Person],
    stream: int,  # noqa: F811
) -> None:
    client: Client = client_of(people["operator"])
    before = collecting.counts_of_stream(stream).readings
    taken = client.post(f"/charts/{stream}", {"what": "reading", "text": "10,02"}, **GERMAN)  # type: ignore[arg-type]
    assert taken.status_code == 302
    assert collecting.latest_readings(stream, limit=1)[0].text == "10.02"
    refused = client.post(f"/charts/{stream}", {"what": "reading", "text": "10.020"}, **GERMAN)  # type: ignore[arg-type]
    assert refused.status_code == 409
    assert collecting.counts_of_stream(stream).readings == before + 1


def test_what_the_statistics_say_is_stored_in_english_whoever_asked(
    people: dict[str, Person],
    stream: int,  # noqa: F811
) -> None:
    client = client_of(people["engineer"])
    taken = client.post(f"/charts/{stream}", {"what": "propose", "why": "Neu"}, **GERMAN)  # type: ignore[arg-type]
    assert taken.status_code == 302, taken.content.decode()
    found = LimitSet.objects.latest("pk").found
    assert "chart" in found
    assert "Karte" not in found
