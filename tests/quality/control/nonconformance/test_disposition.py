"""Every refusal from the review to the end, each made to happen, with all its reasons at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from charted.plant import Plant
from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.factory import NO_ACTION, SCRAPPED, Staff, containment, finding
from gemba.quality.control.nonconformance.inputs import CorrectiveAnswer, LineInput, LocationAnswer, Opinion
from gemba.quality.control.nonconformance.reasons import NONCONFORMANCE
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import answers
from gemba.quality.records.models import Event, Header, Signature, Site
from gemba.quality.records.signatures import is_valid
from nonconforming.case import NOW, Case, codes, done, line, with_neighbour

pytestmark = pytest.mark.django_db


def test_whoever_speaks_for_a_function_has_its_role_and_says_something(site: Site, staff: Staff) -> None:
    case = Case("contained", site, staff)
    assert codes(lambda: case.review("quality", staff.engineer, " ")) == ["review_role", "review_words"]
    assert codes(lambda: case.review("engineering", staff.quality_manager)) == ["review_role"]
    assert codes(lambda: case.review("marketing", staff.engineer)) == ["choice_unknown"]
    assert codes(lambda: case.review("engineering", staff.operator)) == [
        "records.role_missing",
        "review_role",
    ]


def test_the_review_needs_engineering_and_quality_and_two_persons(site: Site, staff: Staff) -> None:
    case = Case("contained", site, staff)
    both = Actor("person", staff.engineer.id, "Both", frozenset({("engineer", "HAL"), ("approver", "HAL")}))
    case.review("engineering", both)
    assert codes(lambda: case.decide(line("scrap"))) == ["review_missing"]
    case.review("quality", both)
    assert codes(lambda: case.decide(line("scrap"))) == ["review_one_person"]
    case.review("quality", staff.approver)
    assert case.decide(line("scrap")).header.state == "dispositioned"


def test_the_customer_has_a_word_where_the_contract_says_so(site: Site, staff: Staff) -> None:
    case = Case("under_review", site, staff, customer_decides=True)
    assert codes(lambda: case.decide(line("scrap"))) == ["review_missing"]
    case.review("customer", staff.quality_manager, "agreed by letter of 2 March")
    case.decide(line("scrap"))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], ["lines_sum"]),
        ([line("scrap", "11")], ["lines_sum"]),
        ([line("scrap", "6"), line("regrade", "6.5")], ["lines_sum"]),
        ([line("scrap", "0"), line("regrade")], ["quantity_zero"]),
        ([line("burn")], ["choice_unknown"]),
        ([line("scrap", reason=" ")], ["line_field"]),
        ([line("use_as_is")], ["concession_missing"]),
        ([line("repair")], ["line_field", "concession_missing"]),
        ([line("rework", "5"), line("use_as_is", "5")], ["lines_sum", "line_field", "concession_missing"]),
    ],
)
def test_a_disposition_covers_the_quantity_and_is_complete(
    site: Site, staff: Staff, lines: list[LineInput], expected: list[str]
) -> None:
    case = Case("under_review", site, staff)
    assert codes(lambda: case.decide(*lines)) == expected
    assert case.ncr.lines.count() == 0


def test_the_lines_that_were_proposed_stand_until_others_take_their_place(site: Site, staff: Staff) -> None:
    case = Case("under_review", site, staff)
    for quantity in ("11", "12"):
        services.propose_disposition(
            nonconformance=case.ncr, lines=[line("scrap", quantity)], actor=staff.engineer, now=NOW
        )
    case.decide()
    kept = case.ncr.lines.get()
    assert (kept.number, kept.quantity, kept.authority) == (1, 12, staff.quality_manager.id)


@pytest.mark.parametrize("category", ["draft", "open", "closed", "void"])
def test_a_concession_that_is_not_in_force_does_not_help(site: Site, staff: Staff, category: str) -> None:
    case = Case("under_review", site, staff)
    with_neighbour(case.ncr, "concession", category)
    assert codes(lambda: case.decide(line("use_as_is"))) == ["concession_not_approved"]


@pytest.mark.parametrize("category", ["approved", "effective"])
def test_use_as_it_is_stands_on_an_approved_concession_until_the_end(
    site: Site, staff: Staff, category: str
) -> None:
    case = Case("under_review", site, staff)
    concession = with_neighbour(case.ncr, "concession", category)
    case.decide(line("use_as_is"))
    case.execute(done())
    Header.objects.filter(pk=concession.pk).update(category="void", state="withdrawn")
    assert codes(case.verify) == ["concession_not_approved"]
    Header.objects.filter(pk=concession.pk).update(category=category, state=category)
    case.verify()


def test_whoever_found_or_reported_it_does_not_decide(site: Site, staff: Staff) -> None:
    ncr = services.open_nonconformance(site=site, given=finding(NOW), actor=staff.quality_manager, now=NOW)
    services.report(nonconformance=ncr, actor=staff.deputy, now=NOW)
    services.contain(nonconformance=ncr, locations=containment(), actor=staff.operator, now=NOW)
    for function, actor in (("engineering", staff.engineer), ("quality", staff.approver)):
        given = Opinion(function=function, opinion="scrap")  # type: ignore[arg-type]  # the two above
        services.review(nonconformance=ncr, given=given, actor=actor, now=NOW)
    for actor, expected in ((staff.quality_manager, "finder_decides"), (staff.deputy, "records.own_work")):
        decide = lambda who=actor: services.decide_disposition(  # noqa: E731
            nonconformance=ncr, lines=[line("scrap")], actor=who, now=NOW
        )
        assert codes(decide) == [expected]


def test_a_line_is_carried_out_once_with_quantity_evidence_and_cost(site: Site, staff: Staff) -> None:
    case = Case("dispositioned", site, staff)
    assert codes(lambda: case.execute(replace(SCRAPPED, line=7))) == ["line_unknown"]
    wrong = done(quantity=Decimal(13), evidence=" ", cost=Decimal("1.005"), currency="EU")
    assert codes(lambda: case.execute(wrong)) == [
        "quantity_invalid", "evidence_missing", "line_quantity", "cost_missing",
    ]  # fmt: skip
    assert codes(lambda: case.execute(done())) == ["cost_missing"]
    case.execute(SCRAPPED)
    assert codes(lambda: case.execute(SCRAPPED)) == ["line_unknown"]


def test_scrap_is_posted_with_quantity_and_cost(site: Site, staff: Staff) -> None:
    Case("in_execution", site, staff)
    posted = Event.objects.get(name="MaterialScrapped")
    for part in ('"quantity":"12"', '"cost":"36.00"', '"currency":"EUR"', '"lot":"L-77"'):
        assert part in posted.payload


def test_a_rework_needs_a_passed_reinspection_of_the_same_characteristic(staff: Staff) -> None:
    plant = Plant(usl=Decimal(12))
    case = Case(
        "dispositioned", plant.site, staff, characteristic=plant.number,
        lines=(line("rework", instruction="grind"),),
    )  # fmt: skip
    assert codes(lambda: case.execute(done())) == ["reinspection_missing"]
    plant.now = NOW
    plant.send(11.0)
    plant.send(11.0, purpose="re-inspection", lot="L-99")
    assert codes(lambda: case.execute(done())) == ["reinspection_missing"]
    plant.send(13.0, purpose="re-inspection", lot="L-77", serial="1")
    plant.send(11.0, purpose="re-inspection", lot="L-77", serial="2")
    assert codes(lambda: case.execute(done())) == ["reinspection_failed"]
    plant.send(11.5, purpose="re-inspection", lot="L-77", serial="1")
    case.execute(done())
    kept = case.ncr.lines.get()
    assert kept.reinspection == f"Diameter: {plant.ids[-3]}, {plant.ids[-2]}, {plant.ids[-1]}"
    assert case.verify().header.state == "verified"


def test_a_reinspection_from_before_the_decision_proves_nothing(staff: Staff) -> None:
    plant = Plant(usl=Decimal(12))
    plant.now = NOW - timedelta(hours=1)
    plant.send(11.0, purpose="re-inspection", lot="L-77")
    case = Case(
        "dispositioned", plant.site, staff, characteristic=plant.number,
        lines=(line("rework", instruction="grind"),),
    )  # fmt: skip
    assert codes(lambda: case.execute(done())) == ["reinspection_missing"]
    assert case.execute(done(quantity=Decimal(0))).header.state == "in_execution"


def test_without_a_characteristic_it_says_where_the_proof_can_be_read(site: Site, staff: Staff) -> None:
    case = Case("dispositioned", site, staff, lines=(line("rework", instruction="grind"),))
    assert codes(lambda: case.execute(done())) == ["reinspection_reference"]
    case.execute(done(reinspection="report 4711"))
    assert case.ncr.lines.get().reinspection == "report 4711"


def test_nothing_is_verified_while_a_line_is_to_do_or_a_rest_is_left(site: Site, staff: Staff) -> None:
    case = Case("dispositioned", site, staff, lines=(line("scrap", "5"), line("sort", "7")))
    case.execute(replace(SCRAPPED, quantity=Decimal(5)))
    assert codes(case.verify) == ["line_pending"]
    case.execute(done(line=2, quantity=Decimal(4)))
    assert codes(case.verify) == ["rest_open"]
    services.review_again(nonconformance=case.ncr, reason="three are bad", actor=staff.engineer, now=NOW)
    assert codes(lambda: case.decide(line("scrap", "3"))) == ["review_missing", "review_missing"]
    case.review("engineering", staff.engineer)
    case.review("quality", staff.approver)
    case.decide(line("scrap", "3"))
    case.execute(replace(SCRAPPED, line=3, quantity=Decimal(3)))
    assert case.verify().header.state == "verified"


def test_whoever_carried_it_out_does_not_verify_and_whoever_decided_does_not_close(
    site: Site, staff: Staff
) -> None:
    case = Case("dispositioned", site, staff)
    case.execute(SCRAPPED, actor=staff.inspector)
    assert codes(case.verify) == ["records.own_work"]
    case.verify(staff.engineer)
    answer = services.answer_corrective
    answer(nonconformance=case.ncr, given=NO_ACTION, actor=staff.engineer, now=NOW)
    assert codes(lambda: case.close(staff.quality_manager)) == ["records.own_work"]
    assert case.close(staff.deputy).header.state == "closed"
    signature = Signature.objects.get()
    assert (signature.meaning, signature.signer, is_valid(signature)) == ("verified", staff.deputy.id, True)


def test_closing_needs_the_answer_about_a_corrective_action_with_its_reason(site: Site, staff: Staff) -> None:
    case = Case("verified", site, staff)
    assert codes(case.close) == ["corrective_open"]
    for given, expected in (
        (CorrectiveAnswer(needed=True, ground="risk", why=" "), ["corrective_reason"]),
        (CorrectiveAnswer(needed=True, ground="mood", why="x"), ["choice_unknown"]),  # type: ignore[arg-type]  # meant
    ):
        answer = lambda typed=given: services.answer_corrective(  # noqa: E731
            nonconformance=case.ncr, given=typed, actor=staff.engineer, now=NOW
        )
        assert codes(answer) == expected
    services.answer_corrective(nonconformance=case.ncr, given=NO_ACTION, actor=staff.engineer, now=NOW)
    assert (case.ncr.corrective, case.ncr.corrective_ground) == ("no", "cost")
    case.close()


def test_a_customer_who_has_suspect_product_was_informed(site: Site, staff: Staff) -> None:
    there = LocationAnswer(location="customer", answer="secured", words="12 sent back", quantity=Decimal(12))
    case = Case("reported", site, staff)
    case.contain(*containment(customer=there))
    case.review("engineering", staff.engineer)
    case.review("quality", staff.quality_manager)
    case.decide(line("scrap"))
    case.execute(SCRAPPED)
    case.verify()
    services.answer_corrective(nonconformance=case.ncr, given=NO_ACTION, actor=staff.engineer, now=NOW)
    assert codes(case.close) == ["customer_not_informed"]
    again = services.review_again(nonconformance=case.ncr, reason="ask", actor=staff.engineer, now=NOW)
    given = finding(NOW, customer_informed="letter of 3 March")
    services.amend(nonconformance=again, given=given, actor=staff.engineer, now=NOW)
    case.review("engineering", staff.engineer)
    case.review("quality", staff.quality_manager)
    case.decide()
    case.verify()
    services.answer_corrective(nonconformance=case.ncr, given=NO_ACTION, actor=staff.engineer, now=NOW)
    case.close()


def test_it_is_not_opened_again_while_its_corrective_action_is_worked_on(site: Site, staff: Staff) -> None:
    case = Case("closed", site, staff)
    capa = with_neighbour(case.ncr, "capa", "open")
    assert codes(case.reopen) == ["capa_open"]
    Header.objects.filter(pk=capa.pk).update(category="closed", state="closed")
    assert case.reopen().header.state == "reported"


def test_opened_again_every_location_and_every_function_is_asked_again(site: Site, staff: Staff) -> None:
    case = Case("closed", site, staff)
    case.reopen()
    assert codes(case.contain) == ["location_open"] * 5
    case.contain(*containment())
    case.review("engineering", staff.engineer)
    assert codes(case.decide) == ["review_missing"]
    assert (case.ncr.cycle, case.ncr.corrective, case.ncr.lines.get().state) == (2, "", "done")


def test_what_is_gone_is_not_taken_back_and_what_was_not_done_neither(site: Site, staff: Staff) -> None:
    case = Case("closed", site, staff)
    assert codes(lambda: case.reopen("1, 2, x")) == ["line_gone", "line_not_done", "line_not_done"]


def test_a_line_that_no_longer_holds_is_overturned_and_decided_on_anew(site: Site, staff: Staff) -> None:
    case = Case("dispositioned", site, staff, lines=(line("regrade"),))
    case.execute(done())
    services.review_again(
        nonconformance=case.ncr, reason="wrong grade", overturned="1", actor=staff.engineer, now=NOW
    )
    assert [row.state for row in case.ncr.lines.all()] == ["overturned"]
    case.review("engineering", staff.engineer)
    case.review("quality", staff.quality_manager)
    case.decide(line("scrap"))
    assert [(row.number, row.state) for row in case.ncr.lines.order_by("number")] == [
        (1, "overturned"), (2, "pending"),
    ]  # fmt: skip


def test_the_reporter_does_not_void_his_report_and_it_keeps_a_number(site: Site, staff: Staff) -> None:
    ncr = services.open_nonconformance(site=site, given=finding(NOW), actor=staff.engineer, now=NOW)
    services.report(nonconformance=ncr, actor=staff.engineer, now=NOW)

    def void(who: Actor, why: str) -> None:
        services.void(nonconformance=ncr, reason=why, actor=who, now=NOW)

    assert codes(lambda: void(staff.engineer, "")) == ["records.reason_missing", "records.own_work"]
    void(staff.quality_manager, "counted twice")
    assert (ncr.header.category, ncr.header.number) == ("void", "NCR-HAL-26-0001")


def test_no_line_is_carried_out_twice(site: Site, staff: Staff) -> None:
    case = Case("dispositioned", site, staff, lines=(line("regrade"),))

    def against() -> list[str]:
        given = answers(case.ncr, actor=staff.operator, now=NOW)
        (answer,) = (one for one in given if one.move.name == "execute")
        return [reason.code.removeprefix("nonconformance.") for reason in answer.reasons]

    assert against() == []
    case.execute(done())
    assert against() == ["nothing_pending"]


def test_every_reason_has_its_case_above() -> None:
    pages = Path(__file__).parent.glob("test_*.py")
    source = "".join(page.read_text(encoding="utf-8") for page in pages)
    names = [code.removeprefix("nonconformance.") for code in NONCONFORMANCE]
    assert [name for name in names if f'"{name}"' not in source and not name.startswith("task_")] == []
