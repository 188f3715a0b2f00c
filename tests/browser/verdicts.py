"""A plant with two corrective actions whose data are waited for, and a thread that broke since."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from correcting.plant import BETWEEN, UNCHANGED, Correcting
from gemba.quality.control.nonconformance.factory import make_staff, nonconformance_in
from gemba.quality.people import services as people
from gemba.quality.people.models import Person
from gemba.quality.records.actor import system
from gemba.quality.records.models import Site

PASSWORD = "battery-staple-correct"


def waiting(site: Site, begin: datetime) -> dict[str, Any]:
    """One action changed nothing, and its window is over; in that of the other there are few readings."""
    setup = system("setup")
    staff = make_staff(site, now=begin)
    for role in Person.objects.exclude(username="ada"):
        people.set_password(person=role, password=PASSWORD, actor=setup, now=begin)
    here = Correcting(site, staff, now=begin)
    vain = here.capa_in("monitoring", title="Stop exchanged")
    here.plant.now += timedelta(days=1)
    here.send(*UNCHANGED)
    here.plant.now += timedelta(days=6)
    few = here.capa_in("monitoring", title="Stop hardened")
    here.plant.now += timedelta(days=1)
    here.send(*BETWEEN)
    about: dict[str, Any] = {"site": site, "staff": staff, "now": here.now}
    number = here.plant.number
    stale = nonconformance_in("reported", title="Bore of an old drawing", characteristic=number, **about)
    here.plant.change(target=Decimal("10.01"))
    _, secret = people.issue_token(
        name="Caliper", scopes=("ingest",), expires=begin + timedelta(days=300), actor=setup, now=begin
    )
    return {"token": secret, "number": number, "vain": vain.pk, "few": few.pk, "stale": stale.pk}
