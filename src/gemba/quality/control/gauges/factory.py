"""Gauges for tests: one in any state, each step by the right person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from gemba.quality.control.gauges import services
from gemba.quality.control.gauges.inputs import CalibrationInput, GaugeInput, Restriction
from gemba.quality.control.gauges.models import Gauge
from gemba.quality.control.nonconformance.factory import Staff, proof_of
from gemba.quality.records.models import Site

STATES = (
    "received", "in_service", "restricted", "overdue", "at_calibration", "stored", "out_of_tolerance", "lost",
    "retired", "scrapped", "void",
)  # fmt: skip
MICROMETER = GaugeInput(
    title="Micrometer 0-25",
    tag="MIC-014",
    serial="4711",
    kind="Micrometer",
    maker="Mahr",
    permissible_error=Decimal("0.004"),
    resolution=Decimal("0.001"),
)


def calibration(now: datetime, **changes: Any) -> CalibrationInput:
    """A calibration that found two micrometres."""
    given = CalibrationInput(
        calibrated_at=now, performer="Laboratory", certificate="C-1", as_found=Decimal("0.002")
    )
    return replace(given, **changes)


def gauge_in(
    state: str, *, site: Site, staff: Staff, now: datetime, tag: str = "MIC-014", **changes: Any
) -> Gauge:
    """A gauge that came to this state; what it measured is listed as nothing."""
    given = replace(MICROMETER, tag=tag, **changes)
    gauge = services.register_gauge(site=site, given=given, actor=staff.inspector, now=now)

    def step(name: str, given: Any = None, actor: Any = staff.inspector, **more: Any) -> None:
        services.take_step(gauge=gauge, step=name, given=given, actor=actor, now=now, **more)

    old = timedelta(days=400 if state == "overdue" else 0)
    if state in ("received", "void"):
        if state == "void":
            step("void", reason="entered twice")
        return gauge
    if state in ("out_of_tolerance", "scrapped"):
        step("fail", calibration(now, as_found=Decimal("0.009")))
        services.list_impact(gauge=gauge, measured=(), actor=services.WATCH, now=now)
    elif state == "overdue":
        then = now - old
        services.take_step(gauge=gauge, step="pass", given=calibration(then), actor=staff.inspector, now=then)
        services.watch_due(now)
        return Gauge.objects.select_related("header", "header__site").get(pk=gauge.pk)
    else:
        step("pass", calibration(now))
    if state == "restricted":
        given_words = Restriction(restriction="rough dimensions")
        step("restrict", given_words, staff.quality_manager, proof=proof_of(staff.quality_manager))
    ways = {
        "at_calibration": "send",
        "stored": "store",
        "lost": "lose",
        "retired": "retire",
        "scrapped": "scrap",
    }
    if state in ways:
        step(ways[state], actor=staff.quality_manager, reason="for the test")
    return gauge
