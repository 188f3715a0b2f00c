"""When a requirement is covered, measured and met. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gemba.quality.records.reasons import Reason

RECENT_DAYS, RECENT_READINGS = 30, 100
"""What is recent: of so many days, and so many readings of a stream at most."""
ENOUGH_READINGS = 50
"""From so many readings of a stream on its capability is judged."""
LEAST_PPK = 1.33
TOLD_SIGNALS = 2
"""How many open signals a gap names; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One characteristic that verifies a requirement, and what its recent readings say.

    ``controlled`` says whether it has a chart or a control plan in force; ``ppk`` is the least one of its
    streams that have enough readings, ``None`` where none has; ``last_at`` is in microseconds.
    """

    id: int
    number: str
    title: str
    in_force: bool
    controlled: bool
    readings: int = 0
    nonconform: int = 0
    undecided: int = 0
    last_at: int | None = None
    signals: tuple[tuple[int, str], ...] = ()
    ppk: float | None = None


@dataclass(frozen=True)
class Verdict:
    """Covered, measured, met; and every gap on the way there."""

    covered: bool
    measured: bool
    met: bool
    gaps: tuple[Reason, ...]


def judge(evidence: Sequence[Evidence]) -> Verdict:
    """What the characteristics that verify a requirement prove together."""
    live = [item for item in evidence if item.in_force]
    covered = any(item.controlled for item in live)
    measured = covered and all(item.readings for item in live)
    against = [reason for item in live if item.readings for reason in _against(item)]
    gaps = (*_uncovered(evidence, live, covered), *_unmeasured(live), *against)
    return Verdict(covered, measured, measured and not against, gaps)


def _uncovered(evidence: Sequence[Evidence], live: Sequence[Evidence], covered: bool) -> Iterator[Reason]:
    if not evidence:
        yield Reason("coverage.no_characteristic")
    elif not live:
        yield Reason("coverage.not_released", {"records": _called(evidence)})
    elif not covered:
        yield Reason("coverage.no_control", {"records": _called(live)})


def _unmeasured(live: Sequence[Evidence]) -> Iterator[Reason]:
    for item in live:
        if not item.readings:
            yield Reason("coverage.no_reading", {"record": item.number, "days": RECENT_DAYS})


def _against(item: Evidence) -> Iterator[Reason]:
    """What says that a measured characteristic does not show the requirement as met."""
    if item.nonconform:
        about = {"record": item.number, "count": item.nonconform, "of": item.readings}
        yield Reason("coverage.nonconform", about)
    if item.signals:
        numbers = [number for _, number in item.signals]
        more = f" + {len(numbers) - TOLD_SIGNALS}" if len(numbers) > TOLD_SIGNALS else ""
        told = ", ".join(numbers[:TOLD_SIGNALS]) + more
        yield Reason("coverage.signal_open", {"record": item.number, "signals": told})
    if item.ppk is not None and item.ppk < LEAST_PPK:
        about = {"record": item.number, "ppk": f"{item.ppk:.2f}", "least": LEAST_PPK}
        yield Reason("coverage.not_capable", about)


def _called(evidence: Sequence[Evidence]) -> str:
    return ", ".join(item.number for item in evidence)
