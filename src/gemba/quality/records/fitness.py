"""Whether whoever takes a step has shown what his role requires there: the kernel asks whoever knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Reason

Unfit: TypeAlias = Callable[[Sequence[str]], tuple[Reason, ...]]
"""From the roles that may take a step to every reason why an actor may not take it in one of them."""


class Fitness(Protocol):
    """What an actor has not shown that steps on such a record of a site require; asked once for all."""

    def __call__(self, actor: Actor, *, kind: str, site: str, now: datetime) -> Unfit: ...


_fitness: list[Fitness] = []


def install_fitness(fitness: Fitness) -> None:
    """Say who knows what people have shown; called once at start."""
    _fitness[:] = [fitness]


def unfit(actor: Actor, *, kind: str, site: str, now: datetime) -> Unfit:
    """Every reason against each step; nothing where nobody knows."""
    return _fitness[0](actor, kind=kind, site=site, now=now) if _fitness else _nothing


def _nothing(_roles: Sequence[str]) -> tuple[Reason, ...]:
    return ()
