"""How the people of the demo react: limits are approved, signals and nonconformances followed to an end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from gemba.demo.book import SHIFT_HOURS, STORIES, STUDY_DAYS, Story, story_at
from gemba.demo.people import ENGINEER, INSPECTOR, MANAGER, known, proof_of
from gemba.quality.control.monitoring import services as monitoring
from gemba.quality.control.monitoring.models import LimitSet, Signal
from gemba.quality.control.monitoring.queries import open_signals
from gemba.quality.control.nonconformance import services as nonconformances
from gemba.quality.control.nonconformance.inputs import (
    CorrectiveAnswer,
    Execution,
    LineInput,
    LocationAnswer,
    NonconformanceInput,
    Opinion,
)
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.records.actor import Actor
from gemba.quality.records.canonical import from_microseconds

RELAPSE = "the process is back at its old level"


@dataclass
class Crew:
    """The people at work: ``streams`` names each stream by its code and its key."""

    start: datetime
    streams: dict[int, tuple[str, str]]

    def __post_init__(self) -> None:
        self.inspector, self.engineer, self.manager = (known(r) for r in (INSPECTOR, ENGINEER, MANAGER))

    def day(self, moment: datetime) -> float:
        """How many days the plant had lived at a moment."""
        return (moment - self.start) / timedelta(days=1)

    def work(self, now: datetime) -> None:
        """A shift in the office: everything that waits, and that is not left to whoever opens the demo."""
        self._study(now)
        self._approve(now)
        for signal in open_signals():
            story = self._story_of(signal)
            if story is None or story.cause:
                self._follow(signal, story, now)
        for record in Nonconformance.objects.select_related("header", "header__site").filter(
            header__state="draft"
        ):
            self._settle(record, now)

    def _story_of(self, signal: Signal) -> Story | None:
        code, key = self.streams[signal.stream]
        return story_at(code, key, self.day(from_microseconds(signal.first_at)))

    def _study(self, now: datetime) -> None:
        """Limits are calculated anew where a process was changed, and where it came back."""
        day = self.day(now)
        for story in STORIES:
            if story.changed and _is_due(story.begins + STUDY_DAYS, day):
                self._propose(story, story.begins, f"process changed: {story.changed}", now)
            if story.kind == "relapse" and _is_due(story.ends + STUDY_DAYS, day):
                self._propose(story, story.ends, RELAPSE, now)

    def _stream_of(self, story: Story) -> int:
        return next(pk for pk, name in self.streams.items() if name == (story.code, story.key))

    def _propose(self, story: Story, since: float, why: str, now: datetime) -> None:
        moment, stream = self.start + timedelta(days=since), self._stream_of(story)
        monitoring.propose_limits(stream=stream, since=moment, why=why, actor=self.engineer, now=now)

    def _approve(self, now: datetime) -> None:
        """The manager signs what was proposed: from the beginning, or from the day of the change."""
        for proposed in LimitSet.objects.select_related("header", "header__site").filter(
            header__state="proposed"
        ):
            code, key = self.streams[proposed.stream]
            held = [s for s in STORIES if (s.code, s.key) == (code, key) and s.begins <= self.day(now)]
            since = 0.0
            if proposed.replaces is not None and held:
                since = held[0].ends if proposed.why == RELAPSE else held[0].begins
            monitoring.approve_limits(
                limit_set=proposed, valid_from=self.start + timedelta(days=since), why=proposed.why,
                actor=self.manager, now=now, proof=proof_of(MANAGER, now=now),
            )  # fmt: skip

    def _follow(self, signal: Signal, story: Story | None, now: datetime) -> None:
        """To the end, or only acknowledged while the trouble goes on."""
        if signal.header.state == "open":
            monitoring.acknowledge_signal(signal=signal, actor=self.inspector, now=now)
        if story is not None and story.kind != "change" and self.day(now) < story.ends:
            return
        step = "Measure once more"
        if story is None:
            why = "measured once more, looked at tool, material and gauge: nothing found"
            monitoring.state_no_cause(
                signal=signal, reason=why, event_code="none", actor=self.engineer, now=now
            )  # fmt: skip
            action = "measured once more: in order"
        else:
            monitoring.state_cause(
                signal=signal, cause=story.cause, event_code=story.event, actor=self.engineer, now=now
            )  # fmt: skip
            action = story.action
        monitoring.record_action(
            signal=signal, action=action, reaction_step=step, actor=self.inspector, now=now
        )  # fmt: skip
        monitoring.close_signal(signal=signal, actor=self.engineer, now=now)

    def _settle(self, record: Nonconformance, now: datetime) -> None:
        """A nonconformance of a story goes its whole way; one of chance is looked at and made void."""
        if record.stream is None or record.found_at is None:
            return
        code, key = self.streams[record.stream]
        story = story_at(code, key, self.day(from_microseconds(record.found_at)))
        if story is None:
            why = "measured once more: the part conforms, the first value was misread"
            nonconformances.void(nonconformance=record, reason=why, actor=self.engineer, now=now)
        elif story.cause and self.day(now) >= story.ends:
            close_nonconformance(
                record, story, inspector=self.inspector, engineer=self.engineer, manager=self.manager,
                now=now,
            )  # fmt: skip


def _is_due(wanted: float, day: float) -> bool:
    """Whether a day is reached in this shift."""
    return wanted <= day < wanted + SHIFT_HOURS / 24


def close_nonconformance(
    record: Nonconformance,
    story: Story,
    *,
    inspector: Actor,
    engineer: Actor,
    manager: Actor,
    now: datetime,
) -> None:
    """From the draft to the signed end, each step by the person who may."""
    quantity = record.quantity_suspect or Decimal(1)
    _report(record, quantity, inspector, now)
    for actor, function, opinion in (
        (engineer, "engineering", f"{story.cause}: cannot be used"),
        (manager, "quality", "sorted by measuring, what does not conform is scrapped"),
    ):
        given = Opinion(function=function, opinion=opinion)  # type: ignore[arg-type]
        nonconformances.review(nonconformance=record, given=given, actor=actor, now=now)
    line = LineInput(quantity=quantity, decision="scrap", reason=story.cause)
    nonconformances.decide_disposition(nonconformance=record, lines=[line], actor=manager, now=now)
    done = Execution(line=1, quantity=quantity, evidence="container 14, weighed", cost=Decimal("212.50"),
                     currency="EUR")  # fmt: skip
    nonconformances.execute_line(nonconformance=record, given=done, actor=inspector, now=now)
    nonconformances.verify(nonconformance=record, actor=engineer, now=now)
    answer = CorrectiveAnswer(needed=False, ground="risk", why=f"{story.action}; nothing reached a customer")
    nonconformances.answer_corrective(nonconformance=record, given=answer, actor=engineer, now=now)
    nonconformances.close(nonconformance=record, proof=proof_of(ENGINEER, now=now), actor=engineer, now=now)


def _report(record: Nonconformance, quantity: Decimal, inspector: Actor, now: datetime) -> None:
    given = replace(
        _as_given(record),
        severity="major",
        place=record.place or "Line 2",
        quantity_nonconforming=quantity,
        quantity_inspected=quantity,
        quantity_suspect=quantity,
    )
    nonconformances.amend(nonconformance=record, given=given, actor=inspector, now=now)
    nonconformances.report(nonconformance=record, actor=inspector, now=now)
    answers = [
        LocationAnswer(location="stock", answer="none", words="looked"),
        LocationAnswer(location="wip", answer="secured", quantity=quantity, words="cage 3"),
        LocationAnswer(location="transit", answer="none", words="nothing was sent"),
        LocationAnswer(location="customer", answer="none", words="nothing was sent"),
        LocationAnswer(location="similar", answer="none", words="the other moulds run another lot"),
    ]
    nonconformances.contain(nonconformance=record, locations=answers, actor=inspector, now=now)


def _as_given(record: Nonconformance) -> NonconformanceInput:
    """What the draft says, as a person would send it again."""
    return NonconformanceInput(
        title=record.header.title, required=record.required, found=record.found, place=record.place,
        found_at=from_microseconds(record.found_at or 0), detection_point="process", item=record.item,
        lot=record.lot, serials=record.serials, characteristic=record.characteristic, unit=record.unit,
    )  # fmt: skip
