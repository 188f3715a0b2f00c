"""What people do about a signal; each is one move of its lifecycle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gemba.quality.control.monitoring.episodes import bring_up_to_date
from gemba.quality.control.monitoring.models import Signal
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance

TYPED = ("event_code", "cause", "action", "reaction_step")


def acknowledge_signal(
    *, signal: Signal, actor: Actor, now: datetime, expected_version: int | None = None
) -> Signal:
    """Say that somebody has seen it and looks after it."""
    return _move(signal, "acknowledge", {}, actor, now, expected_version)


def state_cause(
    *,
    signal: Signal,
    cause: str,
    event_code: str = "",
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> Signal:
    """Say which assignable cause was found."""
    typed = {"cause": cause, "event_code": event_code}
    return _move(signal, "find_cause", typed, actor, now, expected_version)


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
