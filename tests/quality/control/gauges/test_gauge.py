"""A gauge from its arrival to its end: when it is due, what locks it, what its failure touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from gemba.quality.control.gauges import events, services
from gemba.quality.control.gauges.factory import MICROMETER, STATES, calibration, gauge_in
from gemba.quality.control.gauges.inputs import ImpactAnswer, Investigation, Measured
from gemba.quality.control.gauges.lifecycle import LIFECYCLE
from gemba.quality.control.gauges.models import Gauge
from gemba.quality.control.nonconformance.factory import Staff, proof_of
from gemba.quality.people.roles import ROLES
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.canonical import months_after, to_microseconds
from gemba.quality.records.models import Event, Header, Site
from gemba.quality.records.reasons import Refused
from gemba.quality.records.trail import verify

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVERY_ROLE = frozenset((role, "HAL") for role in ROLES)

pytestmark = pytest.mark.django_db


def step(
    gauge: Gauge, name: str, given: Any = None, *, actor: Actor, now: datetime = NOW, **more: Any
) -> Gauge:
    return services.take_step(gauge=gauge, step=name, given=given, actor=actor, now=now, **more)


def refused(call: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [reason.code for reason in caught.value.reasons]


def micros(year: int, month: int, day: int) -> int:
    return to_microseconds(datetime(year, month, day, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("done", "months", "due"),
    [
        ((2026, 3, 2), 12, (2027, 3, 2)),
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
    ],
)
def test_a_gauge_is_due_the_same_day_some_months_later(done: Any, months: int, due: Any) -> None:
    assert months_after(micros(*done), months) == micros(*due)


def test_the_next_one_is_due_by_the_last_calibration_not_by_the_plan(site: Site, staff: Staff) -> None:
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)
    assert (gauge.header.number, gauge.next_due_at) == ("GAU-HAL-26-0001", micros(2027, 3, 2))
    step(
        gauge,
        "pass",
        calibration(NOW + timedelta(days=61)),
        actor=staff.inspector,
        now=NOW + timedelta(days=90),
    )
    assert gauge.next_due_at == gauge.closed_from == micros(2027, 5, 2)
    given = replace(MICROMETER, interval_months=6, location="cabinet 2")
    services.edit_gauge(gauge=gauge, given=given, actor=staff.inspector, now=NOW)
    assert gauge.next_due_at == gauge.closed_from == micros(2026, 11, 2)
    assert [row.verdict for row in gauge.calibrations.order_by("number")] == ["conform", "conform"]


def test_whoever_is_told_of_a_due_gauge_is_told_once_and_it_is_locked_when_it_ran_out(
    site: Site, staff: Staff
) -> None:
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)
    assert services.watch_due(NOW + timedelta(days=300)) == 0
    soon = NOW + timedelta(days=340)
    assert [services.watch_due(soon), services.watch_due(soon)] == [1, 0]
    late = NOW + timedelta(days=366)
    assert [services.watch_due(late), services.watch_due(late)] == [1, 0]
    told = [event.name for event in Event.objects.filter(header=gauge.pk).order_by("pk")]
    assert told == [events.CALIBRATED, events.DUE_SOON, events.LOCKED]
    locked = Gauge.objects.select_related("header").get(pk=gauge.pk)
    assert (locked.header.state, locked.closed_from) == ("overdue", locked.next_due_at)
    step(locked, "pass", calibration(late), actor=staff.inspector, now=late)
    assert locked.header.state == "in_service"
    assert verify().sound


@pytest.mark.parametrize("state", ["received", "overdue", "at_calibration", "stored", "lost"])
@pytest.mark.parametrize("found", ["0.001", "0.02"])
def test_whatever_locks_a_gauge_it_can_be_calibrated(
    site: Site, staff: Staff, state: str, found: str
) -> None:
    gauge = gauge_in(state, site=site, staff=staff, now=NOW)
    name = "pass" if found == "0.001" else "fail"
    step(gauge, name, calibration(NOW, as_found=Decimal(found)), actor=staff.inspector)
    assert gauge.header.state == ("in_service" if name == "pass" else "out_of_tolerance")


def test_a_calibration_is_held_against_its_numbers_and_its_date(site: Site, staff: Staff) -> None:
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)

    def attempt(name: str, **changes: Any) -> list[str]:
        return refused(lambda: step(gauge, name, calibration(NOW, **changes), actor=staff.inspector))

    assert attempt("pass", as_found=Decimal("-0.005")) == ["gauges.error_too_large"]
    assert attempt("pass", as_left=Decimal("0.005")) == ["gauges.error_too_large"]
    assert attempt("fail", as_found=Decimal("0.004")) == ["gauges.error_fits"]
    assert attempt("pass", calibrated_at=NOW + timedelta(days=1)) == ["gauges.calibrated_later"]
    early = ["gauges.calibrated_before", "gauges.due_already"]
    assert attempt("pass", calibrated_at=NOW - timedelta(days=500)) == early
    assert attempt("pass", certificate=" ", performer="") == ["records.field_missing"] * 2
    assert attempt("pass", uncertainty=Decimal("0.0000000001")) == ["records.too_many_digits"]


def test_a_gauge_is_described_so_that_it_can_be_kept(site: Site, staff: Staff) -> None:
    gauge_in("received", site=site, staff=staff, now=NOW)

    def attempt(**changes: Any) -> list[str]:
        given = replace(MICROMETER, **changes)
        return refused(lambda: services.register_gauge(site=site, given=given, actor=staff.engineer, now=NOW))

    assert attempt() == ["gauges.tag_taken"]
    bad = attempt(tag=" ", title="", interval_months=0, notice_days=400)
    assert bad == ["records.field_missing", "records.field_missing", "gauges.interval", "gauges.notice"]
    assert attempt(tag="x" * 81) == ["records.too_long"]
    given = replace(MICROMETER, tag="MIC-2")
    assert refused(
        lambda: services.register_gauge(site=site, given=given, actor=staff.operator, now=NOW)
    ) == ["records.no_right"]


def test_a_failure_is_closed_only_when_every_line_is_answered_and_the_gauge_is_good_again(
    site: Site, staff: Staff
) -> None:
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)
    later = NOW + timedelta(days=30)
    step(gauge, "fail", calibration(later, as_found=Decimal("0.009")), actor=staff.inspector, now=later)
    assert gauge.closed_from == to_microseconds(NOW)
    manager = staff.quality_manager

    def release() -> Gauge:
        return step(gauge, "release", actor=manager, now=later, proof=proof_of(manager))

    assert refused(release) == ["gauges.impact_not_listed", "gauges.not_left_good"]
    at = to_microseconds(later)
    measured = [Measured(characteristic=gauge.pk, number="CHR-1", stream="", readings=7, outside=1,
                         first_at=at, last_at=at)]  # fmt: skip
    services.list_impact(gauge=gauge, measured=measured, actor=services.WATCH, now=later)
    services.list_impact(gauge=gauge, measured=measured, actor=services.WATCH, now=later)
    assert refused(release) == ["gauges.impact_open", "gauges.not_left_good"]

    def answer(number: int = 1, words: str = "ten pieces, all good") -> Gauge:
        given = ImpactAnswer(number=number, answer="checked", words=words)
        return step(gauge, "investigate", Investigation(impacts=(given,)), actor=staff.engineer, now=later)

    assert refused(lambda: answer(number=2)) == ["gauges.line_unknown"]
    assert refused(lambda: answer(words=" ")) == ["gauges.answer_words"]
    answer()
    left = calibration(later, as_found=None, as_left=Decimal("0.005"))
    assert refused(lambda: step(gauge, "repair", left, actor=staff.inspector, now=later)) == [
        "gauges.error_too_large"
    ]
    step(gauge, "repair", replace(left, as_left=Decimal("0.001")), actor=staff.inspector, now=later)
    for doer in (staff.inspector, staff.engineer):
        again = replace(doer, grants=EVERY_ROLE)
        codes = refused(lambda who=again: step(gauge, "release", actor=who, now=later, proof=proof_of(who)))
        assert set(codes) == {"records.own_work"}
    release()
    assert (gauge.header.state, gauge.good_at, gauge.closed_from) == ("in_service", at, gauge.next_due_at)
    assert gauge.impacts.get().answered_by == staff.engineer.id


def test_a_gauge_that_was_adjusted_at_once_needs_no_repair(site: Site, staff: Staff) -> None:
    for tag, left, verdict in (
        ("A", "0.001", "adjusted"),
        ("B", "0.005", "nonconform"),
        ("C", None, "nonconform"),
    ):
        gauge = gauge_in("in_service", site=site, staff=staff, now=NOW, tag=tag)
        as_left = None if left is None else Decimal(left)
        found = calibration(NOW, as_found=Decimal("0.009"), as_left=as_left)
        step(gauge, "fail", found, actor=staff.inspector)
        services.list_impact(gauge=gauge, measured=(), actor=services.WATCH, now=NOW)
        assert gauge.calibrations.order_by("number").last().verdict == verdict  # type: ignore[union-attr]
        proof = proof_of(staff.approver)
        if verdict == "adjusted":
            step(gauge, "release", actor=staff.approver, proof=proof)
        else:
            codes = refused(lambda it=gauge, p=proof: step(it, "release", actor=staff.approver, proof=p))
            assert codes == ["gauges.not_left_good"]


def test_a_restricted_gauge_does_not_become_free_by_way_of_the_store(site: Site, staff: Staff) -> None:
    gauge = gauge_in("restricted", site=site, staff=staff, now=NOW)
    step(gauge, "store", actor=staff.inspector)
    assert refused(lambda: step(gauge, "issue", actor=staff.inspector)) == ["gauges.restricted"]
    step(gauge, "pass", calibration(NOW), actor=staff.inspector)
    assert (gauge.header.state, gauge.restriction) == ("in_service", "")
    step(gauge, "store", actor=staff.inspector)
    assert gauge.closed_from == to_microseconds(NOW)
    step(gauge, "issue", actor=staff.inspector)
    assert gauge.closed_from == gauge.next_due_at
    fresh = gauge_in("received", site=site, staff=staff, now=NOW, tag="NEW")
    step(fresh, "store", actor=staff.inspector)
    assert refused(lambda: step(fresh, "issue", actor=staff.inspector)) == ["gauges.never_calibrated"]


def test_nobody_locks_a_gauge_that_is_in_date(site: Site, staff: Staff) -> None:
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)
    assert refused(lambda: step(gauge, "lock", actor=services.WATCH)) == ["gauges.not_due"]


@pytest.mark.parametrize("state", STATES)
def test_a_step_is_refused_for_its_state_exactly_where_the_table_does_not_have_it(
    site: Site, staff: Staff, state: str
) -> None:
    gauge = gauge_in(state, site=site, staff=staff, now=NOW)
    chief = Actor("person", staff.auditor.id, "Chief", EVERY_ROLE)
    for move in LIFECYCLE.moves:
        codes: list[str] = []
        with transaction.atomic():
            record = Gauge.objects.select_related("header").get(pk=gauge.pk)
            try:
                proof = proof_of(chief)
                advance(record, move.name, actor=chief, now=NOW, inputs={"reason": "because"}, proof=proof)
            except Refused as caught:
                codes = [reason.code for reason in caught.reasons]
            stored = Header.objects.get(pk=gauge.pk).state
            transaction.set_rollback(True)
        assert ("records.wrong_state" in codes) == (state not in move.sources), move.name
        assert stored == (state if codes else move.target), move.name
