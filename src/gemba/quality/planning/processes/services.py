"""The writer of processes; they are edited and moved the plain way of the kernel."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from gemba.quality.planning.processes.inputs import ProcessInput
from gemba.quality.planning.processes.models import Process
from gemba.quality.planning.processes.record import PROCESS
from gemba.quality.records.actor import Actor
from gemba.quality.records.editing import create_plain
from gemba.quality.records.models import Site


def draft_process(*, site: Site, given: ProcessInput, actor: Actor, now: datetime) -> Process:
    """Make a draft with its steps; ``advance(process, "release", ...)`` puts it in force."""
    return cast(Process, create_plain(PROCESS, site=site, given=given, actor=actor, now=now))
