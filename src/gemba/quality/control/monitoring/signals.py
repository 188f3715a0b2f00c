"""What people do about a signal; each is one move of its lifecycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from gemba.quality.control.monitoring.episodes import bring_up_to_date
from gemba.quality.control.monitoring.lifecycle import TICKS
from gemba.quality.control.monitoring.models import Signal, SignalStep
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.recorder import change_record
from gemba.quality.records.work import Work, recording

TYPED = ("event_code", "cause", "action", "reaction_step")


@dataclass(frozen=True, kw_only=True)
class StepAnswer:
    """What is said of one step of the reaction plan; without an answer it stays open."""

    number: int
    answer: Literal["", "done", "not_needed"] = ""
    words: str = ""


def acknowledge_signal(
    *,
    signal: Signal,
    steps: Sequence[StepAnswer] = (),
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Signal:
    """Say that somebody has seen it and looks after it; steps that are done by then are ticked off."""
    with recording(actor=actor, now=now):
        _move(signal, "acknowledge", {}, actor, now, expected_version)
        if any(row.answer for row in steps):
            tick_steps(signal=signal, steps=steps, actor=actor, now=now)
    return signal


def state_cause(
    *,
    signal: Signal,
    cause: str,
    event_code: str = "",
    action: str = "",
    reaction_step: str = "",
    close_signal: bool = False,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Signal:
    """Say which assignable cause was found; with it what was done, and that the episode ends.

    Each is a move of its own, with its guards, in one transaction: all of them are taken or none.
    """
    typed = {"cause": cause, "event_code": event_code}
    done = {"action": action, "reaction_step": reaction_step}
    with recording(actor=actor, now=now):
        _move(signal, "find_cause", typed, actor, now, expected_version)
        if action.strip() or close_signal:
            _move(signal, "do_action", done, actor, now, None)
        if close_signal:
            _move(signal, "close", {}, actor, now, None)
    return signal


def state_no_cause(
    *,
    signal: Signal,
    reason: str,
    event_code: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Signal:
    """Say that no cause was found, and where it was looked for."""
    typed = {"reason": reason, "event_code": event_code}
    return _move(signal, "find_none", typed, actor, now, expected_version)


def record_action(
    *,
    signal: Signal,
    action: str,
    reaction_step: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Signal:
    """Say what was done, and which step of the reaction plan that was."""
    typed = {"action": action, "reaction_step": reaction_step}
    return _move(signal, "do_action", typed, actor, now, expected_version)


def close_signal(
    *,
    signal: Signal,
    event_code: str = "",
    reaction_step: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Signal:
    """End the episode; it needs an event code and a done step of the reaction plan."""
    typed = {"event_code": event_code, "reaction_step": reaction_step}
    return _move(signal, "close", typed, actor, now, expected_version)


def give_steps(work: Work, signal: Signal, steps: Sequence[str], source: str) -> None:
    """Let a signal carry the reaction plan that is in force; it carries one plan to its end."""
    if signal.reaction_from:
        return
    signal.reaction_from = source
    for number, text in enumerate(steps, start=1):
        SignalStep.objects.create(signal=signal, number=number, text=text)
    change_record(work, signal, action="reaction plan", detail={"from": source, "steps": len(steps)})


def tick_steps(
    *,
    signal: Signal,
    steps: Sequence[StepAnswer],
    actor: Actor,
    now: datetime,
    move: str = "",
    expected_version: int | None = None,
) -> Signal:
    """Say of some steps of the reaction plan that they were done, or why they are not needed.

    ``move`` is the one that was asked for; without it that of the state is taken.
    """

    def tick(record: Signal) -> None:
        for given in (row for row in steps if row.answer):
            held = record.steps.get(number=given.number)
            if (held.answer, held.words) != (given.answer, given.words.strip()):
                held.answer, held.words = given.answer, given.words.strip()
                held.done_by, held.done_at = actor.id, to_microseconds(now)
                held.save()

    return advance(
        signal,
        move or TICKS.get(signal.header.state, "tick"),
        actor=actor,
        now=now,
        inputs={"steps": [asdict(row) for row in steps]},
        apply=tick,
        expected_version=expected_version,
    )


def _move(
    signal: Signal,
    move: str,
    typed: Mapping[str, str],
    actor: Actor,
    now: datetime,
    expected_version: int | None,
) -> Signal:
    given: dict[str, Any] = {name: value for name, value in typed.items() if value.strip()}

    def fill(record: Signal) -> None:
        for name in TYPED:
            if name in given:
                setattr(record, name, given[name].strip())
        bring_up_to_date(record)
        if move == "close":
            record.closed_point = _newest_judgement(record.stream)

    return advance(
        signal, move, actor=actor, now=now, inputs=given, apply=fill, expected_version=expected_version
    )


def _newest_judgement(stream: int) -> int:
    rows = store.fetch("SELECT MAX(id) FROM monitoring_point WHERE stream = %s", [stream])
    return int(rows[0][0] or 0)
