"""The API: the same refusals as the pages, versions that are named, requests that are done once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from gemba.quality.control.nonconformance.factory import make_staff, nonconformance_in
from gemba.quality.people.models import Person
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.models import Header, Site, Version
from server.conftest import client_of, now

pytestmark = pytest.mark.django_db
BASE = "/api/v1/records/characteristic"


@pytest.fixture
def engineer(people: dict[str, Person]) -> Client:
    return client_of(people["engineer"])


def post(client: Client, address: str, body: Any, **headers: str) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def patch(client: Client, address: str, body: Any, **headers: str) -> Any:
    return client.patch(address, json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def made(engineer: Client) -> Any:
    answer = post(engineer, BASE, {"site": "HAL", "fields": {"name": "Length", "unit": "mm", "usl": "10.5"}})
    assert answer.status_code == 201, answer.content
    return answer


def test_a_record_is_made_read_and_changed_by_its_version(engineer: Client, made: Any) -> None:
    address = f"{BASE}/{made.json()['id']}"
    read = engineer.get(address)
    assert read["ETag"] == '"1"' == made["ETag"]
    body = {"fields": {"usl": "10.6"}, "reason": "drawing B"}
    assert patch(engineer, address, body).status_code == 428
    changed = patch(engineer, address, body, **{"If-Match": read["ETag"]})
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    stale = patch(engineer, address, {"fields": {"usl": "10.7"}}, **{"If-Match": read["ETag"]})
    assert stale.status_code == 412
    problem = stale.json()
    assert (problem["edited"]["usl"], problem["stored"]["usl"]) == ("10.5", "10.6")
    assert stale["Content-Type"] == "application/problem+json"


def test_a_request_with_a_key_is_done_once(engineer: Client, site: Site) -> None:
    body = {"site": "HAL", "fields": {"name": "Width", "unit": "mm", "usl": "5"}}
    first = post(engineer, BASE, body, **{"Idempotency-Key": "k1"})
    second = post(engineer, BASE, body, **{"Idempotency-Key": "k1"})
    other = post(engineer, BASE, body | {"site": "ULM"}, **{"Idempotency-Key": "k1"})
    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 422)
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert Header.objects.filter(title="Width").count() == 1


def test_a_refusal_under_a_key_is_the_answer_too(engineer: Client, made: Any) -> None:
    address = f"{BASE}/{made.json()['id']}/moves/release"
    first, second = (post(engineer, address, {}, **{"Idempotency-Key": "r"}) for _ in range(2))
    assert first.status_code == second.status_code == 409
    codes = {reason["code"] for reason in first.json()["reasons"]}
    assert {"records.role_missing", "records.own_work"} <= codes
    assert all(reason["text"] for reason in first.json()["reasons"])


def test_what_is_not_declared_cannot_be_set(engineer: Client, made: Any) -> None:
    address = f"{BASE}/{made.json()['id']}"
    for name in ("state", "number", "version", "originator", "header", "id", "category"):
        answer = patch(engineer, address, {"fields": {name: "released"}}, **{"If-Match": '"1"'})
        assert answer.status_code in (409, 422), name
    assert Version.objects.filter(header_id=made.json()["id"]).count() == 1


def test_a_reader_changes_nothing(people: dict[str, Person], made: Any) -> None:
    reader = client_of(people["reader"])
    address = f"{BASE}/{made.json()['id']}"
    assert reader.get(address).status_code == 200
    body = {"fields": {"usl": "1"}}
    assert patch(reader, address, body, **{"If-Match": '"1"'}).status_code == 409
    assert post(reader, f"{BASE}/{made.json()['id']}/moves/discard", {"reason": "x"}).status_code == 409
    assert post(reader, f"/api/v1/records/{made.json()['id']}/tasks",
                {"text": "x", "assignee": "role:engineer"}).status_code == 409  # fmt: skip


def test_a_token_reads_and_may_not_change(token: str, made: Any) -> None:
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get(f"{BASE}/{made.json()['id']}").status_code == 200
    refused = patch(client, f"{BASE}/{made.json()['id']}", {"fields": {"usl": "1"}}, **{"If-Match": '"1"'})
    assert refused.status_code == 409
    assert Client(headers={"Authorization": "Bearer gmb_wrong"}).get(BASE).status_code == 401


def test_links_tasks_remarks_and_search(engineer: Client, made: Any, characteristic: Characteristic) -> None:
    identity = made.json()["id"]
    place = f"/api/v1/records/{identity}"
    link = {"relation": "supersedes", "target": characteristic.header.number, "why": "replaced"}
    assert post(engineer, f"{place}/links", link).status_code == 201
    asked = post(engineer, f"{place}/tasks", {"text": "Look", "assignee": "role:engineer", "due_minutes": 60})
    assert asked.status_code == 201
    listed = engineer.get("/api/v1/tasks").json()["tasks"]
    assert "Look" in [task["text"] for task in listed]
    done = post(engineer, f"/api/v1/tasks/{asked.json()['id']}/done", {"evidence": "seen"})
    assert done.status_code == 200
    assert post(engineer, f"{place}/remarks", {"text": "Burrs"}).status_code == 201
    assert engineer.get(f"{place}/remarks").json()["remarks"][0]["text"] == "Burrs"
    found = engineer.get("/api/v1/search?q=length").json()["found"]
    assert [hit["id"] for hit in found] == [identity]


def test_the_list_pages_by_a_mark(engineer: Client, site: Site) -> None:
    for number in range(5):
        post(engineer, BASE, {"site": "HAL", "fields": {"name": f"C{number}", "unit": "mm", "usl": "1"}})
    seen: list[int] = []
    after = ""
    for _ in range(3):
        page = engineer.get(f"{BASE}?limit=2&after={after}").json()
        seen += [row["id"] for row in page["rows"]]
        after = page["after"] or ""
    assert len(seen) == len(set(seen)) == 5
    assert after == ""


def test_the_description_names_every_operation(engineer: Client) -> None:
    described = engineer.get("/api/v1/openapi.json").json()
    lists = [item for path in described["paths"].values() for item in path.values()]
    assert all("own-KEY" in item["description"] for item in lists if item["operationId"] == "list_capa")
    assert described["openapi"].startswith("3.1")
    operations = {item["operationId"] for path in described["paths"].values() for item in path.values()}
    wanted = {"list_characteristic", "create_characteristic", "change_characteristic"}
    wanted |= {"release_characteristic", "approve_limit-set", "close_signal", "close_nonconformance"}
    assert wanted <= operations
    body = described["components"]["schemas"]["CharacteristicIn"]
    assert body["additionalProperties"] is False
    assert "name" in body["required"]


def test_a_body_that_is_no_json_is_the_senders_fault(engineer: Client, made: Any) -> None:
    for body in ("", "{", "[]", '{"site": 1}', '{"site": "HAL", "fields": {"name": null}}'):
        answer = engineer.post(BASE, body, content_type="application/json")
        assert 400 <= answer.status_code < 500, body


def test_a_method_that_is_not_taken_is_answered_with_those_that_are(engineer: Client, made: Any) -> None:
    for method, address, allowed in (
        ("delete", f"{BASE}/{made.json()['id']}", {"GET", "PATCH"}),
        ("patch", BASE, {"GET", "POST"}),
        ("get", f"{BASE}/1/moves/release", {"POST"}),
        ("put", "/records/characteristic", {"GET", "HEAD"}),
        ("options", "/people", {"GET", "HEAD", "POST"}),
    ):
        answer = getattr(engineer, method)(address)
        assert answer.status_code == 405, (method, address)
        assert set(answer["Allow"].split(", ")) == allowed
        if address.startswith("/api/"):
            assert answer["Content-Type"] == "application/problem+json"


def test_digits_that_are_no_number_and_numbers_without_end_are_nothing(engineer: Client, made: Any) -> None:
    for text in ("²", "٣", "9" * 400, "-1", "1e3"):
        assert engineer.get(f"{BASE}/{text}").status_code in (404, 422)
        stale = patch(engineer, f"{BASE}/{made.json()['id']}", {"fields": {}}, **{"If-Match": text})
        assert stale.status_code in (412, 428), text
        for page in ("/charts.json", "/trail.json", "/quarantine.json", "/records/characteristic.json"):
            assert engineer.get(page, {"after": text}).status_code in (200, 403, 409), (page, text)
        assert (
            engineer.get("/records/characteristic.json", {"as_of": "2026-03-01", "after": text}).status_code
            == 200
        )
    late = engineer.get("/records/nonconformance.json", {"found_at.to": "9999-12-31"})
    assert (late.status_code, late.json()["reasons"][0]["code"]) == (409, "records.not_date")


def test_no_text_may_hold_what_a_database_cannot_keep(engineer: Client, made: Any) -> None:
    assert engineer.get("/search.json", {"q": "a\x00b"}).status_code == 400
    assert engineer.get(f"{BASE}/a%00b").status_code == 400
    assert engineer.post("/records/characteristic/new", {"site": "HAL", "name": "a\x00"}).status_code == 400
    for body in ({"site": "HAL\x00", "fields": {"name": "x"}}, {"site": "HAL", "fields": {"name": "x\x00"}}):
        assert post(engineer, BASE, body).status_code == 422


def test_what_cannot_be_read_harms_no_guard(site: Site) -> None:
    staff = make_staff(site, now=now())
    case = nonconformance_in("under_review", site=site, staff=staff, now=now())
    engineer = client_of(Person.objects.get(username="engineer"))
    place = f"/api/v1/records/nonconformance/{case.header.id}/moves"
    for lines in (None, "x", 7):
        answer = post(engineer, f"{place}/propose", {"fields": {"lines": lines}})
        assert answer.status_code in (409, 422), answer.content
    unread = {"line": 1, "quantity": "many", "evidence": "seen"}
    codes = {
        reason["code"] for reason in post(engineer, f"{place}/execute", {"fields": unread}).json()["reasons"]
    }
    assert codes == {"records.not_number", "records.wrong_state"}


def test_a_form_that_is_none_is_the_senders_fault(engineer: Client, token: str, made: Any) -> None:
    place = f"/api/v1/records/{made.json()['id']}/attachments"
    bearer = Client(headers={"Authorization": f"Bearer {token}"})
    for client in (engineer, bearer):
        answer = client.generic("POST", place, b"x", content_type="multipart/form-data")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
