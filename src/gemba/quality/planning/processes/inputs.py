"""What may be said of a process. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StepInput:
    """One step; ``predecessor`` is the number of the step before it, ``None`` for a first one."""

    number: int
    operation: str
    machine: str = ""
    station: str = ""
    predecessor: int | None = None
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ProcessInput:
    """A process as a turtle shows it; ``title`` is its name."""

    title: str
    owner: str = ""
    purpose: str = ""
    inputs: str = ""
    outputs: str = ""
    resources: str = ""
    competence: str = ""
    methods: str = ""
    measures: str = ""
    risks: str = ""
    steps: tuple[StepInput, ...] = ()
