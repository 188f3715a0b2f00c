"""How a plant is set up: fields of its own on every form and in the API, working time for due times."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from gemba.quality.people.calendars import due_after
from gemba.quality.people.models import Person
from gemba.quality.people.worktime import Shift, read_shifts, shifts_of
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.models import Entry, Header, Site
from gemba.quality.records.ownfields import own_values
from gemba.quality.records.trail import verify
from gemba.quality.records.work import read_detail
from server.conftest import client_of

pytestmark = pytest.mark.django_db
NEW = "/records/characteristic/new"


@pytest.fixture
def clients(people: dict[str, Person]) -> dict[str, Client]:
    return {role: client_of(person) for role, person in people.items()}


def define(client: Client, key: str, kind: str, **more: Any) -> Any:
    typed = {"type": "characteristic", "key": key, "label": key.capitalize(), "kind": kind} | more
    return client.post("/fields", typed)


def own(name: str) -> dict[str, Any]:
    return own_values(Header.objects.get(title=name))


def test_a_field_of_ones_own_stands_on_the_form_the_page_and_the_past(clients: dict[str, Client]) -> None:
    assert define(clients["quality_manager"], "melt", "text").status_code == 302
    assert define(clients["quality_manager"], "coated", "yes_no", required_at="released").status_code == 302
    engineer = clients["engineer"]
    form = engineer.get(NEW).content.decode()
    assert 'name="own-melt"' in form
    typed = {"site": "HAL", "name": "Length", "unit": "mm", "usl": "10"}
    engineer.post(NEW, typed | {"own-melt": "M-7", "own-coated": ""})
    assert own("Length") == {"melt": "M-7"}
    made = Header.objects.get(title="Length")
    path = f"/records/characteristic/{made.pk}"
    assert "M-7" in engineer.get(path).content.decode()
    engineer.post(f"{path}/edit", {"version": made.version, "own-melt": "M-8", "reason": "typed wrongly"})
    assert own("Length") == {"melt": "M-8"}
    past = engineer.get(f"{path}?version={made.version}").content.decode()
    assert "M-7" in past
    assert "M-8" not in past


def test_what_a_state_asks_for_is_asked_with_the_step_to_it(clients: dict[str, Client]) -> None:
    define(clients["quality_manager"], "coated", "yes_no", required_at="released")
    engineer, approver = clients["engineer"], clients["approver"]
    engineer.post(NEW, {"site": "HAL", "name": "Length", "unit": "mm", "usl": "10"})
    path = f"/records/characteristic/{Header.objects.get(title='Length').pk}/moves/release"
    assert 'name="own-coated"' in approver.get(path).content.decode()
    refused = approver.post(f"{path}.json", {"version": "1", "own-coated": ""})
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["records.field_missing"]
    assert approver.post(path, {"version": "1", "own-coated": "no"}).status_code == 302
    assert own("Length") == {"coated": False}


def test_a_value_that_does_not_fit_comes_back_with_the_form(clients: dict[str, Client]) -> None:
    define(clients["quality_manager"], "mass", "number")
    typed = {"site": "HAL", "name": "Length", "own-mass": "heavy"}
    answer = clients["engineer"].post(NEW, typed)
    assert answer.status_code == 409
    assert 'value="heavy"' in answer.content.decode()


def test_who_may_not_define_a_field_is_refused_and_that_is_kept(clients: dict[str, Client]) -> None:
    assert define(clients["engineer"], "melt", "text").status_code == 403
    assert "No field of your own yet" in clients["engineer"].get("/fields").content.decode()
    assert define(clients["quality_manager"], "Melt!", "colour").status_code == 409
    refused = Entry.objects.get(action="refused:ownfield")
    codes = [reason["code"] for reason in read_detail(refused.detail)["refused"]]
    assert codes == ["own.key_invalid", "own.kind_unknown"]


def test_a_field_is_retired_with_a_reason(clients: dict[str, Client]) -> None:
    manager = clients["quality_manager"]
    define(manager, "melt", "text")
    gone = {"what": "retire", "type": "characteristic", "key": "melt", "reason": "not used"}
    assert manager.post("/fields", gone).status_code == 302
    assert [row["retired"] for row in manager.get("/fields.json").json()["fields"]] == [True]
    assert "own-melt" not in clients["engineer"].get(NEW).content.decode()


def send(client: Client, path: str, body: Any, status: int = 200) -> Any:
    answer = client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_programs_define_set_and_retire_fields(
    clients: dict[str, Client], characteristic: Characteristic
) -> None:
    manager, inspector = clients["quality_manager"], clients["inspector"]
    field = {"type": "nonconformance", "key": "shift", "label": "Shift", "kind": "choice"}
    assert send(manager, "fields", field, 409)["reasons"][0]["code"] == "own.choices_missing"
    send(manager, "fields", field | {"choices": ["early", "late"]}, 201)
    body = {"site": "HAL", "fields": {"title": "Scratch"}, "own": {"shift": "noon"}}
    assert send(inspector, "records/nonconformance", body, 409)["reasons"][0]["code"] == "records.not_choice"
    made = send(inspector, "records/nonconformance", body | {"own": {"shift": "late"}}, 201)
    assert made["own"]["fields"][0]["value"] == "late"
    send(manager, "fields/retire", {"type": "nonconformance", "key": "shift", "reason": "no shifts"})
    listed = manager.get("/api/v1/fields").json()["fields"]
    assert [(item["key"], item["retired"]) for item in listed] == [("shift", True)]


def test_due_times_count_the_shifts_and_holidays_that_people_set(
    clients: dict[str, Client], site: Site
) -> None:
    admin = clients["system_administrator"]
    days = {f"day-{day}": "06:00-14:00" for day in range(5)}
    assert admin.post("/sites/HAL/calendar", days | {"what": "shifts"}).status_code == 302
    friday = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)  # 13:00 at the site
    assert due_after(site=site, start=friday, minutes=120) == datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
    holiday = {"what": "closure", "name": "Fair", "from": "2026-03-09T00:00", "until": "2026-03-10T00:00"}
    assert admin.post("/sites/HAL/calendar", holiday).status_code == 302
    assert due_after(site=site, start=friday, minutes=120) == datetime(2026, 3, 10, 6, 0, tzinfo=UTC)
    page = clients["operator"].get("/sites/HAL/calendar").content.decode()
    assert "06:00-14:00" in page
    assert "Fair" in page
    closure = clients["operator"].get("/sites/HAL/calendar.json").json()["closures"][0]["id"]
    admin.post("/sites/HAL/calendar", {"what": "drop", "closure": closure, "reason": "fair is off"})
    assert due_after(site=site, start=friday, minutes=120) == datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
    told = Entry.objects.filter(action__startswith="calendar.").values_list("action", flat=True)
    assert list(told) == ["calendar.shifts", "calendar.close", "calendar.open"]
    assert verify().sound


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ({"day-0": "6-14"}, ["people.shift_invalid"]),
        ({"day-0": "14:00-06:00"}, ["people.shift_invalid"]),
        ({"day-0": "06:00-14:00, 13:00-22:00"}, ["people.shift_overlap"]),
        ({"what": "closure", "name": "Fair", "from": "soon", "until": ""}, ["records.not_moment"]),
        (
            {"what": "closure", "name": "Fair", "from": "2026-03-10T00:00", "until": "2026-03-09T00:00"},
            ["people.closure_order"],
        ),
        (
            {"what": "drop", "closure": "9", "reason": ""},
            ["people.closure_unknown", "records.reason_missing"],
        ),
    ],
)
def test_working_time_that_makes_no_sense_is_refused(
    clients: dict[str, Client], typed: dict[str, str], codes: list[str]
) -> None:
    answer = clients["quality_manager"].post("/sites/HAL/calendar.json", typed)
    assert [reason["code"] for reason in answer.json()["reasons"]] == codes
    assert not shifts_of(Site.objects.get(pk="HAL"))


def test_programs_set_the_working_time_and_a_manager_of_another_site_does_not(
    clients: dict[str, Client], people: dict[str, Person]
) -> None:
    manager = clients["quality_manager"]
    shift = {"day": 0, "start": 360, "end": 840}
    assert send(manager, "sites/HAL/shifts", {"shifts": [shift]})["shifts"][0]["text"] == "06:00-14:00"
    closure = {"name": "Fair", "start": "2026-03-09T00:00:00+01:00", "end": "2026-03-10T00:00:00+01:00"}
    send(manager, "sites/HAL/closures", closure, 201)
    assert len(manager.get("/api/v1/sites/HAL/calendar").json()["closures"]) == 1
    Site.objects.create(code="ULM", name="Ulm")
    people["quality_manager"].grants.update(site="ULM")
    other = client_of(people["quality_manager"])
    answer = send(other, "sites/HAL/shifts", {"shifts": []}, 409)
    assert [reason["code"] for reason in answer["reasons"]] == ["records.no_right"]
    assert send(manager, "sites/XXX/shifts", {"shifts": []}, 404)["status"] == 404


def test_a_day_is_read_as_people_write_it() -> None:
    assert read_shifts(0, " 06:00-14:00,14:00-24:00 ") == ([Shift(0, 360, 840), Shift(0, 840, 1440)], [])
    assert read_shifts(0, "") == ([], [])
    assert str(Shift(0, 840, 1440)) == "14:00-24:00"
