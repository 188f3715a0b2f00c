"""Every model by every way of writing: what changed in the rows is what the trail tells, to the last row.

Sealed rows are only added, each under the seal of its transaction. Rows of records change with a version.
Rows of people, rights and tasks change with a line of the trail that names them. A table that is of no kind,
or that no way here writes, fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gemba.quality import loop
from gemba.quality.control.bringing.models import BroughtFile
from gemba.quality.control.collecting.models import Waiting
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.models import LimitSet, Signal, StreamState
from gemba.quality.control.monitoring.services import run_due
from gemba.quality.control.nonconformance.factory import containment
from gemba.quality.people import services
from gemba.quality.people.models import Grant, OneTimeLink, Person, Token
from gemba.quality.people.watching import check_tokens
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Delivery, Header, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.ownfields import define_own_field
from gemba.quality.records.tasks import Rung, escalate_due, open_task
from gemba.quality.records.trail import verify
from gemba.quality.records.types import record_type
from gemba.server.ingest.brought import take_brought
from laws.watch import ENTERED, Change, changes, every_row, sealed, untold, versioned
from server.conftest import PASSWORD, SECRET, SETUP, actor, client_of, now
from server.more_ways import of_capas, of_competences, of_gauges, of_plans

pytestmark = pytest.mark.django_db
CSV = "bore,machine\n" + "".join(f"10.0{place % 5},M9\n" for place in range(12))


class Ways:
    """Every way of writing, one after the other; each yields its name when it has written."""

    def __init__(self, people: dict[str, Person], made: Characteristic) -> None:
        self.people, self.made = people, made
        self.clients = {role: client_of(person) for role, person in people.items()}
        self.number = str(made.header.number)
        self.moment = now()

    def post(self, role: str, path: str, /, **form: Any) -> Any:
        answer = self.clients[role].post(path, form)
        assert answer.status_code in (200, 204, 302), (path, answer.status_code, answer.content[-600:])
        return answer

    def api(self, role: str, path: str, body: Any, method: str = "post", **headers: str) -> Any:
        send = getattr(self.clients[role], method)
        answer = send(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)
        assert answer.status_code in (200, 201), (path, answer.content)
        return answer.json()

    def send(self, *texts: str, who: str = "operator", **more: Any) -> None:
        start = Sequence.next(len(texts))
        readings = [
            Reading(source="press", sequence=start + place, characteristic=self.number, text=text,
                    stream={"machine": "M1"}, **more)
            for place, text in enumerate(texts)
        ]  # fmt: skip
        loop.receive(readings, actor=actor(self.people[who]), now=now())

    def work(self) -> None:
        later = now() + timedelta(seconds=2)
        while run_due(later) or deliver_due(later):
            pass

    def of_people(self) -> Iterator[str]:
        services.check_identity(
            person=self.people["access_administrator"], how="has the machine", actor=SETUP, now=now()
        )
        self.post("access_administrator", "/people", username="nina", name="Nina")
        yield "form: a person"
        nina = Person.objects.get(username="nina")
        page = f"/people/{nina.pk}"
        self.post("access_administrator", page, what="grant", role="approver", site="HAL")
        yield "form: a role"
        self.post("access_administrator", page, what="identity", how="passport")
        yield "form: identity"
        self.post("access_administrator", page, what="training", training="Signing")
        yield "form: training"
        self.post("access_administrator", page, what="link")
        yield "form: a link"
        secret = services.make_link(person=nina, purpose="access", actor=SETUP, now=now())
        assert OneTimeLink.objects.filter(person=nina, used_at=None).count() == 1
        yield "service: a link that ends the one before"
        Client().post(f"/setup/{secret}", {"password": PASSWORD})
        yield "form: a password by the link"
        client = Client()
        client.post("/account/login", {"login": "nina", "password": PASSWORD})
        yield "form: a log-in"
        client.post("/me", {"what": "signing", "accepted": "yes", "secret": SECRET})
        yield "form: signing accepted"
        client.post("/me", {"what": "password", "old": PASSWORD, "new": PASSWORD + "-2"})
        yield "form: own password"
        for purpose, more in (("signing", {"secret": SECRET + "-2", "accepted": "yes"}), ("factor", {})):
            link = services.make_link(person=nina, purpose=purpose, actor=SETUP, now=now())
            Client().post(f"/setup/{link}", {"password": PASSWORD + "-2", **more})
            yield f"form: a link for {purpose}"
        self.post("access_administrator", page, what="lost", reason="bag stolen")
        yield "form: lost or stolen"
        services.rename_person(person=nina, name="Nina Lind", reason="married", actor=SETUP, now=now())
        yield "service: another name"
        grant = Grant.objects.get(person=nina, ended_at=None)
        self.post("access_administrator", page, what="revoke", grant=grant.pk, reason="moved")
        yield "form: a role ended"
        self.post("access_administrator", page, what="disable", reason="left")
        yield "form: a person left"

    def of_access(self) -> Iterator[str]:
        self.post(
            "access_administrator", "/people/tokens", name="press", scopes="ingest", days="30", site="HAL"
        )
        yield "form: a token"
        check_tokens(now())
        yield "job: the tokens tested"
        self.post("system_administrator", "/rules", name="password_age_days", value="365", reason="asked")
        yield "form: a rule"
        token = Token.objects.get(name="press").pk
        self.post("access_administrator", "/people/tokens", what="revoke", token=token)
        yield "form: a token ended"
        self.post("system_administrator", "/sites", code="ULM", name="Ulm", zone="Europe/Berlin")
        yield "form: a site"

    def of_signing(self) -> Iterator[str]:
        for role in ("approver", "quality_manager"):
            person = self.people[role]
            services.check_identity(person=person, how="passport", actor=SETUP, now=now())
            services.record_training(person=person, training="Signing", actor=SETUP, now=now())
            services.accept_signing(person=person, secret=SECRET, actor=actor(person), now=now())
        yield "service: two who sign"

    def of_readings(self) -> Iterator[str]:
        self.send(*[f"10.0{place % 5}" for place in range(30)])
        yield "door: a batch"
        self.work()
        yield "job: limits proposed"
        limits = LimitSet.objects.get().pk
        edit = f"/records/limit-set/{limits}/edit"
        self.post("engineer", edit, version="1", leave_out="", why="first study", reason="looked at")
        yield "form: limits studied"
        form = {"valid_from": now().isoformat(), "secret": SECRET, "identifier": "approver", "version": "2"}
        refused = self.clients["approver"].post(
            f"/records/limit-set/{limits}/moves/approve", form | {"secret": "x"}
        )
        assert refused.status_code == 409
        yield "form: a signature that failed"
        self.post("approver", f"/records/limit-set/{limits}/moves/approve", **form)
        yield "form: a signature"
        self.send("10.09", "10.2")
        yield "door: a signal and a value that does not conform"
        self.work()
        yield "worker: reactions"
        self.send("ten")
        yield "door: quarantine"
        waiting = Waiting.objects.get().pk
        self.post(
            "inspector", "/quarantine", quarantined=waiting, what="release", text="10.0", reason="typed"
        )
        yield "form: quarantine mended"
        self.send("eleven")
        waiting = Waiting.objects.get().pk
        self.post("inspector", "/quarantine", quarantined=waiting, what="discard", reason="nonsense")
        yield "form: quarantine discarded"
        file = SimpleUploadedFile("bores.csv", CSV.encode())
        place = self.clients["inspector"].post("/upload", {"file": file})["Location"]
        uses = {"what": "send", "use-0": self.number, "use-1": "key:machine"}
        assert self.clients["inspector"].post(place, uses).status_code == 200
        yield "upload: a file"

    def of_files(self) -> Iterator[str]:
        kept = {"what": "keep", "series": "bore", "limit-lsl-bore": "9", "answer-units-bore": "mm"}
        page = self.clients["engineer"].post("/upload", {"file": SimpleUploadedFile("own.csv", CSV.encode())})
        assert self.clients["engineer"].post(page["Location"], kept).status_code == 302
        yield "upload: a file that is kept"
        brought = BroughtFile.objects.get()
        version = brought.header.version
        self.post("approver", f"/records/characteristic/{brought.header_id}/moves/release", version=version)
        assert take_brought(now()) == 1
        yield "job: a brought file is taken"

    def of_records(self) -> Iterator[str]:
        fields = {
            "title": "Bore too large",
            "found": "10.2",
            "required": "10.1",
            "quantity_nonconforming": "1",
        }
        made = self.api("inspector", "records/nonconformance", {"site": "HAL", "fields": fields})
        yield "api: a record"
        path = f"records/nonconformance/{made['id']}"
        self.api("inspector", path, {"fields": {"lot": "L-1"}}, "patch", **{"If-Match": '"1"'})
        yield "api: an edit"
        more = {
            "place": "M1",
            "found_at": now().isoformat(),
            "detection_point": "process",
            "severity": "minor",
        }
        self.post("inspector", f"/{path}/edit", version="2", **fields, **more)
        yield "form: an edit"
        self.api("inspector", f"{path}/moves/report", {})
        yield "api: a move"
        rows = {
            f"locations-{place}-{name}": getattr(row, name)
            for place, row in enumerate(containment())
            for name in ("location", "answer", "words")
        }
        self.post("inspector", f"/{path}/moves/contain", version="4", **rows)
        yield "form: a move with rows"
        for role, function in (("engineer", "engineering"), ("quality_manager", "quality")):
            self.api(role, f"{path}/moves/review", {"fields": {"function": function, "opinion": "scrap"}})
        lines = [{"quantity": "1", "decision": "scrap", "reason": "too large"}]
        self.api("quality_manager", f"{path}/moves/decide", {"fields": {"lines": lines}})
        yield "api: a move with lines"
        yield from self.of_belongings(path, made["id"])

    def of_belongings(self, path: str, made: int) -> Iterator[str]:
        self.api("inspector", f"records/{made}/links", {"relation": "affects", "target": self.number})
        yield "api: a link"
        self.api("engineer", f"records/{made}/remarks", {"text": "seen"})
        yield "api: a remark"
        file = SimpleUploadedFile("note.txt", b"seen")
        self.post("inspector", f"/{path}/add", what="attachment", file=file)
        yield "form: a file"
        asked = {"text": "look again", "assignee": "role:engineer"}
        task = self.api("inspector", f"records/{made}/tasks", asked)["id"]
        yield "api: a task"
        self.post("engineer", f"/tasks/{task}", assignee="role:inspector", reason="yours")
        yield "form: a task handed on"
        self.api("inspector", f"tasks/{task}/done", {"evidence": "looked"})
        yield "api: a task done"

    def of_jobs(self) -> Iterator[str]:
        header = Header.objects.get(pk=self.made.pk)
        ladder = (Rung(0, "role:quality_manager"),)
        about: dict[str, Any] = {"header": header, "due_minutes": 0, "ladder": ladder, "actor": SETUP}
        open_task(what="tasks.asked", values={"text": "x"}, assignee="role:engineer", now=now(), **about)
        assert escalate_due(now() + timedelta(minutes=1)) == 1
        yield "job: an escalation"
        Delivery.objects.update(state="failed", error="out of paper")
        delivery = Delivery.objects.latest("pk").pk
        self.post("system_administrator", "/loop/failed", delivery=delivery)
        yield "form: a reaction tried again"
        days = {"what": "shifts", "day-0": "06:00-14:00, 14:00-22:00", "reason": "two shifts"}
        self.post("quality_manager", "/sites/HAL/calendar", **days)
        yield "form: working time"
        close = {"what": "closure", "name": "Fair", "from": "2026-03-09T00:00", "until": "2026-03-10T00:00"}
        self.post("quality_manager", "/sites/HAL/calendar", **close)
        yield "form: a holiday"
        define_own_field(
            kind=record_type("characteristic"), key="melt", label="Melt", what="text",
            actor=actor(self.people["quality_manager"]), now=now(),
        )  # fmt: skip
        yield "service: a field of one's own"
        signal = Signal.objects.get()
        assert StreamState.objects.filter(signal=signal.pk).exists()
        self.api("operator", f"records/signal/{signal.pk}/moves/acknowledge", {})
        yield "api: a signal acknowledged"

    def of_characteristics(self) -> Iterator[str]:
        path = f"records/characteristic/{self.made.pk}"
        version = str(self.made.header.version)
        self.post("engineer", f"/{path}/moves/start_change", version=version, reason="subgroups")
        yield "form: a change begun"
        fields = {"chart_kind": "xbar-r", "subgroup_size": 3}
        self.api("engineer", path, {"fields": fields}, "patch", **{"If-Match": f'"{int(version) + 1}"'})
        yield "api: a characteristic edited"
        self.api("approver", f"{path}/moves/release", {})
        yield "api: a release"
        self.send("10.01", "10.02")
        yield "door: half a subgroup"
        stream = Signal.objects.latest("pk").stream
        name = next(iter(held_names(stream)))
        self.post("inspector", f"/charts/{stream}", what="close", subgroup=name, reason="shift ends")
        yield "form: a subgroup closed"

    def of_requirements(self) -> Iterator[str]:
        texts = ("need", "definition", "verification")
        fields = {"title": "The shaft fits"} | dict.fromkeys(texts, "a bore of 10 mm")
        made = self.api("engineer", "records/requirement", {"site": "HAL", "fields": fields})["id"]
        yield "api: a requirement"
        self.api("engineer", f"records/{self.made.pk}/links", {"relation": "verifies", "target": str(made)})
        path = f"records/requirement/{made}/moves"
        self.api("engineer", f"{path}/submit", {})
        self.api("engineer", f"{path}/assess", {"fields": {"feasible": "yes", "feasibility": "made before"}})
        self.api("quality_manager", f"{path}/agree", {})
        yield "api: a requirement agreed"
        self.post("engineer", f"/{path}/start_change", version="4", reason="drawing B")
        yield "form: an impact list"
        rows = {"record": self.number, "answer": "unaffected", "words": "looked"}
        typed = {f"impacts-0-{name}": text for name, text in rows.items()}
        self.post("engineer", f"/{path}/answer_impacts", version="5", **typed)
        yield "form: an impact list answered"
        for kind, title in (("party", "Northwind"), ("product", "Housing 12")):
            self.post("engineer", f"/records/{kind}/new", site="HAL", title=title, customer="Northwind")
            yield f"form: a {kind}"
        steps = [{"number": "10", "operation": "Turn"}]
        self.api(
            "engineer", "records/process", {"site": "HAL", "fields": {"title": "Turning", "steps": steps}}
        )
        yield "api: a process"
        for verifies in ("REQ-HAL-26-0001", ""):
            fields = {"name": "Bore", "product": "Housing 12", "verifies": verifies}
            self.api("engineer", "records/characteristic", {"site": "HAL", "fields": fields})
        draft = Characteristic.objects.get(verifies="REQ-HAL-26-0001").pk
        self.post("engineer", f"/records/characteristic/{draft}/edit", version="1", name="Bore", verifies="")
        yield "form: no link any more"

    def all(self) -> Iterator[str]:
        for part in (
            self.of_people,
            self.of_access,
            self.of_signing,
            self.of_readings,
            self.of_files,
            self.of_records,
            self.of_jobs,
            self.of_characteristics,
            self.of_requirements,
        ):
            yield from part()
        yield from of_gauges(self)
        yield from of_capas(self)
        yield from of_plans(self)
        yield from of_competences(self)


def held_names(stream: int) -> list[str]:
    """The names of the subgroups that are open on a stream."""
    held = read_stream(stream)
    assert held is not None
    return list(held.cutter.open)


class Sequence:
    """The numbers of the one source."""

    last = 0

    @classmethod
    def next(cls, count: int) -> int:
        cls.last += count
        return cls.last - count + 1


def test_what_changed_in_the_rows_is_what_the_trail_tells(
    people: dict[str, Person],
    characteristic: Characteristic,
) -> None:
    settings.DATA.attachments.mkdir(parents=True, exist_ok=True)
    Sequence.last = 0
    written: set[str] = set()
    ways = Ways(people, characteristic)
    before = every_row()
    for way in ways.all():
        after = every_row()
        found = list(changes(before, after))
        assert found, way
        assert untold(found) == [], way
        written |= {change.table for change in found}
        before = after
    assert verify().sound
    ours = sealed() | set(versioned()) | set(ENTERED)
    assert {name for name in ours - written if not name.startswith("specimen_")} == set()


def test_a_change_past_the_trail_would_be_seen(
    people: dict[str, Person], characteristic: Characteristic
) -> None:
    before = every_row()
    Header.objects.filter(pk=characteristic.pk).update(title="Other")
    Person.objects.filter(username="reader").update(email="other@example.org")
    Task.objects.all().delete()
    found = untold(list(changes(before, every_row())))
    assert {item.table for item in found} == {"records_header", "people_person"}
    assert all(isinstance(item, Change) for item in found)
    assert isinstance(SETUP, Actor)
