"""A plant that stands at a signal: a requirement, what verifies it, its control plan, a chart with limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from browser.content import BORE, STEPS, Story
from gemba.quality.control.gauges.factory import gauge_in
from gemba.quality.control.nonconformance.factory import make_staff, proof_of
from gemba.quality.people import services as people
from gemba.quality.people.models import Person
from gemba.quality.planning.controlplans.factory import LINE, plan_in
from gemba.quality.planning.processes.factory import process_in
from gemba.quality.planning.products.factory import product_in
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.records.actor import system
from gemba.quality.records.models import Header, Site

PASSWORD = "battery-staple-correct"
SHAFT = replace(BORE, plausible_low=None, plausible_high=None, stream_keys="", reaction_plan="",
                suspect_when="nonconforming")  # fmt: skip
TWO_STEPS = replace(
    LINE, number=10, step="30", operation="OP 30 finish bore", characteristic=SHAFT.name,
    containment="Stop the machine\nSecure the parts since the last good check",
    call="the setter", resume="five parts in a row are good",
)  # fmt: skip
BEFORE, SPREAD = 10.02, 0.007
"""Where the process stands, off its target of 10; the action brings it there."""


def thread_of(site: Site, begin: datetime) -> dict[str, Any]:
    """All of it by the services; the last two readings are beyond every limit."""
    setup = system("setup")
    staff = make_staff(site, now=begin)
    for role in Person.objects.exclude(username="ada"):
        people.set_password(person=role, password=PASSWORD, actor=setup, now=begin)
    story = Story(site, staff, begin)
    who: dict[str, Any] = {"site": site, "maker": staff.engineer, "decider": staff.approver}
    boss: dict[str, Any] = {**who, "decider": staff.quality_manager}
    product_in("released", **boss, title=SHAFT.product, now=story.later())
    process_in("released", **boss, title=SHAFT.process, steps=STEPS, now=story.later())
    limits = {"lower": SHAFT.lsl, "target": SHAFT.target, "upper": SHAFT.usl, "unit": "mm"}
    about: dict[str, Any] = {"title": "The shaft fits by hand", "severity": "critical", **limits}
    asked = requirement_in("agreed", **boss, **about, now=story.later())
    gauge = gauge_in("in_service", site=site, staff=staff, now=story.later())
    made = story.characteristic(replace(SHAFT, verifies=str(asked.header.number)))
    line = replace(TWO_STEPS, gauge=str(gauge.header.number))
    plan = plan_in("effective", **who, proof=proof_of(staff.approver), now=story.later(), line=line,
                   title=SHAFT.product, product=SHAFT.product, process=SHAFT.process)  # fmt: skip
    story.send(made, story.normal(BEFORE, SPREAD, 30), every=20, lot="L-2041")
    story.approve_limits()
    story.send(made, [BEFORE + step * SPREAD for step in (0.3, -0.4, 0.2, -0.2)], every=20, lot="L-2042")
    story.send(made, [10.08, 10.09], every=5, lot="L-2042", serial="S-9")
    story.work()
    _token, secret = people.issue_token(
        name="Gauge of the story", scopes=("ingest",), expires=begin + timedelta(days=300),
        actor=setup, now=begin,
    )  # fmt: skip
    found = {kind: Header.objects.filter(type=kind).latest("pk").pk for kind in ("signal", "nonconformance")}
    return {"token": secret, "number": str(made.header.number), "characteristic": made.pk, "plan": plan.pk,
            "requirement": asked.pk, "usl": str(Decimal(SHAFT.usl or 0)), **found}  # fmt: skip
