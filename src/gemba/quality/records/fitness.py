"""Whether whoever takes a step has shown what his role requires there: the kernel asks whoever knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from gemba.quality.records.actor import Actor
from gemba.quality.records.reasons import Reason


class Fitness(Protocol):
    """Every reason why an actor may not act in one of these roles on such a record of a site."""

    def __call__(
        self, actor: Actor, roles: Sequence[str], *, kind: str, site: str, now: datetime
    ) -> Iterable[Reason]: ...


_fitness: list[Fitness] = []


def install_fitness(fitness: Fitness) -> None:
    """Say who knows what people have shown; called once at start."""
    _fitness[:] = [fitness]


def unfit(actor: Actor, roles: Sequence[str], *, kind: str, site: str, now: datetime) -> tuple[Reason, ...]:
    """Every reason against it; nothing where nobody knows."""
    return tuple(_fitness[0](actor, roles, kind=kind, site=site, now=now)) if _fitness else ()
