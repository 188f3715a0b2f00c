"""Reads of processes for screens and neighbours."""

from __future__ import annotations

from gemba.quality.planning.processes.models import Step


def step_numbers(process: int) -> list[int]:
    """The numbers of the steps of a process, in their order."""
    rows = Step.objects.filter(process=process).order_by("number")
    return list(rows.values_list("number", flat=True))
