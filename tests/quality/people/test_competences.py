"""What people have shown, until when, and that no step is taken without what it requires."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gemba.quality.control.gauges import services as gauges
from gemba.quality.control.gauges.factory import calibration, gauge_in
from gemba.quality.control.nonconformance.factory import Staff, make_staff
from gemba.quality.people.competences import queries, services
from gemba.quality.people.competences.factory import (
    COMPETENCE_WAYS,
    QUALIFICATION_STATES,
    competence_in,
    qualification_in,
)
from gemba.quality.people.competences.inputs import QualificationInput, Renewal
from gemba.quality.people.competences.models import Competence, Qualification
from gemba.quality.people.sites import create_site
from gemba.quality.records import edge
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance, answers
from gemba.quality.records.models import Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.trail import verify

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
INSPECTOR = ("inspector",)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return create_site(code="HAL", name="Halle", zone="Europe/Berlin", actor=system("setup"), now=NOW)


@pytest.fixture
def staff(site: Site) -> Staff:
    return make_staff(site, now=NOW)


def made(site: Site, staff: Staff, state: str = "in_force", **changes: Any) -> Competence:
    about: dict[str, Any] = {"maker": staff.engineer, "decider": staff.quality_manager, "now": NOW}
    return competence_in(state, site=site, **about, **changes)


def shown(competence: Competence, holder: Actor, staff: Staff, state: str = "valid") -> Qualification:
    maker = staff.quality_manager if holder.id == staff.engineer.id else staff.engineer
    return qualification_in(state, competence=competence, holder=holder, maker=maker, now=NOW)


def refused(call: Any) -> list[str]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def deliver(now: datetime) -> None:
    while deliver_due(now + timedelta(seconds=1)):
        pass


def test_every_state_is_reached_by_the_services(site: Site, staff: Staff) -> None:
    assert {made(site, staff, state).header.state for state in COMPETENCE_WAYS} == set(COMPETENCE_WAYS)
    competence = made(site, staff, title="Reading drawings")
    reached = {
        shown(competence, staff.inspector, staff, state).header.state for state in QUALIFICATION_STATES
    }
    assert reached == set(QUALIFICATION_STATES)
    assert verify().sound


def test_a_step_is_barred_until_what_it_requires_is_shown(site: Site, staff: Staff) -> None:
    gauge = gauge_in("received", site=site, staff=staff, now=NOW)
    competence = made(site, staff, needed_as="inspector", needed_for="gauge")

    def calibrate() -> None:
        gauges.take_step(gauge=gauge, step="pass", given=calibration(NOW), actor=staff.inspector, now=NOW)

    assert refused(calibrate) == ["competences.lacking"]
    reasons = next(a for a in answers(gauge, actor=staff.inspector, now=NOW) if a.move.name == "send").reasons
    assert [reason.code for reason in reasons] == ["competences.lacking"]
    assert str(competence.header.number) in in_words(reasons[0])
    held = shown(competence, staff.inspector, staff)
    calibrate()
    assert gauge.header.state == "in_service"
    services.take_step(qualification=held, step="withdraw", reason="moved", actor=staff.engineer, now=NOW)
    late: dict[str, Any] = {"gauge": gauge, "step": "send", "actor": staff.inspector, "now": NOW}
    assert refused(lambda: gauges.take_step(**late)) == ["competences.lacking"]


def test_one_role_that_asks_for_nothing_is_enough_and_other_records_are_free(
    site: Site, staff: Staff
) -> None:
    gauge = gauge_in("received", site=site, staff=staff, now=NOW)
    made(site, staff, needed_as="inspector", needed_for="gauge")
    both = replace(staff.inspector, grants=staff.inspector.grants | {("engineer", "HAL")})
    gauges.take_step(gauge=gauge, step="send", actor=both, now=NOW)
    machine = Actor("device", "device:1", "robot", staff.inspector.grants)
    about: dict[str, Any] = {"site": "HAL", "now": NOW}
    assert queries.lacking(machine, kind="gauge", **about)(INSPECTOR) == ()
    assert queries.lacking(staff.inspector, kind="nonconformance", **about)(INSPECTOR) == ()
    assert queries.lacking(staff.inspector, kind="competence", **about)(INSPECTOR) == ()
    assert len(queries.lacking(staff.inspector, kind="gauge", **about)(INSPECTOR)) == 1


def test_the_store_is_asked_once_for_all_steps_of_a_record(site: Site, staff: Staff) -> None:
    gauge = gauge_in("in_service", site=site, staff=staff, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        found = answers(gauge, actor=staff.inspector, now=NOW)
    assert len(found) > 2
    assert sum("competences_competence" in query["sql"] for query in asked) == 1


def test_it_lapses_by_itself_its_holder_is_told_and_shows_it_anew(site: Site, staff: Staff) -> None:
    competence = made(site, staff, needed_as="inspector", needed_for="gauge", valid_months=6)
    held = shown(competence, staff.inspector, staff)
    about: dict[str, Any] = {"kind": "gauge", "site": "HAL"}
    soon, late = NOW + timedelta(days=160), NOW + timedelta(days=200)
    assert services.watch_running_out(soon - timedelta(days=30)) == 0
    assert services.watch_running_out(soon) == 1
    deliver(soon)
    assert services.watch_running_out(soon) == 0
    renewal = Task.objects.get(what="competences.task_renew")
    assert renewal.assignee == staff.inspector.id
    assert task_in_words(renewal).startswith("Show ")
    assert (
        len(queries.lacking(staff.inspector, now=late, **about)(INSPECTOR)) == 1
    )  # before the job has looked
    assert services.watch_running_out(late) == 1
    deliver(late)
    task = Task.objects.get(what="competences.task_lapsed", state="open")
    assert held.header.number is not None
    assert held.header.number in task_in_words(task)
    assert Task.objects.get(what="competences.task_renew").state == "done"
    held.refresh_from_db()
    given = Renewal(proved_on=late.date(), evidence="test passed with 28 of 30")
    services.take_step(qualification=held, step="renew", given=given, actor=staff.engineer, now=late)
    deliver(late)
    assert queries.lacking(staff.inspector, now=late, **about)(INSPECTOR) == ()
    assert Task.objects.get(pk=task.pk).state == "done"
    assert (held.proved_on, held.valid_months) == (late.date(), 6)


def test_what_must_hold_is_said_whole(site: Site, staff: Staff) -> None:
    draft = made(site, staff, "draft", needed_for="gage", valid_months=999)
    reasons = refused(lambda: advance(draft, "release", actor=staff.quality_manager, now=NOW))
    assert reasons == ["competences.no_type", "competences.months"]
    waiting = made(site, staff, "draft", title="Sampling")
    given = QualificationInput(
        owner=staff.engineer.id,
        competence="Sampling",
        proved_on=(NOW + timedelta(days=9)).date(),
        evidence="x",
    )
    entered = services.enter_qualification(site=site, given=given, actor=staff.engineer, now=NOW)

    def confirm() -> None:
        services.take_step(qualification=entered, step="confirm", actor=staff.engineer, now=NOW)

    assert refused(confirm) == ["competences.own", "competences.not_in_force", "competences.future"]
    advance(waiting, "release", actor=staff.quality_manager, now=NOW)
    old = replace(given, owner=staff.inspector.id, proved_on=(NOW - timedelta(days=500)).date())
    stale = services.enter_qualification(site=site, given=old, actor=staff.engineer, now=NOW)
    who: dict[str, Any] = {"qualification": stale, "actor": staff.engineer, "now": NOW}
    assert refused(lambda: services.take_step(step="confirm", **who)) == ["competences.too_old"]
    valid = shown(waiting, staff.inspector, staff)
    lapse: dict[str, Any] = {"qualification": valid, "step": "lapse", "actor": services.WATCH, "now": NOW}
    assert "competences.still_valid" in refused(lambda: services.take_step(**lapse))
    empty = QualificationInput(owner="", competence="Nothing", proved_on=NOW.date(), evidence=" ")
    entering: dict[str, Any] = {"site": site, "given": empty, "actor": staff.engineer, "now": NOW}
    assert refused(lambda: services.enter_qualification(**entering)) == [
        "records.mention_unknown",
        "records.field_missing",
        "records.field_missing",
    ]


def test_one_that_holds_for_good_never_lapses(site: Site, staff: Staff) -> None:
    competence = made(site, staff, valid_months=0)
    held = shown(competence, staff.inspector, staff)
    assert (held.valid_until, held.notice_at) == (None, None)
    assert services.watch_running_out(NOW + timedelta(days=9999)) == 0


def test_a_person_does_it_all_by_the_forms(site: Site, staff: Staff) -> None:
    typed = {"title": "Soldering", "needed_as": "operator", "needed_for": "signal", "valid_months": "24"}
    about: dict[str, Any] = {"actor": staff.engineer, "now": NOW}
    made = edge.create("competence", site="HAL", typed=typed, **about)
    edge.take_move(made.pk, "release", actor=staff.approver, now=NOW)
    typed = {
        "owner": staff.operator.id,
        "competence": "Soldering",
        "proved_on": "2026-03-01",
        "evidence": "seen",
    }
    held = edge.create("qualification", site="HAL", typed=typed, **about)
    edge.take_move(held.pk, "confirm", **about)
    assert Qualification.objects.get(pk=held.pk).valid_months == 24
    assert Competence.objects.get(pk=made.pk).needed_as == "operator"
    renewed = {"proved_on": "2026-03-02", "evidence": "seen again"}
    edge.take_move(held.pk, "renew", typed=renewed, **about)
    assert Qualification.objects.get(pk=held.pk).evidence == "seen again"
