"""The verdict as its page shows it: sentence, method, picture, and whether the readings still hold."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from gemba.quality.improvement.capa.models import Capa, Judgement
from gemba.quality.improvement.capa.observing import Look, look
from gemba.quality.improvement.capa.queries import plan_of
from gemba.quality.improvement.capa.retold import criterion_in_words, verdict_in_words
from gemba.quality.records.canonical import from_microseconds
from gemba.stats.figures import Figure
from gemba.stats.inference import Effectiveness, EffectivenessPlan
from gemba.stats.inference.picture import Level, draw

BESIDE = 150.0
"""Pixels of the axis and of the words at the right edge."""
NARROWEST, WIDEST = 200.0, 900.0


def panel(record: Capa) -> dict[str, Any]:
    """What is known so far: nothing, the criterion, or the last verdict with the readings that gave it."""
    held = shown_judgement(record)
    if held is None:
        words = criterion_in_words(record.plan) if record.plan else ""
        fixed = {"words": words, "drawn": bool(words)}
        return {"id": record.pk, "method": "", "judged_at": None, "stands": True, **fixed}
    return {
        "id": record.pk,
        "words": verdict_in_words(held.figures),
        "method": Effectiveness.from_dict(json.loads(held.figures)).explain(),
        "judged_at": None if held.judged_at is None else from_microseconds(held.judged_at),
        "stands": _after(record, held).digest == held.digest,
        "drawn": True,
        "readings": held.readings,
        "digest": held.digest,
    }


def shown_judgement(record: Capa) -> Judgement | None:
    """The last verdict, until the next cycle has a criterion of its own."""
    last: Judgement | None = record.judgements.order_by("pk").last()
    return last if last is not None and (last.cycle == record.cycle or not record.plan) else None


def figure(record: Capa, *, room: float) -> Figure | None:
    """The time before the action and after it, against the target; ``None`` while no criterion is fixed."""
    width = min(max(room - BESIDE, NARROWEST), WIDEST)
    held = shown_judgement(record)
    if held is None and not record.plan:
        return None
    if held is None:
        plan = _with_baseline(record, plan_of(record))
        return draw(plan, None, Level(), plan.headline(), width=width, bare=True)
    found = Effectiveness.from_dict(json.loads(held.figures))
    level = Level(found.estimate, found.lower, found.upper)
    after = _after(record, held).observed.series
    return draw(_with_baseline(record, found.plan), after, level, found.headline(), width=width, bare=True)


def _after(record: Capa, held: Judgement) -> Look:
    return look(record.stream_row or 0, record.metric, held.window_from, held.window_until)


def _with_baseline(record: Capa, plan: EffectivenessPlan) -> EffectivenessPlan:
    before = look(
        record.stream_row or 0, record.metric, record.baseline_from or 0, record.baseline_until or 0
    )
    return replace(plan, baseline=replace(plan.baseline, series=before.observed.series))
