"""The verdict, computed once when the window has elapsed; a job, never a person, takes these moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gemba.quality.improvement.capa import queries
from gemba.quality.improvement.capa.models import Capa, Judgement
from gemba.quality.improvement.capa.observing import Look, look
from gemba.quality.records.actor import system
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import canonical_json, to_microseconds
from gemba.stats.inference import Effectiveness, effectiveness


def judge_due(now: datetime, *, limit: int = 20) -> int:
    """Judge every corrective action whose window has elapsed; returns how many. A job."""
    done = 0
    for record in queries.elapsed(now, limit=limit):
        judge(record, now)
        done += 1
    return done


def judge(record: Capa, now: datetime) -> Capa:
    """Compute and store the verdict of the readings of the window; not effective begins the next cycle."""
    seen, found = verdict_of(record, look_number=record.looks + 1)

    def keep(held: Capa) -> None:
        held.looks += 1
        held.verdict, held.verdict_words = found.verdict, found.headline("en")
        Judgement.objects.create(
            capa=held,
            cycle=held.cycle,
            look=held.looks,
            judged_at=to_microseconds(now),
            verdict=found.verdict,
            sentence=found.headline("en"),
            window_from=held.window_from,
            window_until=held.window_until,
            readings=seen.readings,
            figures=canonical_json(replace(found, after=seen.figures).to_dict()),
            digest=seen.digest,
        )
        if found.verdict == "not effective":
            begin_cycle(held)

    move = "fail" if found.verdict == "not effective" else "judge"
    inputs = {"verdict": found.verdict, "readings": seen.readings, "digest": seen.digest}
    return advance(record, move, actor=system("effectiveness"), now=now, inputs=inputs, apply=keep)


def verdict_of(record: Capa, *, look_number: int) -> tuple[Look, Effectiveness]:
    """What the readings of a record's window say by its criterion."""
    start, end = record.window_from or 0, record.window_until or 0
    seen = look(record.stream_row or 0, record.metric, start, end)
    return seen, effectiveness(queries.plan_of(record), seen.observed, look=look_number)


def begin_cycle(held: Capa) -> None:
    """The next cycle: what was judged stays readable, the criterion is fixed anew."""
    held.cycle += 1
    held.looks = held.extensions = 0
    held.window_from = held.window_until = None
    held.plan = held.plan_words = held.plan_digest = ""
