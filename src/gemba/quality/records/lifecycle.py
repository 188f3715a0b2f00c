"""The table of states and moves that each record type has, and what a guard may look at. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Reason

Category = Literal["draft", "open", "approved", "effective", "closed", "void"]
LOCKED: frozenset[str] = frozenset({"closed", "void"})


@dataclass(frozen=True)
class Linked:
    """A neighbour as a guard sees it: its header only."""

    id: int
    type: str
    number: str | None
    state: str
    category: Category


@dataclass(frozen=True)
class Situation:
    """All that a guard may know: the record, what was typed, who, when, the neighbours, who did what."""

    record: Mapping[str, Any]
    inputs: Mapping[str, Any]
    actor: Actor
    now: datetime
    linked: Mapping[str, tuple[Linked, ...]] = field(default_factory=dict)
    done_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    open_tasks: frozenset[str] = frozenset()


class Unreadable(Exception):
    """A guard asked for something that was typed and could not be read."""


class UnreadInputs(Mapping[str, Any]):
    """What was typed beside the reason, where some of it could not be read.

    A guard that asks for it learns nothing: the faults of the fields are said instead.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __getitem__(self, name: str) -> Any:
        if name == "reason":
            return self.reason
        raise Unreadable(name)

    def __iter__(self) -> Iterator[str]:
        raise Unreadable("all")

    def __len__(self) -> int:
        raise Unreadable("all")


Guard: TypeAlias = Callable[[Situation], Iterable[Reason]]


@dataclass(frozen=True)
class State:
    """A state, its category, its label; one ``beside`` the straight way is drawn only while it lasts."""

    name: str
    category: Category
    label: str
    beside: bool = False


@dataclass(frozen=True)
class Move:
    """One line of the table: from where to where, who may, under which guards, signed or not.

    ``signature`` is the meaning that a signature states, ``None`` where none is needed. ``needs_reason``
    asks for a reason in words. ``event`` names the fact that others react to.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    label: str
    guards: tuple[Guard, ...] = ()
    signature: str | None = None
    needs_reason: bool = False
    event: str | None = None


@dataclass(frozen=True)
class Lifecycle:
    """The whole table of one record type."""

    type: str
    initial: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        names = {state.name for state in self.states}
        mentioned = (
            {self.initial} | {m.target for m in self.moves} | {s for m in self.moves for s in m.sources}
        )
        if mentioned != names or len(names) != len(self.states):
            raise ValueError(f"{self.type}: states and moves do not fit: {sorted(mentioned ^ names)}")
        if len({move.name for move in self.moves}) != len(self.moves):
            raise ValueError(f"{self.type}: a move is named twice")
        for state in self.states:
            ends = state.category in LOCKED
            if not ends and not any(state.name in move.sources for move in self.moves):
                raise ValueError(f"{self.type}: no way out of {state.name}")

    def state(self, name: str) -> State:
        """The state with this name."""
        return next(state for state in self.states if state.name == name)

    def move(self, name: str) -> Move | None:
        """The move with this name, if there is one."""
        return next((move for move in self.moves if move.name == name), None)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """The moves that leave a state."""
        return tuple(move for move in self.moves if state in move.sources)


def reasons_against(
    lifecycle: Lifecycle, move: Move, situation: Situation, *, site: str
) -> tuple[Reason, ...]:
    """Every unmet condition of a move, signature apart; an empty tuple means: it may be taken."""
    state = lifecycle.state(str(situation.record["state"]))
    reasons: list[Reason] = []
    if state.name not in move.sources:
        reasons.append(Reason("records.wrong_state", {"state": state.label}))
    if not situation.actor.has_any(move.roles, site):
        reasons.append(Reason("records.role_missing", {"roles": ", ".join(move.roles)}))
    if move.needs_reason and not str(situation.inputs.get("reason") or "").strip():
        reasons.append(Reason("records.reason_missing"))
    for guard in move.guards:
        with suppress(Unreadable):
            reasons += guard(situation)
    return _once(reasons)


def _once(reasons: list[Reason]) -> tuple[Reason, ...]:
    seen: list[Reason] = []
    for reason in reasons:
        if reason not in seen:
            seen.append(reason)
    return tuple(seen)


def by_a_person(situation: Situation) -> Iterable[Reason]:
    """A guard: a person does it, neither a machine nor the program by a rule."""
    if situation.actor.kind != "person":
        yield Reason("records.person_only")


def not_who(*moves: str) -> Guard:
    """A guard: whoever took one of these moves on the record may not take this one (maker is not checker)."""

    def guard(situation: Situation) -> Iterable[Reason]:
        for move in moves:
            if situation.actor.id in situation.done_by.get(move, frozenset()):
                yield Reason("records.own_work", {"move": move})

    return guard


def filled(*fields: str) -> Guard:
    """A guard: these fields are filled in, on the record or in what was typed with the move."""

    def guard(situation: Situation) -> Iterable[Reason]:
        for name in fields:
            value = situation.inputs.get(name, situation.record.get(name))
            if value is None or (isinstance(value, str) and not value.strip()):
                yield Reason("records.field_missing", {"field": name})

    return guard


def nothing_in_force(*relations: str) -> Guard:
    """A guard: no neighbour by these relations counts any more; a draft does not count yet."""

    def guard(situation: Situation) -> Iterable[Reason]:
        near = [item for name in relations for item in situation.linked.get(name, ())]
        live = [item.number or f"#{item.id}" for item in near if item.category not in {"draft", *LOCKED}]
        if live:
            yield Reason("records.still_in_force", {"records": ", ".join(dict.fromkeys(live))})

    return guard


def no_open_task(*codes: str) -> Guard:
    """A guard: nothing of this kind is still to be done about the record; without codes, nothing at all."""

    def guard(situation: Situation) -> Iterable[Reason]:
        left = situation.open_tasks & frozenset(codes) if codes else situation.open_tasks
        if left:
            yield Reason("records.task_open", {"count": len(left)})

    return guard
