"""The parts of a running plant, put together."""

from __future__ import annotations

from collections.abc import Sequence

from gemba.quality import loop
from gemba.server.clock import now
from gemba.server.ingest.writer import GroupWriter
from gemba.server.jobs.clock import ClockKeeper
from gemba.server.jobs.table import timed_jobs
from gemba.server.jobs.workers import Job, Workers
from gemba.server.live.charts import changed_streams, newest_seal, readable_streams
from gemba.server.live.feed import Feed
from gemba.server.plant import Plant


def assemble(clock: ClockKeeper, more: Sequence[Job] = ()) -> Plant:
    """Everything that works beside the answering of requests; ``more`` are jobs of this plant alone."""
    return Plant(
        writer=GroupWriter(loop.receive_joined, now),
        workers=Workers((*timed_jobs(clock), *more), now),
        feed=Feed(changed_streams, newest_seal),
        readable=readable_streams,
        clock=clock,
    )
