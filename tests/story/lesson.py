"""The lessons of the manual, taken step by step: their marks say who does what, and what is then seen."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from gemba.quality import loop
from gemba.quality.control.monitoring.models import StreamState
from gemba.quality.control.monitoring.services import run_due
from gemba.quality.improvement.capa.services import judge_due
from gemba.quality.people import services
from gemba.quality.people.sites import create_site
from gemba.quality.records.actor import system
from gemba.quality.records.models import Header
from gemba.quality.records.outbox import deliver_due
from gemba.server.clock import now
from gemba.server.identity import forget
from gemba.server.ingest.files import Plan, readings_of
from gemba.stats import readers
from laws.doors import flat
from walls.tree import ROOT

ALERT = re.compile(r'role="alert">(.*?)</div>', re.DOTALL)
ROLE = re.compile(r"^\| (\w+) \| (\w+) \|$", re.MULTILINE)
SETUP = system("setup")
UNSAID = ("HAL", "engineering", "quality", "major", "1", "2020-01-01T00:00")
"""What the page says in other words."""
SECRET = "battery-staple-horse"


class Story:
    """The plant of the lessons and its people."""

    def __init__(self, page: str) -> None:
        self.page = page
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=SETUP, now=now())
        people = {name: role for name, role in ROLE.findall(page) if name.islower()}
        assert set(people) == {"eva", "otto", "ines", "olga", "quinn"}
        self.clients = {name: self.come(name, role) for name, role in people.items()}

    def come(self, name: str, role: str) -> Client:
        made = services.create_person(username=name, name=name.title(), actor=SETUP, now=now())
        services.grant_role(person=made, role=role, actor=SETUP, now=now())
        services.check_identity(person=made, how="passport", actor=SETUP, now=now())
        services.record_training(person=made, training="Signing", actor=SETUP, now=now())
        client = Client()
        client.force_login(made)
        forget()
        client.post("/me", {"what": "signing", "accepted": "yes", "secret": SECRET})
        return client

    def work(self) -> None:
        later = now() + timedelta(seconds=2)
        while run_due(later) or deliver_due(later):
            pass

    def address(self, path: str) -> str:
        if path == "/charts/LAST":
            return f"/charts/{StreamState.objects.latest('pk').pk}"
        kind = re.fullmatch(r"/records/([a-z-]+)/LAST(/.*)?", path)
        if kind is None:
            return path
        last = Header.objects.filter(type=kind[1]).latest("pk").pk
        return f"/records/{kind[1]}/{last}{kind[2] or ''}"

    def post(self, who: str, path: str, typed: dict[str, Any]) -> Any:
        address = self.address(path)
        if "characteristic" in typed:
            typed["characteristic"] = typed["characteristic"].replace("YY", f"{now():%y}")
        signer = typed.pop("SIGN", "")
        if address.endswith("/edit"):  # a form comes back with what it held
            held = self.clients[who].get(f"{address}.json").json()
            typed["version"] = held["version"]
        sign = {"identifier": signer, "secret": SECRET} if signer else {}
        answer = self.clients[who].post(address, flat(typed) | sign)
        self.work()
        return answer

    def step(self, who: str, path: str, rest: str) -> None:
        typed = json.loads(rest)
        for value in typed.values():
            if isinstance(value, str) and value not in UNSAID:
                assert self.page.count(value) >= 2, f"the page does not say to enter {value}"
        answer = self.post(who, path, typed)
        assert answer.status_code == 302, (who, path, ALERT.findall(answer.content.decode()))

    def refused(self, who: str, path: str, rest: str) -> None:
        typed, place = json.JSONDecoder().raw_decode(rest)
        answer = self.post(who, path, typed)
        assert answer.status_code == 409
        assert rest[place:].strip() in answer.content.decode()

    def shows(self, who: str, path: str, rest: str) -> None:
        page = self.clients[who].get(self.address(path)).content.decode()
        assert rest in re.sub(r"\s+", " ", page), (path, rest)

    def wait(self, days: str, _job: str, _rest: str) -> None:
        """The days pass, and the job looks."""
        assert judge_due(now() + timedelta(days=int(days), minutes=1)) == 1
        self.work()

    def send(self, file: str, value: str, rest: str) -> None:
        use, _, column = rest.partition("=")
        number = str(Header.objects.get(type="characteristic").number)
        read = readers.read(readers.propose(ROOT / file))
        plan = Plan({value: number}, {column: use}, "UTC")
        receipts = loop.receive(list(readings_of(read, plan)), actor=SETUP, now=now())
        assert {receipt.status for receipt in receipts} == {"accepted"}
        self.work()
