"""Reads of coverage, however many requirements are asked about: the same few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import fmean, stdev
from typing import Any

from gemba.quality.assurance.coverage.rules import (
    ENOUGH_READINGS,
    RECENT_DAYS,
    RECENT_READINGS,
    Evidence,
    Verdict,
    judge,
)
from gemba.quality.control.collecting.recent import Recent, recent_readings
from gemba.quality.control.monitoring import queries as charts
from gemba.quality.planning.products import queries as products
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records.canonical import from_microseconds, to_microseconds
from gemba.quality.records.links import linked_to
from gemba.quality.records.models import Header
from gemba.quality.records.reasons import in_words


@dataclass(frozen=True)
class Coverage:
    """One requirement with its verdict and the evidence."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]

    def as_data(self, language: str | None = None) -> dict[str, Any]:
        """All of it as pages and their JSON twins show it."""
        verdict = self.verdict
        return {
            "covered": verdict.covered,
            "measured": verdict.measured,
            "met": verdict.met,
            "gaps": [reason.to_dict() | {"text": in_words(reason, language)} for reason in verdict.gaps],
            "evidence": [
                asdict(item)
                | {"last_at": None if item.last_at is None else from_microseconds(item.last_at)}
                | {"signals": [{"id": pk, "number": number} for pk, number in item.signals]}
                for item in self.evidence
            ],
        }


def coverage_of(requirements: Mapping[int, str], now: datetime) -> dict[int, Coverage]:
    """The coverage of these requirements (header to site); evidence is taken from the site itself."""
    verified = [(one, item.id) for one, item in linked_to(list(requirements), "verified_by")]
    headers = Header.objects.in_bulk([item for _, item in verified])
    known = _evidence(headers, now)
    found: dict[int, Coverage] = {}
    for requirement, site in requirements.items():
        ids = [item for one, item in verified if one == requirement and headers[item].site_id == site]
        evidence = tuple(known[item] for item in ids if item in known)
        found[requirement] = Coverage(judge(evidence), evidence)
    return found


def coverage_panel(record: Any, now: datetime) -> dict[str, Any]:
    """The coverage of one requirement as its page shows it."""
    header: Header = record.header
    return coverage_of({header.id: header.site_id}, now)[header.id].as_data()


def _evidence(headers: Mapping[int, Header], now: datetime) -> dict[int, Evidence]:
    """What each living characteristic has to show."""
    alive = {pk: header for pk, header in headers.items() if header.category in ("draft", "effective")}
    ids, moment = list(alive), to_microseconds(now)
    planned = {one for one, item in linked_to(ids, "controlled_by") if item.category == "effective"}
    released = products.specifications(ids)
    since = to_microseconds(now - timedelta(days=RECENT_DAYS))
    readings: dict[int, list[Recent]] = {}
    for row in recent_readings(ids, last=RECENT_READINGS, since=since):
        readings.setdefault(row.characteristic, []).append(row)
    signals = charts.open_signals_of(ids)
    found = {}
    for pk, header in alive.items():
        spec = products.in_force(released.get(pk, ()), moment)
        mine = readings.get(pk, [])
        found[pk] = Evidence(
            id=pk,
            number=header.number or header.title,
            title=header.title,
            in_force=header.category == "effective",
            controlled=pk in planned or (spec is not None and spec.chart is not None),
            readings=len(mine),
            nonconform=sum(row.verdict == "nonconform" for row in mine),
            undecided=sum(row.verdict == "undecided" for row in mine),
            last_at=max((row.at for row in mine), default=None),
            signals=signals.get(pk, ()),
            ppk=None if spec is None else _least_ppk(mine, spec),
        )
    return found


def _least_ppk(readings: Sequence[Recent], spec: Specification) -> float | None:
    """The least Ppk of the streams that have enough readings; each stream is a process of its own."""
    if spec.data_kind != "continuous" or (spec.lsl is None and spec.usl is None):
        return None
    streams: dict[int, list[float]] = {}
    for row in readings:
        if row.value is not None:
            streams.setdefault(row.stream, []).append(row.value)
    known = (_ppk(values, spec) for values in streams.values() if len(values) >= ENOUGH_READINGS)
    return min((ppk for ppk in known if ppk is not None), default=None)


def _ppk(values: Sequence[float], spec: Specification) -> float | None:
    """Ppk by mean and standard deviation of all values; the bare index, which costs no chart and no test."""
    from gemba.stats.capability.indices import compute_indices
    from gemba.stats.data import Tolerance

    low, high = (None if limit is None else float(limit) for limit in (spec.lsl, spec.usl))
    below = spec.lsl is not None and spec.lsl == spec.natural_low
    above = spec.usl is not None and spec.usl == spec.natural_high
    tolerance = Tolerance(low, high, lower_natural=below, upper_natural=above)
    if tolerance.required_lsl is None and tolerance.required_usl is None:
        return None
    return compute_indices(fmean(values), stdev(values), tolerance).worst
