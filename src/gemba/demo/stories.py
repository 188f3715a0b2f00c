"""Where each story stands in the plant: the signal by which the product found it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gemba.demo.asked import NEEDS
from gemba.demo.book import STORIES, Story
from gemba.demo.cases import CASES
from gemba.demo.improving import capa_of
from gemba.demo.mark import Mark
from gemba.demo.metrology import DRIFT, DRIFTED
from gemba.quality.control.gauges.models import Gauge
from gemba.quality.control.monitoring.models import Signal
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.models import Header


@dataclass(frozen=True)
class Told:
    """A story with the records in which it can be read."""

    story: Story
    stream: int
    signal: Header | None
    rules: tuple[str, ...]
    nonconformance: Header | None
    capa: Header | None
    gauge: Header | None

    @property
    def is_over(self) -> bool:
        """Whether the record by which it ends is closed: the signal left to a visitor, else the action."""
        ends = self.signal if self.story.left else self.capa
        return ends is not None and ends.category in LOCKED

    @property
    def sentence(self) -> str:
        """What is told of it: another sentence once it is over, where there is one."""
        return (self.is_over and self.story.afterwards) or self.story.sentence


def told(mark: Mark, streams: dict[int, tuple[str, str]]) -> list[Told]:
    """Every story whose stream is known."""
    places = {place: stream for stream, place in streams.items()}
    found = [(story, places.get((story.code, story.key))) for story in STORIES]
    return [_told(mark, story, stream) for story, stream in found if stream is not None]


def _told(mark: Mark, story: Story, stream: int) -> Told:
    signal = signal_of(mark, story, stream)
    raised = Nonconformance.objects.select_related("header").filter(stream=stream)
    within = _within(mark, story)
    found = raised.filter(found_at__range=within).exclude(header__category="void").order_by("pk").first()
    return Told(
        story,
        stream,
        None if signal is None else signal.header,
        () if signal is None else tuple(sorted({fact["rule"] for fact in signal.rules})),
        None if found is None else found.header,
        _capa_of(story, stream),
        Gauge.objects.select_related("header").get(tag=DRIFTED).header if story.name == DRIFT else None,
    )


def _capa_of(story: Story, stream: int) -> Header | None:
    for case in CASES:
        if story.name in case.stories:
            record = capa_of(case, stream)
            return None if record is None else record.header
    return None


def thread_begins() -> Header | None:
    """The requirement at which the thread of the improvement that held begins."""
    return Header.objects.filter(type="requirement", title=NEEDS["leak"].title).order_by("pk").first()


def signal_of(mark: Mark, story: Story, stream: int) -> Signal | None:
    """The first signal of a stream within a story that one of its rules raised."""
    rows = Signal.objects.select_related("header").filter(
        stream=stream, first_at__range=_within(mark, story)
    )  # fmt: skip
    for row in rows.exclude(header__category="void").order_by("first_at"):
        if any(fact["rule"] in story.rules for fact in row.rules):
            return row
    return None


def _within(mark: Mark, story: Story) -> tuple[int, int]:
    """From when, a relapse only from its coming back on, until its end."""
    begins = story.back or story.begins
    start, end = (to_microseconds(mark.start + timedelta(days=day)) for day in (begins, story.watched))
    return start, end
