"""The steps of a reaction plan on the page of its signal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from charted.plant import Plant
from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.models import Signal
from gemba.quality.control.nonconformance.factory import Staff, make_staff, proof_of
from gemba.quality.people.models import Person
from gemba.quality.planning.controlplans.factory import plan_in
from gemba.quality.records.outbox import deliver_due
from gemba.stats.charts import known_limits
from server.conftest import now

pytestmark = pytest.mark.django_db


def signalled() -> tuple[Signal, Staff]:
    """A signal on a characteristic that has a line in a plan in force."""
    plant = Plant(suspect_when="never")
    plant.now = now() - timedelta(minutes=9)
    staff = make_staff(plant.site, now=plant.now)
    plan_in(
        "effective",
        site=plant.site,
        maker=staff.engineer,
        decider=staff.approver,
        proof=proof_of(staff.approver),
        now=plant.now,
    )
    plant.send(50.0)
    plant.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    plant.send(60.0)
    while deliver_due(now()):
        pass
    return Signal.objects.select_related("header", "header__site").get(), staff


def test_a_step_is_ticked_off_on_the_page_of_the_signal() -> None:
    signal, staff = signalled()
    client = Client()
    client.force_login(Person.objects.get(username="operator"))
    place = f"/records/signal/{signal.pk}"
    assert "Acknowledge, then tick off each step" in client.get(place).content.decode()
    services.acknowledge_signal(signal=signal, actor=staff.operator, now=now())
    page = client.get(place).content.decode()
    assert page.count('<button name="steps-0-answer" value="done"') == 4
    typed = {"version": signal.header.version, "steps-0-number": 1, "steps-0-words": "at 6:05"}
    answer = client.post(f"{place}/moves/tick", typed | {"steps-0-answer": "done"})
    assert answer.status_code == 302
    held = signal.steps.get(number=1)
    assert (held.answer, held.words, held.done_by) == ("done", "at 6:05", staff.operator.id)
    assert client.get(place).content.decode().count('<button name="steps-0-answer" value="done"') == 3


def test_all_steps_are_ticked_off_at_once_and_are_what_was_done() -> None:
    signal, staff = signalled()
    client = Client()
    client.force_login(Person.objects.get(username="engineer"))
    place = f"/records/signal/{signal.pk}"
    assert "All 4 are done" in client.get(place).content.decode()
    steps = {f"steps-{at}-number": at + 1 for at in range(4)}
    answers = {f"steps-{at}-answer": "done" for at in range(4)}
    version = {"version": signal.header.version}
    assert client.post(f"{place}/moves/acknowledge", steps | answers | version).status_code == 302
    assert {(row.answer, row.done_by) for row in signal.steps.all()} == {("done", staff.engineer.id)}
    form = client.get(f"{place}/moves/find_cause").content.decode()
    assert str(signal.steps.get(number=1).text) in form
    assert "for the first time" in form, "what the chart says stands over the form"
