"""More ways of writing, for the test of every model: ``ways`` are its clients and its senders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from gemba.quality.control.monitoring.models import Signal
from gemba.quality.control.monitoring.services import give_steps
from gemba.quality.improvement.capa.services import judge_due
from gemba.quality.records.models import Header
from gemba.quality.records.work import recording
from server.conftest import SECRET, SETUP, now


def of_gauges(ways: Any) -> Iterator[str]:
    """A gauge registered, calibrated, failed and answered for."""
    about = {"title": "Micrometer", "tag": "MIC-1", "unit": "mm", "interval_months": "12"}
    ways.post("inspector", "/records/gauge/new", site="HAL", notice_days="30", **about)
    yield "form: a gauge"
    found = {"calibrated_at": now().isoformat(), "performer": "DKD", "certificate": "C-1"}
    path = "records/gauge/GAU-HAL-26-0001/moves"
    ways.api("inspector", f"{path}/pass", {"fields": found})
    yield "api: a calibration"
    ways.send("10.01", gauge="MIC-1")
    ways.api("inspector", f"{path}/fail", {"fields": found | {"calibrated_at": now().isoformat()}})
    yield "api: a gauge out of tolerance"
    ways.work()
    yield "worker: the impact listed"
    row = {"number": 1, "answer": "checked", "words": "measured again"}
    ways.api("engineer", f"{path}/investigate", {"fields": {"impacts": [row]}})
    yield "api: an impact answered"


def of_capas(ways: Any) -> Iterator[str]:
    """A corrective action from what calls for it to the verdict of the job."""
    begin = now()
    ways.send(*["10.1", "10.3", "10.2"] * 5)
    ways.post(
        "engineer", "/records/capa/new", site="HAL", title="Bore", source="internal", problem="too wide"
    )
    yield "form: a corrective action"
    path = "records/capa/CAP-HAL-26-0001/moves"
    ways.api("quality_manager", f"{path}/accept", {"fields": {"risk": "low"}})
    ways.api("engineer", f"{path}/contain", {"fields": {"containment": "gauge every bore"}})
    cause = {"kind": "systemic", "factor": "method", "cause": "no interval"}
    ways.api("engineer", f"{path}/add_cause", {"fields": cause})
    ways.api("engineer", f"{path}/verify_cause", {"fields": {"number": 1, "evidence": "on and off"}})
    action = {"what": "change by hours", "responsible": "Emil", "due": now().date().isoformat()}
    plan = {"actions": [action], "characteristic": ways.number, "metric": "mean", "target": "10.0"}
    plan |= {"stream": "machine=M1", "window_days": 2, "power": "0.5"}
    plan |= {"baseline_from": begin.isoformat(), "baseline_until": now().isoformat()}
    ways.api("engineer", f"{path}/propose", {"fields": plan})
    yield "api: a plan with its criterion"
    signed = {"identifier": "approver", "secret": SECRET}
    ways.api("approver", f"{path}/approve", {"signature": signed})
    yield "api: a plan approved by signature"
    ways.api("operator", f"{path}/do_action", {"fields": {"number": 1, "evidence": "list"}})
    changes = [
        {"about": about, "answer": "not_applicable", "words": "none"}
        for about in ("control_plan", "fmea", "document", "training")
    ]
    across = [{"place": "M2", "answer": "applied", "words": "same list"}]
    ways.api("engineer", f"{path}/prevent", {"fields": {"changes": changes, "across": across}})
    ways.api("quality_manager", f"{path}/verify", {})
    yield "api: an implementation verified"
    assert judge_due(now() + timedelta(days=3)) == 1
    yield "job: a verdict"


def of_plans(ways: Any) -> Iterator[str]:
    """A control plan with a line."""
    line = {"number": 10, "characteristic": ways.number, "gauge": "GAU-HAL-26-0001", "frequency": "hourly"}
    fields = {"title": "Housing", "product": "Housing 12", "lines": [line]}
    made = ways.api("engineer", "records/control-plan", {"site": "HAL", "fields": fields})["id"]
    yield "api: a control plan"
    ways.api("engineer", f"records/control-plan/{made}/moves/submit", {})
    yield "api: a control plan submitted"
    signal = Signal.objects.select_related("header", "header__site").get(header__state="acknowledged")
    with recording(actor=SETUP, now=now()) as work:
        give_steps(work, signal, ["Stop the machine"], "CPL / 10")
    yield "service: a reaction plan given"
    step = {"number": 1, "answer": "done", "words": ""}
    ways.api("operator", f"records/signal/{signal.pk}/moves/tick", {"fields": {"steps": [step]}})
    yield "api: a step ticked off"


def of_competences(ways: Any) -> Iterator[str]:
    """A competence in force, and somebody who has shown it."""
    ways.post(
        "engineer", "/records/competence/new", site="HAL", title="Soldering", proof="test", valid_months="12"
    )
    yield "form: a competence"
    number = "CPT-HAL-26-0001"
    made = Header.objects.get(type="competence").pk
    ways.api("quality_manager", f"records/competence/{made}/moves/release", {})
    assert Header.objects.get(pk=made).number == number
    fields = {"owner": ways.people["operator"].actor_id, "competence": number, "evidence": "28 of 30"}
    fields |= {"proved_on": now().date().isoformat()}
    held = ways.api("engineer", "records/qualification", {"site": "HAL", "fields": fields})["id"]
    yield "api: a qualification"
    ways.api("engineer", f"records/qualification/{held}/moves/confirm", {})
    yield "api: a qualification confirmed"
