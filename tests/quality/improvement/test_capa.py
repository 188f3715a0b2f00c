"""A corrective action from its triage to the signed verdict of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from correcting.plant import BETWEEN, DAY, UNCHANGED, WAYS, Correcting
from gemba.quality.control.nonconformance import services as nonconformances
from gemba.quality.control.nonconformance.factory import Staff, make_staff, nonconformance_in, proof_of
from gemba.quality.control.nonconformance.inputs import CorrectiveAnswer
from gemba.quality.improvement.capa import queries, services
from gemba.quality.improvement.capa.inputs import (
    AcrossInput,
    CapaInput,
    CauseInput,
    CauseProof,
    ChangeAnswer,
    Containment,
)
from gemba.quality.improvement.capa.judging import verdict_of
from gemba.quality.improvement.capa.lifecycle import LIFECYCLE
from gemba.quality.improvement.capa.models import Capa, Judgement
from gemba.quality.planning.controlplans import services as plans
from gemba.quality.planning.controlplans.factory import plan_in
from gemba.quality.records.advance import advance
from gemba.quality.records.history import trail_of
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Signature, Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.screen import object_page
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.trail import verify

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WAY = WAYS["monitoring"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Correcting:
    site = Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")
    return Correcting(site, make_staff(site, now=NOW), now=NOW)


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code.removeprefix("capa.") for reason in caught.value.reasons]


def tasks(here: Correcting) -> list[str]:
    while deliver_due(here.now + timedelta(seconds=1)):
        pass
    rows = Task.objects.filter(state="open", header__type="capa").order_by("pk")
    return [task_in_words(row) for row in rows]


@pytest.mark.parametrize("state", WAYS)
def test_every_state_is_reached_and_only_its_own_moves_leave_it(here: Correcting, state: str) -> None:
    record = here.capa_in(state)
    assert record.header.state == state
    assert str(record.header.number).startswith("CAP-HAL-26-")
    for step in LIFECYCLE.moves:
        if state not in step.sources:
            with pytest.raises(Refused) as caught:
                advance(record, step.name, actor=here.staff.deputy, now=here.now)
            assert "records.wrong_state" in [reason.code for reason in caught.value.reasons]
    assert verify().sound


def test_an_action_that_worked_is_closed_by_a_signature_on_the_verdict_of_the_data(here: Correcting) -> None:
    made = here.lead(here.submitted(), *WAY)
    plan = queries.plan_of(made)
    assert (plan.metric, plan.direction, plan.baseline.n) == ("mean", "lower", 20)
    assert "shall go from 10.2 to 10" in made.plan_words
    assert services.judge_due(here.now + 4 * DAY) == 0
    here.lead(made, "wait")
    made = queries.capa(made.pk)
    assert (made.header.state, made.verdict) == ("judged", "effective")
    found = Judgement.objects.get(capa=made)
    seen, again = verdict_of(made, look_number=1)
    assert (found.digest, found.sentence, found.readings) == (seen.digest, again.headline(), 10)
    assert services.judge_due(here.now + 40 * DAY) == 0
    here.lead(made, "close")
    signed = list(Signature.objects.filter(header=made.pk).order_by("pk").values_list("signer", "meaning"))
    assert signed == [(here.staff.approver.id, "approved"), (here.staff.quality_manager.id, "verified")]
    assert [item.id for item in linked_headers(made.pk)["affects"]] == [here.plant.characteristic.pk]
    assert verify().sound


def test_what_did_not_work_begins_the_next_cycle_by_itself(here: Correcting) -> None:
    made = here.lead(here.submitted(), *WAY, "wait", values=UNCHANGED)
    assert (made.header.state, made.cycle, made.verdict) == ("investigation", 2, "not effective")
    assert (made.plan, made.window_until, made.looks) == ("", None, 0)
    assert ["find and verify the cause" in words for words in tasks(here)] == [True]
    plan = here.plan(baseline_until=here.now)
    about: dict[str, Any] = {"capa": made, "given": plan, "actor": here.staff.engineer, "now": here.now}
    assert codes(lambda: services.propose(**about)) == ["cause_missing"]
    here.find(made)
    services.propose(**about)
    here.lead(made, "approve")
    rows = made.actions.order_by("number").values_list("cycle", "number", "done_by")
    assert list(rows) == [(1, 1, here.staff.operator.id), (2, 2, "")]
    assert made.judgements.get().verdict == "not effective"


def test_too_little_data_is_waited_for_longer_with_approval_and_half_the_error(here: Correcting) -> None:
    made = here.lead(here.submitted(), *WAY, "wait", values=BETWEEN)
    assert (made.header.state, made.verdict) == ("judged", "not yet shown")
    staff = here.staff

    def extended(days: int = 5, actor: Any = staff.quality_manager) -> Capa:
        return services.extend(
            capa=made, days=days, reason="few orders", proof=proof_of(actor), actor=actor, now=here.now
        )

    assert codes(lambda: here.lead(made, "close")) == ["not_shown"]
    assert codes(lambda: extended(0)) == ["days"]
    extended()
    assert (made.extensions, made.header.state, made.verdict) == (1, "monitoring", "")
    here.lead(made, "wait")
    made = queries.capa(made.pk)
    assert (made.verdict, made.looks) == ("effective", 2)
    assert '"alpha": 0.025' in made.judgements.get(look=2).figures.replace('":', '": ').replace(":  ", ": ")
    assert codes(lambda: services.extend(
        capa=made, days=5, reason="more", proof=proof_of(staff.approver), actor=staff.approver, now=here.now
    )) == ["nothing_to_extend"]  # fmt: skip


def test_nobody_waits_for_ever_and_nobody_types_a_verdict(here: Correcting) -> None:
    made = here.lead(here.submitted(), *WAY)
    assert set(codes(lambda: advance(made, "judge", actor=here.staff.deputy, now=here.now))) == {
        "records.role_missing", "program_only", "window_open",
    }  # fmt: skip
    here.lead(made, "wait", values=())
    made = queries.capa(made.pk)
    assert made.verdict_words.startswith("Not yet shown: 0 values tell nothing")
    services.begin_again(capa=made, reason="no orders any more", actor=here.staff.deputy, now=here.now)
    assert (made.header.state, made.cycle) == ("investigation", 2)


def test_human_error_alone_is_no_cause(here: Correcting) -> None:
    made = here.lead(here.submitted(), "accept", "contain")
    about: dict[str, Any] = {"capa": made, "actor": here.staff.engineer, "now": here.now}
    assert codes(lambda: services.verify_cause(given=CauseProof(number=1, evidence=" "), **about)) == [
        "line_unknown", "records.field_missing",
    ]  # fmt: skip
    blank = CauseInput(kind="occurrence", factor="human", cause=" ")
    assert codes(lambda: services.add_cause(given=blank, **about)) == ["records.field_missing"]
    here.find(made, factor="human")
    assert codes(lambda: services.propose(given=here.plan(), **about)) == ["human_alone"]
    here.find(made, factor="human", kind="systemic")
    services.propose(given=here.plan(), **about)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"actions": ()}, ["action_missing"]),
        ({"characteristic": "CHR-HAL-26-0099"}, ["stream_unknown"]),
        ({"stream": "machine=M9"}, ["stream_unknown"]),
        ({"baseline_until": NOW}, ["baseline_order"]),
        ({"baseline_until": NOW + 99 * DAY}, ["baseline_ahead"]),
        ({"window_days": 0}, ["days"]),
        ({"window_days": 1}, ["window_short"]),
        ({"target": Decimal("10.2")}, ["criterion"]),
        ({"metric": "fraction"}, ["criterion"]),
        ({"metric": "rate"}, ["criterion"]),
        ({"metric": "shift"}, ["criterion"]),
        ({"metric": "median"}, ["records.not_choice"]),
    ],
)
def test_a_plan_without_a_criterion_that_can_be_judged_is_refused(
    here: Correcting, changes: dict[str, Any], expected: list[str]
) -> None:
    made = here.lead(here.submitted(), "accept", "contain", "find")
    given = here.plan(**changes)
    about: dict[str, Any] = {"capa": made, "actor": here.staff.engineer, "now": here.now}
    assert codes(lambda: services.propose(given=given, **about)) == expected
    services.propose(given=here.plan(), **about)


def test_a_fraction_and_the_distance_from_the_nominal_are_judged_too(here: Correcting) -> None:
    here.plant.send(*[11.0] * 10)
    here.plant.now += DAY
    half = {"power": Decimal("0.5"), "baseline_until": here.now}
    for given in (
        here.plan(metric="fraction", target=Decimal("0.01"), window_days=20, **half),
        here.plan(metric="shift", margin=Decimal("0.3"), window_days=90, **half),
    ):
        made = here.lead(here.submitted(), "accept", "contain", "find")
        services.propose(capa=made, given=given, actor=here.staff.engineer, now=here.now)
        made = here.lead(made, "approve", "implement", "verify", "wait", values=(9.9, 10.0, 10.1) * 10)
        assert made.verdict == "effective", made.verdict_words


def test_voided_and_corrected_readings_count_as_they_hold_now(here: Correcting) -> None:
    made = here.lead(here.submitted(), *WAY)
    before, _ = verdict_of(made, look_number=1)
    assert before.readings == 0
    here.plant.now += DAY
    first, second = here.plant.send(9.9, 55.0)
    here.plant.now += 5 * DAY
    seen, _ = verdict_of(made, look_number=1)
    assert seen.readings == 2
    assert seen.observed.mean == pytest.approx(32.45)
    here.plant.amend(second, "", "void")
    again, _ = verdict_of(made, look_number=1)
    assert (again.readings, again.observed.mean) == (1, 9.9)
    assert again.digest != seen.digest
    assert first != second


def test_the_implementer_neither_verifies_nor_signs(here: Correcting) -> None:
    made = here.lead(here.submitted(), "accept", "contain", "find", "propose")
    staff = here.staff
    assert codes(lambda: services.approve(
        capa=made, proof=proof_of(staff.engineer), actor=staff.engineer, now=here.now
    )) == ["records.role_missing", "records.own_work"]  # fmt: skip
    here.lead(made, "approve")
    about: dict[str, Any] = {"capa": made, "actor": staff.deputy, "now": here.now}
    assert codes(lambda: services.verify(**about)) == ["action_open", *["change_open"] * 4]
    services.do_action(number=1, evidence="Built in", **about)
    wordless = (ChangeAnswer(about="fmea", answer="updated"),)
    assert codes(lambda: services.prevent(changes=wordless, **about)) == ["change_words"]
    here.implement(made)
    assert codes(lambda: services.verify(**about)) == ["records.own_work"]
    made = here.lead(made, "verify", "wait")
    proof = proof_of(staff.deputy)
    assert codes(lambda: services.close(lessons=" ", proof=proof, **about)) == [
        "records.field_missing", "records.own_work",
    ]  # fmt: skip


def test_what_was_changed_is_linked_and_where_else_it_applies_is_listed(here: Correcting) -> None:
    made = here.lead(here.submitted(), "accept", "contain", "find", "propose", "approve")
    other = nonconformance_in("reported", site=here.site, staff=here.staff, now=here.now)
    number = str(other.header.number)  # a control plan is named in the same way
    changes = (ChangeAnswer(about="control_plan", answer="updated", words=f"{number}, line 7"),)
    across = (AcrossInput(place="Line 2", answer="applied", words="Same stop"),)
    about: dict[str, Any] = {"capa": made, "actor": here.staff.engineer, "now": here.now}
    services.prevent(changes=changes, across=across, **about)
    assert [item.number for item in linked_headers(made.pk)["affects"]][1:] == [number]
    assert made.across.get().place == "Line 2"
    services.prevent(across=(replace(across[0], place="Line 3"),), **about)
    assert made.across.get().place == "Line 3"
    assert made.changes.get(about="control_plan").answer == "updated"


def test_what_is_known_at_the_containment_is_noted_with_it_each_by_its_own_move(here: Correcting) -> None:
    made = here.lead(here.submitted(), "accept")
    about: dict[str, Any] = {"capa": made, "actor": here.staff.engineer, "now": here.now}
    given = Containment(containment="Every bore is gauged", cause="Insert is worn", evidence="new one: 10.00")
    with pytest.raises(Refused), transaction.atomic():
        services.contain(given=replace(given, cause=" "), **about)
    made = about["capa"] = queries.capa(made.pk)
    services.contain(given=given, **about)
    moves = [entry.action for entry in trail_of(made.pk)][-3:]
    assert moves == ["move:contain", "move:add_cause", "move:verify_cause"]
    assert made.causes.get().evidence == "new one: 10.00"
    shown = object_page(made.pk, actor=here.staff.engineer, now=here.now)
    (left,) = [choice for choice in shown.moves if choice.name == "verify_cause"]
    assert [reason.code for reason in left.reasons] == ["capa.nothing_open"]


def test_a_control_plan_that_is_named_as_updated_is_in_force(here: Correcting) -> None:
    made = here.lead(here.submitted(), "accept", "contain", "find", "propose", "approve")
    staff, now = here.staff, here.now
    who: dict[str, Any] = {
        "maker": staff.engineer,
        "decider": staff.approver,
        "proof": proof_of(staff.approver),
    }
    plan = plan_in("approved", site=here.site, now=now, **who)
    change = ChangeAnswer(about="control_plan", answer="updated", words=f"{plan.header.number}, revision 1")
    about: dict[str, Any] = {"capa": made, "changes": (change,), "actor": staff.engineer, "now": now}
    assert codes(lambda: services.prevent(**about)) == ["plan_not_in_force"]
    plans.put_in_force(plan=plan, actor=staff.approver, now=now)
    services.prevent(**about)
    assert made.changes.get(about="control_plan").answer == "updated"


def test_a_nonconformance_opens_one_and_cannot_be_reopened_while_it_is_open(here: Correcting) -> None:
    staff: Staff = here.staff
    ncr = nonconformance_in("verified", site=here.site, staff=staff, now=here.now)
    answer = CorrectiveAnswer(needed=True, ground="recurrence", why="the third time")
    about: dict[str, Any] = {"nonconformance": ncr, "actor": staff.approver, "now": here.now}
    nonconformances.answer_corrective(given=answer, **about)
    nonconformances.answer_corrective(given=replace(answer, why="the fourth time"), **about)
    assert ["how much is at risk" in words for words in tasks(here)] == [True]
    made = Capa.objects.select_related("header", "header__site").get()
    nonconformances.close(proof=proof_of(staff.approver), **about)
    assert (made.problem, made.corrects) == (ncr.found, ncr.header.number)
    assert [item.id for item in queries.correcting(ncr.pk)] == [made.pk]
    assert codes(lambda: services.submit_for(nonconformance=ncr.pk, actor=staff.engineer, now=here.now)) == [
        "already_open"
    ]
    reopen: dict[str, Any] = {"reason": "again", "actor": staff.quality_manager, "now": here.now}
    assert codes(lambda: nonconformances.reopen(nonconformance=ncr, **reopen)) == ["nonconformance.capa_open"]
    here.lead(made, "decline")
    nonconformances.reopen(nonconformance=ncr, **reopen)
    wrong = CapaInput(title="", corrects="NCR-HAL-26-0099")
    assert codes(lambda: services.submit(site=here.site, given=wrong, actor=staff.auditor, now=here.now)) == [
        "records.no_right",
        "records.field_missing",
        "nonconformance_unknown",
    ]


def test_what_is_said_of_the_problem_may_be_amended_not_what_it_corrects(here: Correcting) -> None:
    made = here.submitted()
    given = CapaInput(title="Bore too wide", problem="10.4 to 10.6 mm", corrects="NCR-HAL-26-0099")
    services.amend(capa=made, given=given, actor=here.staff.engineer, now=here.now)
    assert (made.problem, made.corrects) == ("10.4 to 10.6 mm", "")


def test_a_second_one_on_the_same_characteristic_is_linked_as_a_recurrence(here: Correcting) -> None:
    first = here.capa_in("closed")
    second = here.lead(here.submitted(), "accept", "contain", "find")
    given = here.plan(baseline_until=here.now, target=Decimal("9.8"), window_days=60)
    services.propose(capa=second, given=given, actor=here.staff.engineer, now=here.now)
    assert [item.id for item in linked_headers(first.pk)["recurs_as"]] == [second.pk]


def test_whoever_must_act_has_a_task_until_it_is_signed(here: Correcting) -> None:
    made = here.submitted()
    seen = [tasks(here)]
    for step in ("accept", "contain", "find", "propose", "approve", "implement", "verify", "wait", "close"):
        here.lead(made, step)
        seen.append(tasks(here))
    words = ["how much is at risk", "keep it from", "find and verify", "find and verify", "Approve or send",
             "do the actions", "Verify them", "", "Sign it", ""]  # fmt: skip
    for found, expected in zip(seen, words, strict=True):
        assert len(found) == bool(expected)
        assert expected in "".join(found)
    sent = here.lead(here.submitted(), "accept", "contain", "find", "propose")
    advance(sent, "send_back", actor=here.staff.approver, now=here.now, inputs={"reason": "too small a step"})
    assert ["find and verify" in told for told in tasks(here)] == [True]
