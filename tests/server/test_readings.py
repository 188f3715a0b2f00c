"""One reading on its page: what was sent, what was said later; typed, corrected and voided by people."""

from __future__ import annotations

import pytest
from django.test import Client

from gemba.quality import loop
from gemba.quality.control.collecting.models import StoredReading, Waiting
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.people.models import Person
from gemba.quality.planning.products.models import Characteristic
from server.conftest import actor, client_of, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(people: dict[str, Person]) -> dict[str, Client]:
    return {role: client_of(person) for role, person in people.items()}


@pytest.fixture
def stored(people: dict[str, Person], characteristic: Characteristic) -> StoredReading:
    made = Reading(
        source="g", sequence=1, characteristic=str(characteristic.header.number), text="10.01",
        stream={"machine": "M=1"}, lot="L-1",
    )  # fmt: skip
    loop.receive([made], actor=actor(people["operator"]), now=now())
    return StoredReading.objects.get()


def amend(client: Client, reading: int, kind: str, text: str = "", note: str = "typed wrongly") -> int:
    answer = client.post(f"/readings/{reading}.json", {"kind": kind, "text": text, "note": note})
    return int(answer.status_code)


def test_it_is_shown_as_it_was_sent_and_its_twin_says_the_same(
    clients: dict[str, Client], stored: StoredReading
) -> None:
    page = clients["reader"].get(f"/readings/{stored.pk}").content.decode()
    assert "10.01 mm" in page or "10.01" in page
    assert "L-1" in page
    assert "Amend it" not in page
    twin = clients["reader"].get(f"/readings/{stored.pk}.json").json()
    assert (twin["text"], twin["verdict"], twin["source"], twin["sequence"]) == ("10.01", "conform", "g", 1)
    assert clients["reader"].get("/readings/99").status_code == 404
    chart = clients["reader"].get(f"/charts/{stored.stream_id}").content.decode()
    assert f"/readings/{stored.pk}" in chart


def test_it_is_corrected_and_the_first_value_stays(clients: dict[str, Client], stored: StoredReading) -> None:
    assert amend(clients["inspector"], stored.pk, "correction", "10.02") == 302
    twin = clients["inspector"].get(f"/readings/{stored.pk}.json").json()
    assert twin["text"] == "10.01"
    assert [(item["kind"], item["text"], item["note"]) for item in twin["amendments"]] == [
        ("correction", "10.02", "typed wrongly")
    ]


def test_a_void_waits_for_a_second_person(clients: dict[str, Client], stored: StoredReading) -> None:
    assert amend(clients["inspector"], stored.pk, "void") == 302
    assert not clients["reader"].get(f"/readings/{stored.pk}.json").json()["void"]
    waiting = Waiting.objects.get().pk
    decide = {"quarantined": waiting, "what": "release", "reason": "seen"}
    assert clients["inspector"].post("/quarantine.json", decide).status_code == 409
    assert clients["quality_manager"].post("/quarantine", decide).status_code == 302
    twin = clients["reader"].get(f"/readings/{stored.pk}.json").json()
    assert twin["void"]
    assert "A void reading is finished" in clients["inspector"].get(f"/readings/{stored.pk}").content.decode()


@pytest.mark.parametrize(
    ("role", "kind", "note", "code"),
    [
        ("operator", "correction", "why", "records.role_missing"),
        ("inspector", "colour", "why", "collecting.kind_unknown"),
        ("inspector", "correction", " ", "collecting.note_missing"),
    ],
)
def test_who_may_not_or_says_no_reason_is_refused_at_once(
    clients: dict[str, Client], stored: StoredReading, role: str, kind: str, note: str, code: str
) -> None:
    typed = {"kind": kind, "text": "10.02", "note": note}
    answer = clients[role].post(f"/readings/{stored.pk}.json", typed)
    assert [reason["code"] for reason in answer.json()["reasons"]] == [code]
    assert StoredReading.objects.count() == 1
    assert not Waiting.objects.exists()


def test_a_person_types_a_reading_beside_the_chart(clients: dict[str, Client], stored: StoredReading) -> None:
    chart = f"/charts/{stored.stream_id}"
    assert (
        clients["operator"].post(chart, {"what": "reading", "text": "10.03", "lot": "L-2"}).status_code == 302
    )
    made = StoredReading.objects.latest("id")
    assert (made.stream_id, made.text, made.lot, made.source[:5]) == (
        stored.stream_id,
        "10.03",
        "L-2",
        "hand ",
    )
    clients["operator"].post(chart, {"what": "reading", "text": "ten"})
    assert Waiting.objects.count() == 1
    assert clients["operator"].post(f"{chart}.json", {"what": "dance"}).status_code == 409
