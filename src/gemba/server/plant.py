"""A running plant: its writer of readings, its workers, its live feed; started and stopped together."""

from __future__ import annotations

from dataclasses import dataclass

from gemba.server.ingest.writer import GroupWriter
from gemba.server.jobs.clock import ClockKeeper
from gemba.server.jobs.workers import Workers
from gemba.server.live.feed import Feed
from gemba.server.live.route import Readable


@dataclass
class Plant:
    """The threads of one process."""

    writer: GroupWriter
    workers: Workers
    feed: Feed
    readable: Readable
    clock: ClockKeeper

    def start(self) -> None:
        """Begin to work."""
        self.writer.after_commit = self.feed.wake
        self.writer.start()
        self.workers.start()
        self.feed.start()

    def stopping(self) -> None:
        """End what would keep browsers connected; the rest goes on until the last answer is given."""
        self.feed.close()

    def close(self) -> None:
        """Finish what was taken, then stop."""
        self.feed.close()
        self.writer.close()
        self.workers.close()
