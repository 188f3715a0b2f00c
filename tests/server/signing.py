"""Limits that wait for a signature, and the browser of who may sign them."""

from __future__ import annotations

from django.test import Client

from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.control.monitoring.services import run_due
from gemba.quality.people import services
from gemba.quality.people.models import Person
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records.models import Signature
from gemba.server.identity import forget
from server.conftest import PASSWORD, SECRET, SETUP, actor, now


def enable(person: Person) -> Person:
    services.check_identity(person=person, how="passport", actor=SETUP, now=now())
    services.record_training(person=person, training="Signing, version 1", actor=SETUP, now=now())
    services.accept_signing(person=person, secret=SECRET, actor=actor(person), now=now())
    person.refresh_from_db()
    return person


class Signing:
    """Limits that wait for the signature of an approver, and his browser."""

    def __init__(self, people: dict[str, Person], characteristic: Characteristic) -> None:
        self.people, self.person = people, enable(people["approver"])
        sender, number = actor(people["operator"]), str(characteristic.header.number)
        readings = [
            Reading(
                source="g",
                sequence=i,
                characteristic=number,
                text=f"10.0{i % 5}",
                stream={"machine": f"M{i % 5}"},
            )
            for i in range(150)
        ]
        loop.receive(readings, actor=sender, now=now())
        run_due(now())
        self.client = Client()

    @property
    def waiting(self) -> LimitSet:
        """The next limits that nobody signed yet."""
        return LimitSet.objects.filter(header__state="proposed").order_by("pk")[0]

    @property
    def limits(self) -> LimitSet:
        """The limits that were signed."""
        return LimitSet.objects.get(header=Signature.objects.get().header_id)

    def sign_in(self, password: str = PASSWORD) -> int:
        forget()
        typed = {"login": self.person.username, "password": password}
        return int(self.client.post("/account/login", typed).status_code)

    def sign(self, **given: str) -> list[str]:
        """The codes of the refusal that are about the signature; none when it was given."""
        limits = self.waiting
        typed = {"valid_from": "2026-11-01T00:00", "why": "study", "version": limits.header.version, **given}
        answer = self.client.post(f"/records/limit-set/{limits.pk}/moves/approve.json", typed)
        if answer.status_code == 302:
            return []
        assert answer.status_code == 409, answer.status_code
        codes = [reason["code"] for reason in answer.json()["reasons"]]
        return [code for code in codes if code.startswith(("signing.", "records.signature"))]

    def both(self) -> list[str]:
        return self.sign(identifier=self.person.username, secret=SECRET)
