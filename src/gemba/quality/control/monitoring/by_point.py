"""What a person does to the limits by pointing at a point: a new stage, a point left out, and taken back.

Each is a proposal: it changes nothing on the chart until somebody else signs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.limit_sets import edit_limits, propose_limits
from gemba.quality.control.monitoring.models import LimitSet
from gemba.quality.control.monitoring.points import Key
from gemba.quality.control.monitoring.stored import point_at
from gemba.quality.control.monitoring.window import key_of
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.reasons import Reason, Refused
from gemba.quality.records.recorder import lock_header
from gemba.quality.records.work import recording

_Change: TypeAlias = Callable[[Mapping[str, str]], dict[str, str]]
"""From the points that are left out, each with its cause, to those that shall be."""


def start_stage(*, stream: int, point: str, why: str, actor: Actor, now: datetime) -> LimitSet:
    """Propose limits from a point on, that shall hold from this point: a cut-in.

    Parameters
    ----------
    point : str
        The name of the first point of the new stage, ``"position.sequence"``.
    why : str
        What was changed there.

    Raises
    ------
    Refused
        Without a reason, for a point that the chart has not, where limits are proposed already, where the
        points from there on are too few, and to whom may not study limits.
    """
    if not why.strip():
        raise Refused([Reason("monitoring.why_missing", {"field": "why"})])
    key, moment = _known(stream, point)
    return propose_limits(
        stream=stream,
        between=(key, None),
        holds_from=from_microseconds(moment),
        why=why,
        actor=actor,
        now=now,
    )


def leave_out(*, stream: int, point: str, cause: str, actor: Actor, now: datetime) -> LimitSet:
    """Leave a point out of the limits for an assignable cause.

    Where limits are proposed they are calculated again without it. Otherwise those in force are, from the
    same points, as a new proposal; what is in force does not change.

    Raises
    ------
    Refused
        Without a cause, for a point that the limits do not stand on, and to whom may not study limits.
    """
    key, _ = _known(stream, point)
    if not cause.strip():
        raise Refused([Reason("monitoring.exclusion_reason", {"point": point})])

    def with_it(excluded: Mapping[str, str]) -> dict[str, str]:
        return {**excluded, _name(key): cause.strip()}

    with recording(actor=actor, now=now):
        return _study_again(stream, with_it, cause, actor, now)


def take_back(*, stream: int, point: str, why: str, actor: Actor, now: datetime) -> LimitSet:
    """Let the limits stand on a point again that was left out; as a proposal, like ``leave_out``.

    Raises
    ------
    Refused
        Without a reason, for a point that is not left out, and to whom may not study limits.
    """
    key, _ = _known(stream, point)
    if not why.strip():
        raise Refused([Reason("monitoring.why_missing", {"field": "why"})])

    def without_it(excluded: Mapping[str, str]) -> dict[str, str]:
        if _name(key) not in excluded:
            raise Refused([Reason("monitoring.not_left_out", {"point": point})])
        return {name: reason for name, reason in excluded.items() if name != _name(key)}

    with recording(actor=actor, now=now):
        return _study_again(stream, without_it, why, actor, now)


def _study_again(stream: int, change: _Change, why: str, actor: Actor, now: datetime) -> LimitSet:
    """The proposed limits with other points left out, or those in force as a new proposal."""
    proposed = _proposed(stream)
    if proposed is not None:
        lock_header(proposed.header_id)
        proposed.refresh_from_db()
        return edit_limits(
            limit_set=proposed, excluded=change(_causes(proposed)), reason=why, actor=actor, now=now
        )
    base = _in_force(stream)
    if base is None:
        raise Refused([Reason("monitoring.nothing_to_leave_out", {})])
    if not base.points:
        raise Refused([Reason("monitoring.given_points", {"number": base.header.number})])
    span = (base.first_position, base.first_sequence), (base.last_position, base.last_sequence)
    return propose_limits(
        stream=stream, between=span, excluded=change(_causes(base)), why=why, actor=actor, now=now
    )


def _proposed(stream: int) -> LimitSet | None:
    rows = LimitSet.objects.select_related("header").filter(stream=stream, header__state="proposed")
    return rows.order_by("pk").last()


def _in_force(stream: int) -> LimitSet | None:
    held = read_stream(stream)
    if held is None or held.judge.limits_id is None:
        return None
    return LimitSet.objects.select_related("header").get(pk=held.judge.limits_id)


def _causes(record: LimitSet) -> dict[str, str]:
    return {item["point"]: item["reason"] for item in record.excluded}


def _known(stream: int, point: str) -> tuple[Key, int]:
    """The key and the moment of a point of the chart."""
    key = key_of(point)
    moment = None if key is None else point_at(stream, key)
    if key is None or moment is None:
        raise Refused([Reason("monitoring.point_unknown", {"point": point})])
    return key, moment


def _name(key: Key) -> str:
    return f"{key[0]}.{key[1]}"
