"""That a store is a demo: the first line of its trail, written when it was made, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gemba.quality.records.actor import system
from gemba.quality.records.models import Entry
from gemba.quality.records.work import read_detail, recording

ACTION, READY = "demo.create", "demo.ready"
_DEMO = system("demo")


@dataclass(frozen=True)
class Mark:
    """When the demo began, how many days it had lived when it was opened, and the seed of its readings."""

    start: datetime
    days: int
    seed: int


class NotADemo(Exception):
    """The store holds a plant of one's own."""


def make_mark(mark: Mark) -> None:
    """Say of an empty store that it is a demo; one that holds anything stays what it is.

    Raises
    ------
    NotADemo
        When the trail has begun already.
    """
    if Entry.objects.exists():
        raise NotADemo
    with recording(actor=_DEMO, now=mark.start) as work:
        work.enter(
            ACTION, detail={"start": mark.start.isoformat(), "days": mark.days, "seed": mark.seed}
        )  # fmt: skip


def read_mark() -> Mark | None:
    """The mark of this store; ``None`` in a plant of one's own."""
    first = Entry.objects.order_by("pk").first()
    if first is None or (first.action, first.actor) != (ACTION, _DEMO.id):
        return None
    detail = read_detail(first.detail)
    return Mark(datetime.fromisoformat(detail["start"]), int(detail["days"]), int(detail["seed"]))


def say_ready(now: datetime) -> None:
    """Say that the demo was made whole."""
    with recording(actor=_DEMO, now=now) as work:
        work.enter(READY)


def is_ready() -> bool:
    """Whether it was; one that was interrupted is made anew."""
    return Entry.objects.filter(action=READY, actor=_DEMO.id).exists()
