"""What the forms of a corrective action begin with: what the nonconformance, its signal and the plan say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gemba.quality.control.collecting import queries as readings
from gemba.quality.control.monitoring import queries as charts
from gemba.quality.control.nonconformance import queries as nonconformances
from gemba.quality.improvement.capa.criterion import usual_days
from gemba.quality.improvement.capa.inputs import AcrossInput, ActionInput, ChangeAnswer
from gemba.quality.improvement.capa.models import Capa
from gemba.quality.planning.controlplans import queries as plans
from gemba.quality.planning.products import queries as products
from gemba.quality.records.actor import Actor
from gemba.quality.records.calendar import due_after
from gemba.quality.records.editing import known_row
from gemba.quality.records.given import Full
from gemba.quality.records.links import linked_headers
from gemba.stats.results import N_, translator

USUAL_MINUTES = 10 * 8 * 60
"""How long an action usually takes: ten shifts of the plant's calendar, as long as its task."""
RISKS: Mapping[str, str] = {"critical": "high", "major": "medium", "minor": "low"}
REVISION = N_("{number}, revision {revision}")


def triaged(record: Capa) -> Mapping[str, Any]:
    """The risk that the severity of the nonconformance stands for, until somebody says otherwise."""
    about = _corrected(record)
    risk = record.risk or ("" if about is None else RISKS.get(about.severity, ""))
    return {"risk": risk, "shipped": record.shipped}


def contained(record: Capa) -> Mapping[str, Any]:
    """What was secured of the nonconformance, and the cause that was found at its signal, to begin with."""
    about = _corrected(record)
    words = record.containment or ("" if about is None else nonconformances.secured_in_words(about))
    return {"containment": words, "kind": "occurrence", "factor": "machine", **suspected(record)}


def suspected(record: Capa) -> Mapping[str, Any]:
    """The cause that was found at the signal, until one is written down."""
    about = _corrected(record)
    if about is None or record.causes.exists():
        return {}
    raised = [item.id for item in linked_headers(about.pk).get("raised_from", ()) if item.type == "signal"]
    return {"cause": charts.signal(raised[0]).cause} if raised else {}


def open_cause(record: Capa) -> Mapping[str, Any]:
    """The first cause that is not verified yet."""
    row = record.causes.filter(cycle=record.cycle, verified_at=None).order_by("number").first()
    return {} if row is None else {"number": row.number}


def next_action(record: Capa) -> Mapping[str, Any]:
    """The first action that is not done yet."""
    row = record.actions.filter(cycle=record.cycle, done_at=None).order_by("number").first()
    return {} if row is None else {"number": row.number}


def planned(record: Capa, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """The plan that was sent back, to begin with; of a first one what the plant knows and what is usual.

    An action is its writer's own and due when its task will be; the window is long enough for the power at
    the pace at which readings come.
    """
    rows = record.actions.filter(cycle=record.cycle).order_by("number")
    about = {"characteristic": record.characteristic, "stream": record.stream, "margin": record.margin}
    about |= {"alpha": record.alpha, "power": record.power, "window_days": record.window_days}
    due = due_after(site=record.header.site, start=now, minutes=USUAL_MINUTES)
    mine = ActionInput(responsible=actor.name, due=due.astimezone(ZoneInfo(record.header.site.zone)).date())
    actions = tuple(ActionInput(**known_row(row, ActionInput)) for row in rows) or (mine,)
    about |= {"metric": record.metric, "target": record.target, "actions": actions}
    about |= {} if record.characteristic else _measured(record)
    return (
        about
        if about["window_days"]
        else about | {"window_days": usual_days(about, record.header.site_id, now)}
    )


def open_changes(record: Capa) -> Mapping[str, Any]:
    """The questions that are still open, and the places that were named; a plan that was revised is named."""
    changes: list[ChangeAnswer] = []
    for row in record.changes.filter(answer="").order_by("pk"):
        about: Any = row.about
        words = _revised(record) if about == "control_plan" else ""
        changes.append(ChangeAnswer(about=about, answer="updated", words=words))
    rows = record.across.order_by("pk")
    across = tuple(AcrossInput(**known_row(row, AcrossInput)) for row in rows)
    return {"changes": Full(changes), "across": across}


def _corrected(record: Capa) -> Any:
    """The nonconformance that is corrected."""
    return nonconformances.by_number(record.corrects, site=record.header.site_id) if record.corrects else None


def _measured(record: Capa) -> dict[str, Any]:
    """The characteristic and the stream that did not conform, and its target."""
    about = _corrected(record)
    found = None if about is None else products.by_number(about.characteristic)
    if about is None or found is None:
        return {}
    key = "" if about.stream is None else readings.stream(about.stream).key
    return {"characteristic": about.characteristic, "stream": key, "metric": "mean", "target": found.target}


def _revised(record: Capa) -> str:
    """The control plan of the characteristic that came into force since the corrective action was opened."""
    found = products.by_number(record.characteristic)
    held = [] if found is None else plans.plans_in_force(found.pk)
    for plan in held:
        if (plan.in_force_at or 0) > record.header.opened_at:
            about = {"number": plan.header.number, "revision": plan.revision}
            return translator(None)(REVISION).format(**about)
    return ""
