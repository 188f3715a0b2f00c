"""How the people of the demo react: limits are approved, signals and nonconformances followed to an end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gemba.demo.asked import NOT_MEASURED, agree_beyond
from gemba.demo.book import STORIES, STUDY_DAYS, WORKS, Story, story_at
from gemba.demo.cases import CASES
from gemba.demo.disposing import Finding, settle
from gemba.demo.improving import lead, open_cases, submit
from gemba.demo.mark import Mark
from gemba.demo.metrology import keep_gauges
from gemba.demo.people import ENGINEER, INSPECTOR, MANAGER, Shift, known
from gemba.demo.skills import keep_skills
from gemba.quality.control.monitoring import services as monitoring
from gemba.quality.control.monitoring.models import LimitSet, Signal
from gemba.quality.control.monitoring.queries import open_signals
from gemba.quality.control.monitoring.signals import StepAnswer
from gemba.quality.control.nonconformance import services as nonconformances
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.lifecycle import LOCKED
from gemba.quality.records.models import Header, Site
from gemba.quality.records.reasons import Refused, in_words

RELAPSE = "the process is back at its old level"
ASKED_ON = 86.0
"""The day on which a customer asks for what nothing measures yet."""
NO_PLACE = ("", "")
"""What is judged of several characteristics together has no code of its own."""
log = logging.getLogger("gemba.demo")


@dataclass
class Crew:
    """The people at work: ``streams`` names each stream by its code and its key."""

    mark: Mark
    streams: dict[int, tuple[str, str]]

    def __post_init__(self) -> None:
        self.inspector, self.engineer, self.manager = (known(r) for r in (INSPECTOR, ENGINEER, MANAGER))
        self._places = {place: stream for stream, place in self.streams.items()}

    def day(self, moment: datetime) -> float:
        """How many days the plant had lived at a moment."""
        return (moment - self.mark.start) / timedelta(days=1)

    def work(self, now: datetime) -> None:
        """A shift in the office: everything that waits, and that is not left to whoever opens the demo."""
        shift = Shift(now, self.day(now), self.inspector, self.engineer, self.manager)
        self._study(shift)
        self._approve(shift)
        for signal in open_signals():
            self._each(shift, self._follow, signal)
        rows = Nonconformance.objects.select_related("header", "header__site").order_by("pk")
        for record in rows.exclude(header__category__in=LOCKED):
            self._each(shift, self._settle, record)
        self._each(shift, keep_gauges)
        self._each(shift, keep_skills)
        for case in CASES:
            if shift.is_due(case.begins) and not case.from_nonconformance and (case.code, "") in self._places:
                self._each(shift, submit, case)
        for case, capa in open_cases(self.streams):
            self._each(shift, lead, case, capa, self.mark)
        if shift.is_due(ASKED_ON) and not Header.objects.filter(title=NOT_MEASURED.title).exists():
            agree_beyond(Site.objects.get(pk=WORKS), now=now)

    def _each(self, shift: Shift, what: Callable[..., None], *about: object) -> None:
        """What somebody who opened the demo has begun in his own way may be his alone to end."""
        try:
            what(*about, shift)
        except Refused as refused:
            if shift.day <= self.mark.days:
                raise
            log.info(
                "left to whoever began it: %s", "; ".join(in_words(reason) for reason in refused.reasons)
            )

    def _story_of(self, signal: Signal) -> Story | None:
        code, key = self.streams.get(signal.stream, NO_PLACE)
        return story_at(code, key, self.day(from_microseconds(signal.first_at)))

    def _study(self, shift: Shift) -> None:
        """Limits are calculated anew where a process was changed, and where it came back."""
        for story in STORIES:
            if story.changed and shift.is_due(story.begins + STUDY_DAYS):
                self._propose(story, story.begins, _why(story), shift)
            if story.kind == "relapse" and shift.is_due(story.ends + STUDY_DAYS):
                self._propose(story, story.ends, RELAPSE, shift)

    def _propose(self, story: Story, since: float, why: str, shift: Shift) -> None:
        stream = self._places.get((story.code, story.key))
        if stream is not None:
            moment = self.mark.start + timedelta(days=since)
            monitoring.propose_limits(
                stream=stream, since=moment, why=why, actor=shift.engineer, now=shift.now
            )

    def _approve(self, shift: Shift) -> None:
        """The manager signs what was proposed: from the beginning, or from the day of the change."""
        for proposed in LimitSet.objects.select_related("header", "header__site").filter(
            header__state="proposed"
        ):
            since = self.mark.start + timedelta(days=self._holds_from(proposed, shift.day))
            monitoring.approve_limits(
                limit_set=proposed, valid_from=since, why=proposed.why, actor=shift.manager, now=shift.now,
                proof=shift.proof(MANAGER),
            )  # fmt: skip

    def _holds_from(self, proposed: LimitSet, day: float) -> float:
        """From which day limits hold; those of whoever opened the demo from now on."""
        for story in STORIES:
            if (story.code, story.key) == self.streams.get(proposed.stream, NO_PLACE):
                if story.changed and proposed.why == _why(story):
                    return story.begins
                if story.kind == "relapse" and proposed.why == RELAPSE:
                    return story.ends
        return 0.0 if proposed.replaces is None else day

    def _follow(self, signal: Signal, shift: Shift) -> None:
        """To the end, or only acknowledged while the trouble goes on."""
        story = self._story_of(signal)
        goes_on = story is not None and story.kind != "change" and shift.day < story.ends
        if story is not None and story.left and goes_on:
            return
        if signal.header.state == "open":
            monitoring.acknowledge_signal(signal=signal, actor=shift.inspector, now=shift.now)
        if goes_on:
            return
        todo = [StepAnswer(number=row.number, answer="done") for row in signal.steps.filter(answer="")]
        if todo:
            monitoring.tick_steps(signal=signal, steps=todo, actor=shift.inspector, now=shift.now)
        if signal.header.state == "acknowledged":
            self._say_cause(signal, story, shift)
        if signal.header.state in ("cause_found", "none_found"):
            action = "measured once more: in order" if story is None else story.action
            monitoring.record_action(
                signal=signal, action=action, reaction_step="Measure once more", actor=shift.inspector,
                now=shift.now,
            )  # fmt: skip
        monitoring.close_signal(signal=signal, actor=shift.engineer, now=shift.now)

    def _say_cause(self, signal: Signal, story: Story | None, shift: Shift) -> None:
        if story is None:
            why = "measured once more, looked at tool, material and gauge: nothing found"
            monitoring.state_no_cause(
                signal=signal, reason=why, event_code="none", actor=shift.engineer, now=shift.now
            )
        else:
            monitoring.state_cause(
                signal=signal, cause=story.cause, event_code=story.event, actor=shift.engineer, now=shift.now
            )

    def _settle(self, record: Nonconformance, shift: Shift) -> None:
        """A nonconformance of a story goes its whole way; one of chance is looked at and made void."""
        if record.stream is None or record.found_at is None:
            return
        story = story_at(*self.streams[record.stream], self.day(from_microseconds(record.found_at)))
        if story is None and record.header.state == "draft":
            why = "measured once more: the part conforms, the first value was misread"
            nonconformances.void(nonconformance=record, reason=why, actor=shift.engineer, now=shift.now)
        elif story is None:
            settle(record, Finding("nothing found", "measured once more: in order"), shift)
        elif shift.day >= story.ends:
            settle(record, Finding(story.cause, story.action, story.recurs), shift)


def _why(story: Story) -> str:
    return f"process changed: {story.changed}"
