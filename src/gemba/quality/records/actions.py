"""What a person or a program can ask of a record type: make, edit, move; which input, which service."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
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


def calling(service: Callable[..., models.Model], record: str = "") -> Service:
    """A service as an action calls it: with those of its keyword arguments that were asked or typed.

    ``record`` is what the service calls the record; one that makes a record takes its ``site``. A field of
    the input goes to the argument of its name, the whole input to ``given``.
    """
    known = inspect.signature(service).parameters

    def call(asked: Asked) -> models.Model:
        typed = {item.name: getattr(asked.given, item.name) for item in fields(asked.given)}
        about = {item.name: getattr(asked, item.name) for item in fields(asked)}
        about[record or "record"] = asked.record
        return service(**{name: value for name, value in (typed | about).items() if name in known})

    return call


@dataclass(frozen=True)
class Action:
    """One thing to ask: its frozen input, and the service; without one, the kernel's own plain way.

    ``present`` gives the values that a form begins with; without it, those that the record has. ``begin``
    does so where it matters who is before the form, and when.
    """

    given: type[Any] = Nothing
    service: Service | None = None
    present: Callable[[Any], Mapping[str, Any]] | None = None
    begin: Callable[[Any, Actor, datetime], Mapping[str, Any]] | None = None


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
