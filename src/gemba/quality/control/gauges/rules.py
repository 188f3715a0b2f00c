"""What must hold before a gauge moves on, and when it is due. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gemba.quality.control.gauges.inputs import GaugeInput
from gemba.quality.control.gauges.words import LEFT_GOOD
from gemba.quality.records.canonical import from_microseconds, months_after, to_microseconds
from gemba.quality.records.lifecycle import Situation
from gemba.quality.records.reasons import Reason

IN_USE = ("in_service", "restricted")
"""The states in which a gauge may be used until it is due."""
MOST_MONTHS, MOST_DAYS = 240, 365


def input_reasons(given: GaugeInput) -> Iterator[Reason]:
    """Why a gauge cannot be kept as it was described."""
    for name in ("title", "tag"):
        if not getattr(given, name).strip():
            yield Reason("records.field_missing", {"field": name})
    if not 1 <= given.interval_months <= MOST_MONTHS:
        yield Reason("gauges.interval", {"field": "interval_months", "most": MOST_MONTHS})
    if not 0 <= given.notice_days <= MOST_DAYS:
        yield Reason("gauges.notice", {"field": "notice_days", "most": MOST_DAYS})


def notice_before(due: int, days: int) -> int:
    """When somebody is told that a gauge is due."""
    return to_microseconds(from_microseconds(due) - timedelta(days=days))


def done_in_order(situation: Situation) -> Iterable[Reason]:
    """A guard: a calibration is not of the future, and not before the last one."""
    done: datetime | None = situation.inputs.get("calibrated_at")
    before = situation.record["calibrated_at"]
    if done is not None and done > situation.now:
        yield Reason("gauges.calibrated_later", {"field": "calibrated_at"})
    if done is not None and before is not None and to_microseconds(done) < before:
        yield Reason("gauges.calibrated_before", {"field": "calibrated_at", "last": _day(before)})


def not_due_already(situation: Situation) -> Iterable[Reason]:
    """A guard: by the calibration that counts, the gauge is still in date."""
    done = situation.inputs.get("calibrated_at")
    counts = situation.record["calibrated_at"] if done is None else to_microseconds(done)
    if counts is None:
        return
    due = months_after(counts, situation.record["interval_months"])
    if due <= to_microseconds(situation.now):
        yield Reason("gauges.due_already", {"due": _day(due)} | ({"field": "calibrated_at"} if done else {}))


def found_good(situation: Situation) -> Iterable[Reason]:
    """A guard: by its numbers the gauge was good as found, and was left so."""
    for name in ("as_found", "as_left"):
        yield from _too_large(situation, name)


def found_bad(situation: Situation) -> Iterable[Reason]:
    """A guard: nobody calls a gauge bad that is good by its numbers."""
    error, most = _number(situation.inputs.get("as_found")), _most(situation)
    if error is not None and most is not None and abs(error) <= most:
        yield Reason("gauges.error_fits", {"field": "as_found", "error": str(error), "most": str(most)})


def left_good_by_numbers(situation: Situation) -> Iterable[Reason]:
    """A guard: after a repair the gauge is good by its numbers."""
    yield from _too_large(situation, "as_left")


def is_left_good(situation: Situation) -> Iterable[Reason]:
    """A guard: the last calibration left the gauge good."""
    if _last_verdict(situation.record) not in LEFT_GOOD:
        yield Reason("gauges.not_left_good")


def was_found_good(situation: Situation) -> Iterable[Reason]:
    """A guard: the gauge was calibrated once."""
    if situation.record["calibrated_at"] is None:
        yield Reason("gauges.never_calibrated")


def is_not_restricted(situation: Situation) -> Iterable[Reason]:
    """A guard: what is restricted does not come back unrestricted by way of the store."""
    if situation.record["restriction"].strip():
        yield Reason("gauges.restricted", {"restriction": situation.record["restriction"]})


def past_due(situation: Situation) -> Iterable[Reason]:
    """A guard: the calibration has run out."""
    due = situation.record["next_due_at"]
    if due is None or due > to_microseconds(situation.now):
        yield Reason("gauges.not_due")


def answers_have_words(situation: Situation) -> Iterable[Reason]:
    """A guard: what is answered is on the list, and says why."""
    lines = {row["number"]: row for row in situation.record["impacts"]}
    for given in situation.inputs.get("impacts", ()):
        row = lines.get(given["number"])
        if row is None:
            yield Reason("gauges.line_unknown", {"line": given["number"]})
        elif given["answer"] and not given["words"].strip():
            yield Reason("gauges.answer_words", {"line": given["number"], "field": "impacts"})


def impact_is_answered(situation: Situation) -> Iterable[Reason]:
    """A guard: what was measured since the gauge was last good is known, and each line has its answer."""
    if not situation.record["listed"]:
        yield Reason("gauges.impact_not_listed")
    for row in situation.record["impacts"]:
        if not row["answer"]:
            about = {"line": row["number"], "characteristic": row["characteristic"]}
            yield Reason("gauges.impact_open", about | {"readings": row["readings"]})


def _too_large(situation: Situation, name: str) -> Iterator[Reason]:
    error, most = _number(situation.inputs.get(name)), _most(situation)
    if error is not None and most is not None and abs(error) > most:
        yield Reason("gauges.error_too_large", {"field": name, "error": str(error), "most": str(most)})


def _most(situation: Situation) -> Decimal | None:
    return _number(situation.record["permissible_error"])


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _last_verdict(record: Mapping[str, Any]) -> str:
    rows = sorted(record["calibrations"], key=lambda row: row["number"])
    return str(rows[-1]["verdict"]) if rows else ""


def _day(moment: int) -> str:
    return f"{from_microseconds(moment):%Y-%m-%d}"
