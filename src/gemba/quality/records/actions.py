"""What a person or a program can ask of a record type: make, edit, move; which input, which service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from django.db import models

from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Site
from gemba.quality.records.signatures import Proof


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """The input of what takes no field of its own."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """All that reaches a service from the edge: the record or the site, the input, who, when, why."""

    given: Any
    actor: Actor
    now: datetime
    record: Any = None
    site: Site | None = None
    reason: str = ""
    expected_version: int | None = None
    effective_from: datetime | None = None
    proof: Proof | None = None


Service: TypeAlias = Callable[[Asked], models.Model]


@dataclass(frozen=True)
class Action:
    """One thing to ask: its frozen input, and the service; without one, the kernel's own plain way.

    ``present`` gives the values that a form begins with; without it, those that the record has.
    """

    given: type[Any] = Nothing
    service: Service | None = None
    present: Callable[[Any], Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class Actions:
    """Everything that can be asked of one type; a move that is not named takes no field of its own."""

    create: Action | None = None
    edit: Action | None = None
    moves: Mapping[str, Action] = field(default_factory=dict)


_actions: dict[str, Actions] = {}


def install_actions(type_name: str, actions: Actions) -> None:
    """Say what can be asked of a record type; called once at start."""
    _actions[type_name] = actions


def actions_of(type_name: str) -> Actions:
    """What can be asked of a record type."""
    return _actions.get(type_name, Actions())
