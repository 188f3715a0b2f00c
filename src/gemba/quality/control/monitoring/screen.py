"""How signals and limit sets are listed, filtered, shown and moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from gemba.quality.control.monitoring import services
from gemba.quality.control.monitoring.keeping import read_limits
from gemba.quality.control.monitoring.lifecycle import TICKS
from gemba.quality.control.monitoring.models import LimitSet, Signal
from gemba.quality.control.monitoring.queries import done_in_words, words_of
from gemba.quality.control.monitoring.record import LIMIT_SET, SIGNAL
from gemba.quality.control.monitoring.signals import StepAnswer
from gemba.quality.planning.products import queries as products
from gemba.quality.records.actions import Action, Asked, calling
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.given import Full
from gemba.quality.records.screen import ChildTable, Column, Filter, Panel, Screen, Section
from gemba.stats.charts import kind_named
from gemba.stats.charts.kind import Several
from gemba.stats.results import N_


@dataclass(frozen=True, kw_only=True)
class CauseInput:
    """What was found; with it what was done about it, and whether the signal is closed with it."""

    cause: str
    event_code: str = ""
    action: str = ""
    reaction_step: str = ""
    close_signal: bool = False


@dataclass(frozen=True, kw_only=True)
class NoCauseInput:
    """What kind of event it was, although no cause was found."""

    event_code: str = ""


@dataclass(frozen=True, kw_only=True)
class ActionInput:
    """What was done, and which step of the reaction plan that was."""

    action: str
    reaction_step: str = ""


@dataclass(frozen=True, kw_only=True)
class ClosingInput:
    """What must be known when the episode ends."""

    event_code: str = ""
    reaction_step: str = ""


@dataclass(frozen=True, kw_only=True)
class StepsInput:
    """What is said of the steps of the reaction plan, some or all of them."""

    steps: tuple[StepAnswer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GivenInput:
    """Limits that are known beforehand: mean and sigma, or both limits, and where they come from."""

    stream: int
    mean: Decimal | None = None
    sigma: Decimal | None = field(default=None, metadata={"label": N_("Standard deviation within subgroups")})
    sigma_between: Decimal | None = field(
        default=None, metadata={"label": N_("Standard deviation between subgroups")}
    )
    lower_limit: Decimal | None = field(default=None, metadata={"label": N_("Or: lower control limit")})
    upper_limit: Decimal | None = field(default=None, metadata={"label": N_("Or: upper control limit")})
    source: str = field(metadata={"label": N_("Where they come from")})
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StudyInput:
    """Which points the limits do not stand on, a line each: its number or name, then its cause."""

    leave_out: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class ApprovalInput:
    """From when the limits hold, and why."""

    valid_from: datetime
    why: str = ""


def _edit(asked: Asked) -> LimitSet:
    parts = [line.strip().partition(" ") for line in asked.given.leave_out]
    return services.edit_limits(
        limit_set=asked.record,
        excluded={point.rstrip(":"): cause.strip() for point, _, cause in parts},
        why=asked.given.why,
        reason=asked.reason,
        actor=asked.actor,
        now=asked.now,
        expected_version=asked.expected_version,
    )


def _left_out(record: LimitSet) -> dict[str, Any]:
    lines = tuple(f"{item['point']} {item['reason']}" for item in record.excluded)
    return {"leave_out": lines, "why": record.why}


def _wanted_from(record: LimitSet) -> dict[str, Any]:
    """From when whoever proposed the limits wants them to hold: the cut-in of a new stage."""
    wanted = None if record.valid_from is None else from_microseconds(record.valid_from)
    return {"valid_from": wanted, "why": record.why}


def _open_steps(record: Signal) -> dict[str, Any]:
    rows = record.steps.filter(answer="").order_by("number")
    return {"steps": Full(StepAnswer(number=row.number) for row in rows)}


def _known_cause(record: Signal) -> dict[str, Any]:
    """What is said already; where every step of the reaction plan is ticked off, the signal can be closed.

    What was done begins with the steps that were ticked off as done.
    """
    said = {name: getattr(record, name) for name in ("cause", "event_code", "action", "reaction_step")}
    steps = list(record.steps.order_by("number"))
    ended = bool(steps) and all(step.answer for step in steps)
    said["action"] = said["action"] or (done_in_words(record) if ended else "")
    return said | {"close_signal": ended}


def _in_words(record: Signal) -> dict[str, Any]:
    return {"words": list(words_of(record)), "stream": record.stream}


def _reaction(record: Signal) -> dict[str, Any]:
    """The steps that are still to be ticked off, and the move that does it now."""
    rows = record.steps.filter(answer="").order_by("number")
    return {
        "from": record.reaction_from,
        "move": {"open": "acknowledge", **TICKS}.get(record.header.state, ""),
        "waits": record.header.state == "open",
        "open": [{"number": row.number, "text": row.text} for row in rows],
    }


def _lines(record: LimitSet) -> dict[str, Any]:
    limits = read_limits(record.limits)
    counted = kind_named(record.kind).units and limits.points
    size = limits.values / limits.points if counted else float(record.size)
    panels = [
        {"panel": name, "center": line[0], "lcl": _known(line[1]), "ucl": _known(line[2])}
        for name, line in zip(kind_named(record.kind).panels, limits.lines(size), strict=True)
    ]
    return {
        "panels": panels,
        "stream": record.stream,
        "points": record.points,
        "excluded": record.excluded,
        "members": [] if limits.several is None else _members(limits.several),
        "parts": [{"part": name, **values} for name, values in (limits.to_dict()["parts"] or {}).items()],
    }


def _members(several: Several) -> list[dict[str, Any]]:
    """Mean and standard deviation of each characteristic, and how it goes together with each."""
    titles = products.named(several.names)
    sigmas = [row[place] ** 0.5 for place, row in enumerate(several.covariance)]
    return [
        {
            "number": name,
            "title": titles[name][1] if name in titles else name,
            "mean": mean,
            "sigma": sigma,
            "together": [shared / sigma / other for shared, other in zip(row, sigmas, strict=True)],
        }
        for name, mean, sigma, row in zip(
            several.names, several.mean, sigmas, several.covariance, strict=True
        )
    ]


def _known(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 (NaN is not itself)


SIGNAL_SCREEN = Screen(
    kind=SIGNAL,
    columns=(
        Column("number"),
        Column("title"),
        Column("state"),
        Column("severity"),
        Column("points"),
        Column("first_at", N_("First point")),
        Column("last_at", N_("Last point")),
        Column("site"),
    ),
    filters=(Filter("state"), Filter("category"), Filter("site"), Filter("severity"), Filter("first_at")),
    sections=(
        Section(N_("What was found"), ("event_code", "cause")),
        Section(N_("What was done"), ("action", "reaction_step", "reaction_from")),
        Section(N_("The episode"), ("severity", "points", "first_at", "last_at", "fault")),
    ),
    panels=(
        Panel("signal", N_("What the chart says"), _in_words),
        Panel("reaction", N_("Reaction plan"), _reaction),
    ),
    children=(
        ChildTable(
            "steps",
            N_("Steps of the reaction plan"),
            ("number", "text", "answer", "words", "done_by", "done_at"),
        ),
    ),
    search=("cause", "action", "event_code"),
    help="records/signal",
    moves={
        "acknowledge": Action(StepsInput, calling(services.acknowledge_signal, "signal"), _open_steps),
        "find_cause": Action(CauseInput, calling(services.state_cause, "signal"), _known_cause),
        "find_none": Action(NoCauseInput, calling(services.state_no_cause, "signal")),
        "do_action": Action(ActionInput, calling(services.record_action, "signal")),
        **{
            name: Action(StepsInput, calling(partial(services.tick_steps, move=name), "signal"), _open_steps)
            for name in TICKS.values()
        },
        "close": Action(ClosingInput, calling(services.close_signal, "signal")),
    },
)
LIMIT_SET_SCREEN = Screen(
    kind=LIMIT_SET,
    columns=(
        Column("number"),
        Column("title"),
        Column("state"),
        Column("kind", N_("Chart")),
        Column("points"),
        Column("stable", N_("In control")),
        Column("opened_at"),
        Column("site"),
    ),
    filters=(Filter("state"), Filter("site"), Filter("stable")),
    sections=(Section(N_("What they stand on"), ("kind", "size", "points", "stable", "found", "why")),),
    panels=(Panel("limits", N_("Limits"), _lines),),
    search=("why",),
    help="records/limit-set",
    create=Action(GivenInput, calling(services.give_limits)),
    edit=Action(StudyInput, _edit, _left_out),
    moves={
        "approve": Action(ApprovalInput, calling(services.approve_limits, "limit_set"), _wanted_from),
        "reject": Action(service=calling(services.reject_limits, "limit_set")),
    },
)
