"""Serves a plant whose clock stands still, to be photographed: ``python -m pictures.plant FOLDER PORT KIND``.

``demo`` is the plant of ``gemba demo`` as it is opened; ``lesson`` has the people of the lessons and nothing
else. Each line that the process reads is a mark of a lesson, which it takes, or an address that it finds.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gemba.demo.serving import DemoStage
from gemba.server import clock
from gemba.server.app import Serving, run
from pictures.book import PASSWORD

MOMENT = datetime(2026, 11, 27, 9, 20, tzinfo=UTC)
"""The moment at which every picture is taken, or at which its lesson begins."""
BETWEEN = timedelta(minutes=2)
"""How long a step of a lesson takes."""


def stand_still() -> None:
    """The clock shows one moment, whatever time it is."""
    clock.wall = lambda: MOMENT
    clock._began = MOMENT - timedelta(seconds=time.monotonic())


def rest() -> None:
    """No job runs beside what is photographed."""
    from gemba.server import assemble

    vars(assemble)["timed_jobs"] = lambda _clock: ()


class Lesson:
    """A plant in which nothing has happened yet but that its people came."""

    words = "For the camera"

    def __init__(self) -> None:
        self.story: Any = None

    def open(self, data: Any, _say: Any) -> str:
        """A new store with the people whom the lesson names."""
        from gemba.quality.people import services
        from gemba.quality.people.models import Person
        from gemba.server.identity import forget
        from gemba.server.opening import open_store
        from story.lesson import SETUP, Story
        from story.marks import PAGE
        from walls.tree import text

        rest()
        open_store(data, now=MOMENT)
        self.story = Story(text(PAGE))
        for person in Person.objects.filter(username__in=self.story.clients):
            services.set_password(person=person, password=PASSWORD, actor=SETUP, now=MOMENT)
            self.story.clients[person.username].force_login(person)  # a new password ends the sessions
        forget()
        return "/"

    def jobs(self) -> Sequence[Any]:
        """None: the lesson's own marks are all that happens."""
        return ()

    def served(self, _address: str) -> None:
        """Begin to listen for marks."""
        threading.Thread(target=self.follow_to_the_end, args=(sys.stdin,), daemon=True).start()

    def follow_to_the_end(self, lines: Iterable[str]) -> None:
        """Follow; where a mark fails the plant ends, and its log says why."""
        try:
            self.follow(lines)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def follow(self, lines: Iterable[str]) -> None:
        """Take each mark, or find an address; say so when it is done."""
        from story.marks import SEQUEL
        from walls.tree import text

        for line in lines:
            kind, first, second, rest = json.loads(line)
            if kind == "address":
                say(f"done {self.story.address(first)}")
                continue
            if kind == "sequel":
                self.story.page = text(SEQUEL)
            elif kind == "wait":
                clock.set_ahead(clock.now() + timedelta(days=int(first), minutes=1))
                self.story.wait("0", second, rest)
            else:
                clock.set_ahead(clock.now() + BETWEEN)
                getattr(self.story, kind)(first, second, rest)
            say("done")


class Still(DemoStage):
    """The demo as it is opened, in which nothing moves; it says where its stories stand."""

    def open(self, data: Any, say: Any) -> str:
        """Make the plant."""
        rest()
        link = super().open(data, say)
        say(f"places {json.dumps(self.places())}")
        return link

    def jobs(self) -> Sequence[Any]:
        """None."""
        return ()

    def places(self) -> dict[str, Any]:
        """Which passwords open it, and what lies where."""
        from gemba.demo.people import CAST
        from gemba.demo.stories import thread_begins, told

        assert self.living is not None
        asked = thread_begins()
        assert asked is not None
        found: dict[str, Any] = {"passwords": {name: role.password for name, role in CAST.items()}}
        found["asked"] = f"requirement/{asked.pk}"
        found |= {code + key: stream for stream, (code, key) in self.living.streams().items()}
        for item in told(self.living.mark, self.living.streams()):
            for kind in ("signal", "nonconformance", "capa", "gauge"):
                header = getattr(item, kind)
                if header is not None:
                    found[f"{item.story.name}.{kind}"] = f"{kind}/{header.pk}"
        return found


def say(line: str) -> None:
    """Tell whoever takes the pictures."""
    print(line, flush=True)  # noqa: T201 (for the other process)


if __name__ == "__main__":
    place, port, kind = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    stand_still()
    if kind == "demo":
        os.environ["GEMBA_DEMO"] = "1"
    stage = Still(fresh=True, agree=lambda _: True, browser=False) if kind == "demo" else Lesson()
    run(place, Serving(port=port, names=("testserver",)), say=say, stage=stage)
