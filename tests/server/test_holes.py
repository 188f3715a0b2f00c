"""Holes that were found in well-kept programs: each by one pattern, each closed."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.people.models import Grant, Person, Token
from gemba.quality.people.services import issue_token
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.services import create_characteristic, release
from gemba.quality.records.actor import Actor
from gemba.quality.records.attachments import keep_attachment
from gemba.quality.records.models import Delivery, Event, Header, Task, Version
from gemba.quality.records.screen import screens
from gemba.quality.records.tasks import open_task
from gemba.quality.records.types import record_types
from gemba.server.live.charts import readable_streams
from server.asking import Asker, Door
from server.conftest import SETUP
from server.everything import HERE, THERE, Everything

pytestmark = pytest.mark.django_db
READER_THERE = Asker("reader elsewhere", "person", frozenset({("reader", THERE)}))
ENGINEER_THERE = Asker("both", "person", frozenset({("reader", HERE), ("engineer", THERE)}))
ENGINEER_HERE = Asker("engineer here", "person", frozenset({("engineer", HERE)}))
HIDDEN = "Bore too large"


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def leaks(answer: Any, *words: str) -> list[str]:
    text = answer.content.decode(errors="replace")
    return [word for word in (HIDDEN, "NCR-HAL", "CHR-HAL", *words) if word in text]


def first(plant: Everything, kind: str, state: str) -> int:
    return next(h.header for h in plant.held if (h.type, h.state) == (kind, state))


def test_lists_counts_search_and_filters_tell_nothing_of_another_site(plant: Everything, door: Door) -> None:
    client = door.client(READER_THERE)
    paths = [
        "/index.json",
        "/tasks.json",
        "/charts.json",
        "/quarantine.json",
        "/search.json?q=bore",
        "/loop.json",
    ]
    paths += ["/", "/tasks", "/charts", "/search?q=bore", "/api/v1/search?q=bore", "/api/v1/tasks"]
    for kind in record_types():
        for base in (f"/records/{kind.name}.json", f"/api/v1/records/{kind.name}", f"/records/{kind.name}"):
            paths += [
                base,
                f"{base}?q=bore",
                f"{base}?site={HERE}",
                f"{base}?as_of=2126-01-01",
                f"{base}?sort=-id",
            ]
            paths += [f"{base}?category=open&limit=500", f"{base}?after=", f"{base}?as_of=2126-01-01&after=1"]
    for path in paths:
        assert leaks(client.get(path), '"rows": [{') == [], path
    told = client.get("/index.json").json()["plant"]
    assert {*told["records"].values(), told["signals"], told["charts"], told["proposed"]} == {0}
    assert {
        row["done"] + row["waiting"] + row["failed"] for row in client.get("/loop.json").json()["reactions"]
    } == {0}


def test_nothing_is_sorted_or_narrowed_by_what_is_not_shown(plant: Everything, door: Door) -> None:
    client = door.client(ENGINEER_HERE)
    for screen in screens():
        allowed = {item.name for item in screen.filters}
        hidden = {column.attname for column in screen.kind.model._meta.concrete_fields} - allowed
        hidden |= {f"header__{name}" for name in ("originator", "site__zone", "own_fields")} | {
            "header__pk__in"
        }
        for name in sorted(hidden):
            for path in (f"{name}=1", f"{name}.has=1", f"{name}.from=1", f"sort={name}__id"):
                answer = client.get(f"/api/v1/records/{screen.kind.name}?{path}")
                assert answer.status_code in (409, 422), (screen.kind.name, path)


def test_a_record_named_in_a_body_is_one_that_may_be_read(plant: Everything, door: Door) -> None:
    """Nested objects and related parents: links, tasks, remarks, characteristics of another site."""
    mine = Asker("engineer elsewhere", "person", frozenset({("engineer", THERE), ("operator", THERE)}))
    client = door.client(mine)
    foreign = first(plant, "nonconformance", "reported")
    made = post(client, "/api/v1/records/characteristic",
                {"site": THERE, "fields": {"name": "Width", "unit": "mm", "usl": "1"}})  # fmt: skip
    assert made.status_code == 201
    own = f"/api/v1/records/{made.json()['id']}"
    link = post(client, f"{own}/links", {"relation": "affects", "target": str(foreign)})
    assert (link.status_code, leaks(link)) == (404, [])
    for path, body in (
        (f"/api/v1/records/{foreign}/remarks", {"text": "x"}),
        (f"/api/v1/records/{foreign}/tasks", {"text": "x", "assignee": "role:engineer"}),
        (f"/api/v1/records/{foreign}/links", {"relation": "affects", "target": own.rpartition("/")[2]}),
        ("/api/v1/records/characteristic", {"site": HERE, "fields": {"name": "Width", "unit": "mm"}}),
        (f"/api/v1/records/characteristic/{foreign}/moves/discard", {"reason": "x"}),
    ):
        answer = post(client, path, body)
        assert answer.status_code in (404, 409), path
        assert leaks(answer) == [], path
    assert not Header.objects.filter(title="Width", site=HERE).exists()


def test_a_record_of_one_type_is_not_reached_by_the_address_of_another(plant: Everything, door: Door) -> None:
    client = door.client(ENGINEER_HERE)
    foreign = first(plant, "nonconformance", "draft")
    for method, path in (("get", ""), ("patch", ""), ("post", "/moves/release"), ("post", "/moves/discard")):
        answer = getattr(client, method)(
            f"/api/v1/records/characteristic/{foreign}{path}", "{}" if method != "get" else None,
            **({"content_type": "application/json"} if method != "get" else {}),
        )  # fmt: skip
        assert answer.status_code in (404, 422, 428), (method, path)


def test_files_are_for_who_reads_their_record_and_told_alike(
    plant: Everything, door: Door, settings: Any
) -> None:
    kept = keep_attachment(header=first(plant, "nonconformance", "draft"), name="secret.txt", content=b"x",
                           folder=settings.DATA, actor=plant.staff.inspector, now=plant.now)  # fmt: skip
    client = door.client(READER_THERE)
    for path in ("/files/{}", "/api/v1/attachments/{}"):
        there, nowhere = (client.get(path.format(number)) for number in (kept.pk, 10**9))
        assert there.status_code == nowhere.status_code == 404
        text = there.content.decode().replace(str(kept.pk), "1000000000")
        assert "1000000000" in text
        assert leaks(there, "secret.txt") == []
    assert door.client(ENGINEER_HERE).get(f"/files/{kept.pk}").content == b"x"


def test_a_task_tells_no_more_of_its_record_than_its_holder_may_read(plant: Everything, door: Door) -> None:
    header = Header.objects.get(pk=first(plant, "nonconformance", "draft"))
    open_task(what="tasks.asked", values={"text": "Help"}, assignee=plant.pat.id, header=header,
              actor=plant.staff.engineer, now=plant.now)  # fmt: skip
    for asker in (READER_THERE, Asker("nobody", "person"),
                  Asker("access", "person", frozenset({("access_administrator", "*")}))):  # fmt: skip
        client = door.client(asker)
        for path in ("/tasks.json", "/index.json", "/tasks", "/", "/api/v1/tasks"):
            answer = client.get(path)
            assert "Help" in answer.content.decode()
            assert leaks(answer) == [], (asker.name, path)
    assert HIDDEN in door.client(ENGINEER_HERE).get("/tasks.json").content.decode()


def test_nothing_is_put_on_the_list_of_nobody(plant: Everything, door: Door) -> None:
    client = door.client(ENGINEER_HERE)
    place = f"/api/v1/records/{first(plant, 'nonconformance', 'draft')}/tasks"
    for nobody in ("role:emperor", "person:999999999", "person:0"):
        answer = post(client, place, {"text": "x", "assignee": nobody})
        assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (409, "tasks.assignee_unknown")


def test_bulk_and_background_work_is_of_ones_own_sites(plant: Everything, door: Door) -> None:
    """What failed in the background is shown to who keeps the site of its record, and to nobody else."""
    header = Header.objects.get(pk=first(plant, "nonconformance", "reported"))
    event = Event.objects.filter(header=header).first()
    assert event is not None
    failed = Delivery.objects.create(
        event=event, reaction="test", header=header.pk, state="failed", due_at=0, error=HIDDEN
    )
    client = door.client(Asker("keeper", "person", frozenset({("quality_manager", THERE)})))
    assert leaks(client.get("/loop/failed.json"), "test") == []
    client.post("/loop/failed", {"delivery": str(failed.pk)})
    failed.refresh_from_db()
    assert failed.state == "failed"
    here = door.client(Asker("keeper", "person", frozenset({("quality_manager", HERE)})))
    assert HIDDEN in here.get("/loop/failed.json").content.decode()


def test_charts_and_their_events_are_for_who_reads_the_site(plant: Everything, door: Door) -> None:
    stream = StreamState.objects.exclude(state="").latest("stream").stream
    client = door.client(READER_THERE)
    for path in (f"/charts/{stream}.json", f"/charts/{stream}/side", f"/charts/{stream}/figure.json"):
        assert (client.get(path).status_code, leaks(client.get(path))) == (404, []), path
    from gemba.quality.people.queries import actor_of

    actor = actor_of(Person.objects.get(username="pat").pk)
    assert actor is not None
    assert readable_streams(actor, frozenset({stream})) == frozenset()
    reader = door.client(ENGINEER_THERE)
    assert reader.get(f"/charts/{stream}.json").status_code == 200
    before = Header.objects.count()
    for body in ({"what": "propose", "why": "x"}, {"what": "close", "subgroup": "", "reason": "x"}):
        answer = reader.post(f"/charts/{stream}", body, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (409, "records.no_right")
    assert Header.objects.count() == before


def plant_wide(role: str) -> Actor:
    return Actor("person", "person:999", role, frozenset({(role, "*")}))


def test_quarantine_is_decided_at_its_site_only_and_mended_into_no_other(
    plant: Everything, door: Door
) -> None:
    number = Header.objects.filter(type="characteristic", state="released").latest("pk").number
    reading = Reading(source="leak", sequence=1, characteristic=str(number), text="no number")
    receipt = loop.receive([reading], actor=plant.staff.operator, now=plant.now)[0]
    assert receipt.status == "quarantined", receipt
    client = door.client(ENGINEER_THERE)
    body = {"quarantined": str(receipt.quarantine), "reason": "x", "text": "50.0"}
    for what in ("discard", "release"):
        answer = client.post("/quarantine", body | {"what": what}, headers={"Accept": "application/json"})
        assert answer.json()["reasons"][0]["code"] == "collecting.quarantine_unknown", answer.content
    for what in ("discard", "release"):
        path = f"/api/v1/quarantine/{receipt.quarantine}/{what}"
        answer = client.post(path, {"reason": "x"}, content_type="application/json")
        assert answer.json()["reasons"][0]["code"] == "collecting.quarantine_unknown", answer.content
    foreign = CharacteristicInput(name="There", unit="mm", usl=Decimal(5))
    made = create_characteristic(site=plant.there, given=foreign, actor=SETUP, now=plant.now)
    release(characteristic=made, actor=plant_wide("approver"), now=plant.now)
    here = door.client(Asker("inspector here", "person", frozenset({("inspector", HERE)})))
    mended = body | {"what": "release", "characteristic": made.header.number}
    answer = here.post("/quarantine", mended, headers={"Accept": "application/json"})
    assert answer.status_code == 409, answer.content
    client = door.client(ENGINEER_THERE)
    sent = Reading(source="leak", sequence=2, characteristic=str(number), text="1.0")
    from gemba.quality.people.queries import actor_of

    stranger = actor_of(Person.objects.get(username="pat").pk)
    assert stranger is not None
    assert loop.receive([sent], actor=stranger, now=plant.now)[0].status != "accepted"


def test_nobody_makes_tokens_or_rights_for_others(plant: Everything, door: Door) -> None:
    administrator = Person.objects.get(username="engineer")
    for role in ("quality_manager", "engineer", "system_administrator", "auditor"):
        client = door.client(Asker(role, "person", frozenset({(role, "*")})))
        for path, body in (
            ("/people/tokens", {"name": "x", "scopes": "ingest", "days": "5"}),
            (f"/people/{administrator.pk}", {"what": "grant", "role": "approver"}),
            (f"/people/{administrator.pk}", {"what": "link"}),
            ("/people", {"username": "new-one", "name": "New"}),
        ):
            assert client.post(path, body).status_code == 403, (role, path)
    client = door.client(Asker("access", "person", frozenset({("access_administrator", "*")})))
    pat = Person.objects.get(username="pat")
    before = Grant.objects.count()
    own = client.post(
        f"/people/{pat.pk}", {"what": "grant", "role": "approver"}, headers={"Accept": "application/json"}
    )
    assert own.json()["reasons"][0]["code"] == "people.own_rights"
    assert Grant.objects.count() == before
    issue_token(
        name="x",
        scopes=("read",),
        expires=plant.now.replace(year=plant.now.year + 1),
        actor=SETUP,
        now=plant.now,
    )
    page = client.get("/people/tokens.json").content.decode()
    assert Token.objects.latest("pk").digest not in page


def test_what_a_person_types_is_shown_as_text_by_every_tag(plant: Everything, door: Door) -> None:
    """Template tags: nothing that was typed becomes part of the page."""
    client = door.client(ENGINEER_HERE)
    script = "<script>alert(1)</script>{{ settings.SECRET_KEY }}{% debug %}"
    typed = {"name": script, "unit": "mm", "usl": "1", "product": script}
    made = post(client, "/api/v1/records/characteristic", {"site": HERE, "fields": typed})
    identity = made.json()["id"]
    post(client, f"/api/v1/records/{identity}/remarks", {"text": script})
    post(client, f"/api/v1/records/{identity}/tasks", {"text": script, "assignee": "role:engineer"})
    record = f"/records/characteristic/{identity}"
    paths = ["/records/characteristic", "/tasks", "/", "/search?q=script", f"/search?q={script}"]
    for path in (*paths, record, f"{record}/edit", f"{record}/versions/1"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page, path
        assert "settings.SECRET_KEY" not in page or "{{ settings.SECRET_KEY }}" in page, path


def test_equal_numbers_at_two_sites_are_two_records(plant: Everything, door: Door) -> None:
    """Crossed requests: what one site's people name is never the row of the other site."""
    both = [Asker(site, "person", frozenset({("engineer", site)})) for site in (HERE, THERE)]
    made: dict[str, dict[str, str]] = {HERE: {}, THERE: {}}
    for asker in both:
        body = {"site": asker.name, "fields": {"name": f"Twin {asker.name}", "unit": "mm", "usl": "1"}}
        answer = post(
            door.client(asker), "/api/v1/records/characteristic", body, **{"Idempotency-Key": "same"}
        )
        assert answer.status_code in (201, 422)
        if answer.status_code == 422:  # one person, one key: the answer of the other site is not given again
            answer = post(door.client(asker), "/api/v1/records/characteristic", body)
        made[asker.name] = {"id": str(answer.json()["id"])}
        made[asker.name]["number"] = str(Header.objects.get(pk=answer.json()["id"]).number)
    assert made[HERE]["number"].replace(HERE, THERE)[:11] == made[THERE]["number"][:11]
    for asker, other in zip(both, reversed(both), strict=True):
        client = door.client(asker)
        for reference in made[other.name].values():
            for path in ("", "/moves/discard"):
                address = f"/api/v1/records/characteristic/{reference}{path}"
                answer = post(client, address, {"reason": "x"}) if path else client.get(address)
                assert answer.status_code == 404
                assert f"Twin {other.name}" not in answer.content.decode()
        listed = client.get("/api/v1/records/characteristic?limit=500").json()["rows"]
        assert {row["values"]["site"] for row in listed} == {asker.name}


def protected_fields() -> set[str]:
    """Every column of every record type and of the header that no input of its screen names."""
    names = {column.attname for column in Header._meta.concrete_fields} | {
        "pk",
        "header",
        "header_id",
        "site",
    }
    names |= {"is_active", "password", "grants", "role", "roles", "signing_secret", "identity_checked_at"}
    for model in apps.get_models():
        if model._meta.app_label in ("records", "people"):
            names |= {column.attname for column in model._meta.concrete_fields}
    return names


def test_no_input_sets_what_it_does_not_name(
    plant: Everything, door: Door, request: pytest.FixtureRequest
) -> None:
    """Field rights and mass assignment: every writable input with every protected field."""
    beside = {"reason", "signature", "effective_from"}
    full = frozenset(
        (role, HERE) for role in ("engineer", "quality_manager", "approver", "inspector", "operator")
    )
    client = door.client(Asker("full", "person", full))
    tried, step = 0, 1 if request.config.getoption("--full") else 16
    for held in [h for h in plant.held if h.owner == "other"]:
        screen = next(item for item in screens() if item.kind.name == held.type)
        place = f"/api/v1/records/{held.type}/{held.header}"
        ways = [("PATCH", place, screen.edit)] if screen.edit else []
        ways += [("POST", f"{place}/moves/{name}", action) for name, action in screen.moves.items()]
        for method, path, action in ways:
            named = {item.name for item in fields(action.given)}
            for name in sorted(protected_fields() - named - beside)[tried % step :: step]:
                version = Header.objects.values_list("version", flat=True).get(pk=held.header)
                body = (
                    {"fields": {name: 1}, "reason": "x"}
                    if tried % 2
                    else {name: 1, "fields": {}, "reason": "x"}
                )
                headers = {"If-Match": f'"{version}"'}
                answer = client.generic(
                    method, path, json.dumps(body), content_type="application/json", headers=headers
                )
                assert answer.status_code in (409, 422), (path, name, answer.content)
                tried += 1
        assert not Version.objects.filter(header=held.header, number__gt=version).exists()
    assert tried > 150
    form = dict.fromkeys(protected_fields(), "1")
    draft = first(plant, "characteristic", "draft")
    state = Header.objects.values("state", "number", "originator", "site_id", "category").get(pk=draft)
    client.post(f"/records/characteristic/{draft}/edit", form | {"name": "Changed", "unit": "mm", "usl": "2"})
    assert (
        Header.objects.values("state", "number", "originator", "site_id", "category").get(pk=draft) == state
    )
    assert Task.objects.filter(assignee="1").count() == 0
