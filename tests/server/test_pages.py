"""Pages and their JSON twins: same data, same rights, strict headers, every refusal in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.people.roles import ROLES
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Entry, Header
from gemba.server.identity import asking, forget, identify
from server.conftest import PASSWORD, SECRET, SETUP, actor, client_of, make_person, now

SETUP_ADMIN = Actor("person", "person:0", "admin", frozenset({("access_administrator", "*")}))
pytestmark = pytest.mark.django_db
PAGES = (
    "/", "/me", "/tasks", "/search?q=bore", "/loop", "/loop/failed", "/trail", "/people", "/people/tokens",
    "/sites", "/charts", "/quarantine", "/records/characteristic", "/records/signal", "/records/limit-set",
    "/records/nonconformance", "/records/characteristic?as_of=2026-01-01", "/records/characteristic/new",
    "/upload",
)  # fmt: skip


@pytest.fixture
def everybody(people: dict[str, Person]) -> Client:
    return client_of(make_person("all", *ROLES))


@pytest.fixture
def stream(people: dict[str, Person], characteristic: Characteristic) -> int:
    sender = actor(people["operator"])
    number = str(characteristic.header.number)
    readings = [
        Reading(source="g", sequence=i, characteristic=number, text=f"10.0{i % 5}", stream={"machine": "M1"})
        for i in range(30)
    ]
    readings.append(Reading(source="g", sequence=99, characteristic="CHR-HAL-26-9999", text="1"))
    loop.receive(readings, actor=sender, now=now())
    from gemba.quality.control.monitoring.queries import streams_of

    return streams_of(characteristic.header.id)[0]


def test_every_page_answers_with_the_strict_headers(
    everybody: Client, stream: int, characteristic: Characteristic
) -> None:
    more = (f"/charts/{stream}", f"/charts/{stream}/side", f"/records/characteristic/{characteristic.pk}")
    for page in (*PAGES, *more):
        answer = everybody.get(page)
        assert answer.status_code == 200, page
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cache-Control"] == "no-store"
        body = answer.content.decode()
        assert "<style" not in body
        assert " style=" not in body
        assert "<script>" not in body
        assert " onclick=" not in body


def test_a_page_and_its_twin_hold_the_same_records(everybody: Client, characteristic: Characteristic) -> None:
    page = everybody.get("/records/characteristic").content.decode()
    twin = everybody.get("/records/characteristic.json").json()
    assert [row["number"] for row in twin["rows"]] == [characteristic.header.number]
    assert str(characteristic.header.number) in page
    one = everybody.get(f"/records/characteristic/{characteristic.pk}.json").json()
    assert one["header"]["fields"][0]["value"] == characteristic.header.number
    assert {"versions", "trail", "moves", "links", "remarks", "attachments"} <= one.keys()


def test_a_filter_that_is_not_known_is_refused_in_words(
    everybody: Client, characteristic: Characteristic
) -> None:
    answer = everybody.get("/records/characteristic.json?colour=red")
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["reasons"][0]["code"] == "records.filter_unknown"


def test_a_site_sees_its_own_records_only(people: dict[str, Person], characteristic: Characteristic) -> None:
    from gemba.quality.people.sites import create_site

    other = create_site(code="ULM", name="Ulm", zone="Europe/Berlin", actor=SETUP, now=now())
    stranger = services.create_person(username="uwe", name="Uwe", actor=SETUP, now=now())
    services.grant_role(person=stranger, role="engineer", site=other, actor=SETUP, now=now())
    client = client_of(stranger)
    assert client.get("/records/characteristic.json").json()["rows"] == []
    assert client.get(f"/records/characteristic/{characteristic.pk}.json").status_code == 404
    assert client.get("/records/characteristic.json?as_of=2030-01-01").json()["rows"] == []
    assert client.get("/search.json?q=bore").json()["found"] == []
    assert client.get("/charts.json").json()["charts"] == []


def test_the_plant_as_it_was(everybody: Client, characteristic: Characteristic) -> None:
    before = everybody.get(f"/records/characteristic/{characteristic.pk}.json?as_of=2020-01-01")
    assert before.status_code == 404
    first = everybody.get(f"/records/characteristic/{characteristic.pk}.json?version=1").json()
    assert (first["version"], first["header"]["state"]) == (1, "draft")
    later = everybody.get("/records/characteristic.json?as_of=2030-01-01").json()
    assert later["rows"][0]["header"]["state"] == "released"
    assert everybody.get("/records/characteristic.json?as_of=2020-01-01").json()["rows"] == []
    page = everybody.get(f"/records/characteristic/{characteristic.pk}?version=1").content.decode()
    assert "9.9" in page
    assert "Back to now" in page


def test_a_move_is_refused_with_every_reason_and_the_refusal_is_kept(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    client = client_of(people["reader"])
    address = f"/records/characteristic/{characteristic.pk}/moves/retire"
    answer = client.post(address + ".json", {"reason": ""})
    assert answer.status_code == 409
    assert {"records.role_missing", "records.reason_missing"} <= {r["code"] for r in answer.json()["reasons"]}
    assert Entry.objects.filter(action="refused:move:retire").exists()


def test_who_edits_an_old_version_is_shown_both(people: dict[str, Person], everybody: Client) -> None:
    client = client_of(people["engineer"])
    client.post("/records/characteristic/new", {"site": "HAL", "name": "Length", "unit": "mm"})
    made = Header.objects.get(title="Length")
    address = f"/records/characteristic/{made.pk}/edit.json"
    assert client.post(address, {"name": "Length A", "version": 1}).status_code == 302
    answer = client.post(address, {"name": "Length B", "version": 1})
    assert answer.status_code == 409
    fields = answer.json()["conflict"]["fields"]
    assert {"field": "name", "yours_began_at": "Length", "now": "Length A"} in fields


def test_a_form_without_its_token_is_refused(people: dict[str, Person]) -> None:
    client = client_of(people["access_administrator"], enforce_csrf_checks=True)
    for address in ("/people", "/people/tokens", "/me", "/upload", "/quarantine"):
        assert client.post(address, {"name": "x"}).status_code == 403, address
    answer = client.post(
        "/api/v1/tasks/1/done", json.dumps({"evidence": "x"}), content_type="application/json"
    )
    assert answer.status_code == 403


def test_the_first_administrator_comes_in_once_by_the_link(db: None) -> None:
    from gemba.server.opening import first_link

    secret = first_link(now=now())
    client = Client()
    typed = {
        "name": "Ada",
        "site": "hal",
        "site_name": "Halle",
        "zone": "Europe/Berlin",
        "password": PASSWORD,
    }
    assert client.post(f"/setup/{secret}", typed | {"password": "short"}).status_code == 409
    assert client.post(f"/setup/{secret}", typed | {"works": "on"}).status_code == 302
    assert client.get(f"/setup/{secret}").status_code == 404
    assert first_link(now=now()) is None
    signed = client.post("/account/login", {"login": "admin", "password": PASSWORD})
    assert signed.status_code == 302
    assert client.get("/").status_code == 200
    assert Entry.objects.filter(action="login").exists()


def test_nobody_signs_up_alone_and_guessing_is_slowed_down(people: dict[str, Person]) -> None:
    client = Client()
    client.post("/account/signup", {"username": "eve", "password1": PASSWORD})
    assert not Person.objects.filter(username="eve").exists()
    codes = [
        client.post("/account/login", {"login": "engineer", "password": f"guess-{i}"}).status_code
        for i in range(6)
    ]
    again = client.post("/account/login", {"login": "engineer", "password": PASSWORD})
    assert again.status_code != 302
    assert codes[0] == 200
    assert Entry.objects.filter(action="login.failed").count() >= 5


def test_a_disabled_person_is_out_at_once(people: dict[str, Person]) -> None:
    client = client_of(people["engineer"])
    assert client.get("/me").status_code == 200
    admin = actor(people["access_administrator"])
    services.disable_person(person=people["engineer"], reason="left", actor=admin, now=now())
    forget()
    assert client.get("/me").status_code == 302
    assert identify(session=client.cookies["gemba"].value) is None


def test_a_right_that_was_taken_works_no_longer_than_a_second(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [0.0]
    monkeypatch.setattr(asking, "monotonic", lambda: moment[0])
    key = client_of(people["engineer"]).cookies["gemba"].value
    before = identify(session=key)
    assert before is not None
    assert before.actor.grants
    services.revoke_role(grant=people["engineer"].grants.get(), actor=SETUP_ADMIN, now=now())
    moment[0] = 1.0
    after = identify(session=key)
    assert after is not None
    assert not after.actor.grants


def test_a_signed_move_asks_for_the_signature(
    people: dict[str, Person], characteristic: Characteristic, stream: int
) -> None:
    from gemba.quality.control.monitoring.models import LimitSet
    from gemba.quality.control.monitoring.services import run_due

    run_due(now())
    proposed = LimitSet.objects.get()
    approver = people["approver"]
    services.check_identity(person=approver, how="seen", actor=SETUP, now=now())
    services.record_training(person=approver, training="Signing", actor=SETUP, now=now())
    services.accept_signing(person=approver, secret=SECRET, actor=actor(approver), now=now())
    client = client_of(approver)
    address = f"/records/limit-set/{proposed.pk}/moves/approve"
    typed = {"valid_from": "2026-11-01T00:00", "why": "first study", "version": 1}
    without = client.post(address + ".json", typed)
    assert "records.signature_missing" in {reason["code"] for reason in without.json()["reasons"]}
    wrong = client.post(address + ".json", typed | {"secret": "wrong", "identifier": "approver"})
    assert "signing.wrong" in {reason["code"] for reason in wrong.json()["reasons"]}
    right = client.post(address, typed | {"secret": SECRET, "identifier": "approver"})
    assert right.status_code == 302
    page = client.get(f"/records/limit-set/{proposed.pk}").content.decode()
    assert "Approver" in page
    figure = client.get(f"/charts/{proposed.stream}/figure.json").json()
    assert figure["spec"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/")


def test_quarantine_is_mended_and_released(
    people: dict[str, Person], characteristic: Characteristic, stream: int
) -> None:
    client = client_of(people["quality_manager"])
    waiting = client.get("/quarantine.json").json()["waiting"]
    assert waiting[0]["reasons"][0]["text"]
    typed = {
        "what": "release",
        "quarantined": waiting[0]["id"],
        "characteristic": characteristic.header.number,
        "text": "10.01",
        "stream": "machine=M1",
        "reason": "typing error",
    }
    assert client.post("/quarantine", typed).status_code == 302
    assert client.get("/quarantine.json").json()["waiting"] == []


def test_quarantine_is_decided_by_the_api_too(
    people: dict[str, Person], characteristic: Characteristic, stream: int
) -> None:
    client = client_of(people["inspector"])
    waiting = client.get("/api/v1/quarantine").json()["waiting"]
    assert waiting == client.get("/quarantine.json").json()["waiting"]
    place = f"/api/v1/quarantine/{waiting[0]['id']}"
    body: dict[str, Any] = {"characteristic": characteristic.header.number, "reason": "typing error"}
    kind: dict[str, Any] = {"content_type": "application/json"}
    refused = client.post(f"{place}/release", body | {"text": "no number"}, **kind)
    assert (refused.status_code, len(refused.json()["reasons"]) > 0) == (409, True)
    assert client.post(f"{place}/release", body | {"colour": "red"}, **kind).status_code == 422
    mended = body | {"text": "10.01", "stream": {"machine": "M1"}}
    assert client.post(f"{place}/release", mended, **kind).json()["decided"] == "released"
    assert client.get("/api/v1/quarantine").json() == {"waiting": [], "after": None}
    again = client.post(f"{place}/discard", {"reason": "nonsense"}, **kind)
    assert again.status_code == 409


def test_a_file_is_proposed_sent_and_balanced(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_of(people["operator"])
    text = "Machine;Bore (mm)\nM1;10,01\nM1;10,02\nM2;abc\nM2;9,99\n"
    given = SimpleUploadedFile("bores.csv", text.encode(), "text/csv")
    answer = client.post("/upload", {"file": given})
    assert answer.status_code == 302
    place = answer["Location"]
    assert b"Bore" in client.get(place).content
    sent = client.post(place, {"what": "send"})
    assert b"control total" in sent.content.lower()
    assert b"30.02" in sent.content
    again = client.post(place, {"what": "send"})
    assert b"3 of all had been sent before" in again.content
    assert b"abc" in client.get(place + "/refused.csv").content


def test_links_remarks_and_files_are_added_to_a_record(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_of(people["engineer"])
    place = f"/records/characteristic/{characteristic.pk}"
    assert client.post(place + "/add", {"what": "remark", "text": "Look at burrs"}).status_code == 302
    file = SimpleUploadedFile("note.txt", b"burrs", "text/plain")
    assert client.post(place + "/add", {"what": "attachment", "file": file}).status_code == 302
    found = client.get(place + ".json").json()
    assert found["remarks"][0]["text"] == "Look at burrs"
    download = client.get(f"/files/{found['attachments'][0]['id']}")
    assert download.content == b"burrs"
    assert "attachment" in download["Content-Disposition"]
    assert "sandbox" in download["Content-Security-Policy"]
