"""Reads of processes for screens and neighbours."""

from __future__ import annotations

from gemba.quality.planning.processes.models import Step


def steps_of(process: int) -> list[tuple[str, str]]:
    """Number and operation of each step of a process, in their order."""
    rows = Step.objects.filter(process=process).order_by("number", "pk")
    return [(str(number), operation) for number, operation in rows.values_list("number", "operation")]
