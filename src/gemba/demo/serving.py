"""``gemba demo`` behind the command: make the plant or open it again, and serve it on this machine alone."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gemba.demo.book import DAYS, SEED
from gemba.server.app import Serving, run
from gemba.server.opening import StartRefused, open_store
from gemba.stats.results import N_, translator

if TYPE_CHECKING:
    from gemba.demo.living import Entrance, Living
    from gemba.demo.mark import Mark
    from gemba.quality.records.store.folder import DataFolder
    from gemba.server.jobs.workers import Job
    from gemba.server.local import Answerer

HOST = "127.0.0.1"
FIRST_PORT, TRIED = 8000, 20
KEPT = ("holder", "keys")
"""What stays in the folder when a demo is made anew: who holds it, and the keys that were read already."""
Say = Callable[[str], None]


class DemoStage:
    """The demo plant as the server opens it: made when there is none, living while it is served."""

    words = N_("Open it by this link, which works once")

    def __init__(self, *, fresh: bool, agree: Callable[[str], bool], browser: bool) -> None:
        self._fresh, self._agree, self._browser = fresh, agree, browser
        self.living: Living | None = None
        self.entrance: Entrance | None = None

    def open(self, data: DataFolder, say: Say) -> str:
        """Make the plant, or open the one that is there."""
        from gemba.demo.living import Entrance, Living
        from gemba.demo.web import playing
        from gemba.quality.records.clockwork import newest_moment
        from gemba.server.clock import set_ahead

        mark = self._mark(data, say)
        newest = newest_moment()
        if newest is not None:
            set_ahead(newest)
        self.living, self.entrance = Living(mark, set_ahead), Entrance()
        playing.play(self.living, self.entrance)
        return f"/demo/enter/{self.entrance.secret}"

    def jobs(self) -> Sequence[Job]:
        """Something is measured every few seconds."""
        from gemba.demo.living import SECONDS
        from gemba.server.jobs.workers import Job

        return () if self.living is None else (Job("measure in the demo", SECONDS, self.living.look),)

    def served(self, address: str) -> None:
        """Open the browser as soon as the server answers."""
        if self._browser:
            show = threading.Thread(
                target=webbrowser.open, args=(address,), name="gemba-browser", daemon=True
            )
            show.start()

    def _mark(self, data: DataFolder, say: Say) -> Mark:
        from gemba.demo.mark import is_ready, read_mark
        from gemba.server.clock import now

        if data.store.exists():
            for line in open_store(data, now=now()):
                say(line)
            mark = read_mark()
            if mark is None:
                raise StartRefused(
                    N_(
                        "{path} holds a plant of your own, not a demo. Serve it with gemba serve, or name "
                        "another folder with --data FOLDER."
                    ),
                    path=data.path,
                )
            if is_ready() and not (self._fresh and self._agree(f"Delete the demo plant in {data.path}?")):
                return mark
            _clear(data)
        return _make(data, say)


def _make(data: DataFolder, say: Say) -> Mark:
    """Ninety days in half a minute."""
    from django.conf import settings

    from gemba.demo.history import make_plant
    from gemba.server.clock import now

    open_store(data, now=now() - timedelta(days=DAYS))
    t = translator(settings.LANGUAGE_CODE)
    words = N_(
        "Making the demo plant: {days} days of three lines and a laboratory. This takes half a minute."
    )
    say(t(words).format(days=DAYS))
    began = time.monotonic()
    with _nobody_waits():
        mark = make_plant(now=now(), days=DAYS, seed=SEED)
    say(t(N_("It is ready after {seconds:.0f} s.")).format(seconds=time.monotonic() - began))
    return mark


@contextmanager
def _nobody_waits() -> Iterator[None]:
    """How long the store is held is said only where somebody may wait for it."""
    log = logging.getLogger("gemba.store")
    usual = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(usual)


def _clear(data: DataFolder) -> None:
    """Delete a demo, all but what this process uses."""
    from django.db import connections

    connections.close_all()
    for item in data.path.iterdir():
        if item.name.startswith(KEPT):
            continue
        if item.is_dir():
            shutil.rmtree(item)
        else:
            item.unlink()


def run_demo(
    folder: Path,
    *,
    port: int,
    fresh: bool,
    agree: Callable[[str], bool],
    browser: bool,
    say: Say,
    answerer: Callable[[DataFolder], Answerer] | None = None,
) -> None:
    """Serve the demo plant in a folder until it is told to stop; it is made first where there is none.

    ``agree`` is asked before a demo is deleted.

    Raises
    ------
    StartRefused
        When the folder holds a plant of one's own.
    """
    os.environ["GEMBA_DEMO"] = "1"
    stage = DemoStage(fresh=fresh, agree=agree, browser=browser)
    serving = Serving(host=HOST, port=port or free_port())
    run(folder, serving, say=say, answerer=answerer, stage=stage)


def free_port() -> int:
    """The usual port, or the next one that nobody uses."""
    for port in range(FIRST_PORT, FIRST_PORT + TRIED):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise StartRefused(
        N_("The ports {first} to {last} are in use. Name one with --port N."),
        first=str(FIRST_PORT),
        last=str(FIRST_PORT + TRIED - 1),
    )
