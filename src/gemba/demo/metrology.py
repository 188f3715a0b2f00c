"""The gauges of the demo plant: registered, calibrated when they are due, and the one that drifted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from gemba.demo.book import HOSPITAL, MEASURED, STORIES, WORKS
from gemba.demo.people import INSPECTOR, MANAGER, Shift, known
from gemba.quality.control.gauges.inputs import CalibrationInput, GaugeInput, ImpactAnswer, Investigation
from gemba.quality.control.gauges.models import Gauge, Impact
from gemba.quality.control.gauges.services import register_gauge, take_step
from gemba.quality.control.gauges.words import LEFT_GOOD
from gemba.quality.records.canonical import to_microseconds
from gemba.quality.records.models import Site

LABORATORY = "Calibration laboratory Saale"
DRIFT, DRIFTED, DRIFT_FOUND = "gauge-drift", "TW-02", Decimal("0.72")
REPAIRED_AFTER = 2.0
"""Days that the laboratory has the wrench."""
BEFORE_DUE = timedelta(days=28)
"""How long before it is due a gauge is calibrated: two days after somebody was told."""


@dataclass(frozen=True)
class Tool:
    """A gauge of the register: what it is, its unit, its largest error, days since it was calibrated."""

    title: str
    kind: str
    unit: str
    error: str
    age: int
    site: str = WORKS


TOOLS: Mapping[str, Tool] = {
    "MIC-11": Tool("Micrometer 0-25", "Micrometer", "mm", "0.002", 40),
    "BOR-03": Tool("Three-point bore gauge", "Bore gauge", "mm", "0.003", 120),
    "ROU-01": Tool("Roughness tester", "Roughness tester", "µm", "0.08", 75),
    "SCA-02": Tool("Scale 200 g", "Scale", "g", "0.05", 290),
    "CAL-07": Tool("Wall thickness gauge", "Calliper", "mm", "0.01", 20),
    "CMM-01": Tool("Measuring machine", "CMM", "mm", "0.004", 247),
    "TW-01": Tool("Torque wrench, station 1", "Torque wrench", "Nm", "0.48", 60),
    "TW-02": Tool("Torque wrench, station 2", "Torque wrench", "Nm", "0.48", 60),
    "TW-05": Tool("Torque wrench, spare", "Torque wrench", "Nm", "0.48", 15),
    "LKT-01": Tool("Leak tester", "Leak tester", "ml/min", "0.15", 90),
    "PRS-01": Tool("Load cell of the press", "Load cell", "kN", "0.06", 216),
    "MIC-90": Tool("Measuring microphone", "Sound level meter", "dB", "0.7", 30),
    "ANA-2": Tool("Potassium channel of analyser 2", "Analyser", "mmol/l", "0.05", 10, HOSPITAL),
}
"""The label of a gauge -> what the register says of it; some of them become due while the demo lives."""


def buy_gauges(sites: Mapping[str, Site], *, now: datetime) -> None:
    """Each gauge is in the register and in date; a laboratory has calibrated it some time ago."""
    inspector = known(INSPECTOR)
    for tag, tool in TOOLS.items():
        given = GaugeInput(
            title=tool.title, tag=tag, kind=tool.kind, unit=tool.unit, permissible_error=Decimal(tool.error),
            laboratory=LABORATORY, location=_place_of(tag),
        )  # fmt: skip
        gauge = register_gauge(site=sites[tool.site], given=given, actor=inspector, now=now)
        found = good_calibration(tag, now - timedelta(days=tool.age))
        take_step(gauge=gauge, step="pass", given=found, actor=inspector, now=now)


def _place_of(tag: str) -> str:
    return next((item.line for item in MEASURED if tag in item.gauges), "Tool store")


def good_calibration(tag: str, at: datetime) -> CalibrationInput:
    """A calibration that found a fifth of what is permissible."""
    return CalibrationInput(
        calibrated_at=at, performer=LABORATORY, certificate=f"{tag}/{at:%y%m%d}",
        as_found=Decimal(TOOLS[tag].error) / 5,
    )  # fmt: skip


def keep_gauges(shift: Shift) -> None:
    """What is soon due is calibrated; the wrench that drifted goes its way."""
    soon = to_microseconds(shift.now + BEFORE_DUE)
    rows = Gauge.objects.select_related("header", "header__site").filter(next_due_at__lte=soon)
    for gauge in rows.filter(header__state__in=("in_service", "overdue")):
        given = good_calibration(gauge.tag, shift.now)
        take_step(gauge=gauge, step="pass", given=given, actor=shift.inspector, now=shift.now)
    drift = next(story for story in STORIES if story.name == DRIFT)
    if shift.day >= drift.ends:
        _answer_for_drift(shift, shift.day - drift.ends)


def _answer_for_drift(shift: Shift, days: float) -> None:
    """Found bad, all that it measured answered for, repaired, released by a signature: a step a shift."""
    wrench = Gauge.objects.select_related("header", "header__site").get(tag=DRIFTED)
    verdicts = list(wrench.calibrations.order_by("number").values_list("verdict", flat=True))
    if wrench.header.state == "in_service" and len(verdicts) == 1:
        found = CalibrationInput(
            calibrated_at=shift.now, performer=LABORATORY, certificate=f"{DRIFTED}/{shift.now:%y%m%d}",
            as_found=DRIFT_FOUND,
        )  # fmt: skip
        take_step(gauge=wrench, step="fail", given=found, actor=shift.inspector, now=shift.now)
    elif wrench.header.state == "out_of_tolerance" and wrench.listed:
        waiting = list(wrench.impacts.filter(answer="").order_by("number"))
        if waiting:
            answers = Investigation(impacts=tuple(_answer(row) for row in waiting))
            take_step(gauge=wrench, step="investigate", given=answers, actor=shift.engineer, now=shift.now)
        elif verdicts[-1] not in LEFT_GOOD and days >= REPAIRED_AFTER:
            mended = CalibrationInput(
                calibrated_at=shift.now, performer=LABORATORY, as_found=DRIFT_FOUND, as_left=Decimal("0.06"),
                certificate=f"{DRIFTED}/{shift.now:%y%m%d}",
            )  # fmt: skip
            take_step(gauge=wrench, step="repair", given=mended, actor=shift.inspector, now=shift.now)
        elif verdicts[-1] in LEFT_GOOD:
            proof = shift.proof(MANAGER)
            take_step(gauge=wrench, step="release", actor=shift.manager, now=shift.now, proof=proof)


def _answer(row: Impact) -> ImpactAnswer:
    words = (
        f"{row.readings} readings; with {DRIFT_FOUND} {TOOLS[DRIFTED].unit} taken off, {row.outside} may "
        "have been too loose: these pumps were tightened again with TW-05, and all held"
    )
    return ImpactAnswer(number=row.number, answer="checked", words=words)
