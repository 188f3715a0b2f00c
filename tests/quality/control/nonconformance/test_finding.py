"""Every refusal up to the containment, each made to happen, with all its reasons at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from charted.plant import Plant
from gemba.quality.control.nonconformance import services
from gemba.quality.control.nonconformance.factory import Staff, containment, finding
from gemba.quality.control.nonconformance.inputs import LocationAnswer
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.records import store
from gemba.quality.records.actor import Actor
from gemba.quality.records.models import Site
from nonconforming.case import NOW, Case, codes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": " "}, ["records.field_missing"]),
        ({"severity": "awful"}, ["choice_unknown"]),
        ({"origin": ""}, ["choice_unknown"]),
        ({"detection_point": "moon"}, ["choice_unknown"]),
        ({"quantity_nonconforming": Decimal(-1)}, ["quantity_invalid"]),
        ({"quantity_suspect": Decimal("NaN")}, ["quantity_invalid"]),
        ({"quantity_suspect": Decimal("1E9")}, ["quantity_invalid"]),
        ({"quantity_suspect": Decimal("0.0000001")}, ["quantity_invalid"]),
        ({"item": "x" * 121}, ["records.too_long"]),
        ({"title": "x" * 201}, ["records.too_long"]),
        ({"characteristic": "CHR-HAL-26-9999"}, ["characteristic_unknown"]),
        (
            {"title": "", "severity": "awful", "quantity_inspected": Decimal("inf")},
            ["records.field_missing", "choice_unknown", "quantity_invalid"],
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_every_reason(
    site: Site, staff: Staff, changes: dict[str, Any], expected: list[str]
) -> None:
    given = finding(NOW, **changes)
    opening = lambda: services.open_nonconformance(site=site, given=given, actor=staff.inspector, now=NOW)  # noqa: E731
    assert codes(opening) == expected
    ncr = Case("draft", site, staff).ncr
    amending = lambda: services.amend(nonconformance=ncr, given=given, actor=staff.inspector, now=NOW)  # noqa: E731
    assert codes(amending) == expected


def test_the_largest_and_the_smallest_quantity_come_back_exactly(site: Site, staff: Staff) -> None:
    ncr = Case("draft", site, staff, quantity_suspect=Decimal("123456789.123456")).ncr
    assert Nonconformance.objects.get(pk=ncr.pk).quantity_suspect == Decimal("123456789.123456")


def test_whoever_only_reads_opens_nothing(site: Site, staff: Staff) -> None:
    given, actor = finding(NOW), staff.auditor
    opening = lambda: services.open_nonconformance(site=site, given=given, actor=actor, now=NOW)  # noqa: E731
    assert codes(opening) == ["records.no_right"]


def test_the_characteristic_of_the_finding_is_linked_at_the_version_in_force(staff: Staff) -> None:
    plant = Plant()
    ncr = Case("draft", plant.site, staff, characteristic=plant.number).ncr
    assert ncr.characteristic_version == 2
    given = finding(NOW, characteristic=plant.number, found="again")
    services.amend(nonconformance=ncr, given=given, actor=staff.inspector, now=NOW)
    rows = store.fetch("SELECT target_id, target_version FROM records_link WHERE source_id = %s", [ncr.pk])
    assert rows == [(plant.characteristic.pk, 2)]


def test_a_machine_drafts_and_amends_its_draft_but_no_more(site: Site, staff: Staff) -> None:
    machine = Actor("token", "token:1", "press", frozenset({("operator", "HAL")}))
    ncr = services.open_nonconformance(site=site, given=finding(NOW), actor=machine, now=NOW)
    services.amend(nonconformance=ncr, given=finding(NOW, lot="L-78"), actor=machine, now=NOW)
    reporting = lambda: services.report(nonconformance=ncr, actor=machine, now=NOW)  # noqa: E731
    assert codes(reporting) == ["records.person_only"]
    services.report(nonconformance=ncr, actor=staff.inspector, now=NOW)
    amending = lambda: services.amend(nonconformance=ncr, given=finding(NOW), actor=machine, now=NOW)  # noqa: E731
    assert codes(amending) == ["records.person_only"]


def test_the_finding_is_not_changed_once_it_is_decided_on(site: Site, staff: Staff) -> None:
    ncr = Case("dispositioned", site, staff).ncr
    amending = lambda: services.amend(  # noqa: E731
        nonconformance=ncr, given=finding(NOW), actor=staff.quality_manager, now=NOW
    )
    assert codes(amending) == ["records.not_editable"]


def test_a_report_says_what_where_when_and_how_much(site: Site, staff: Staff) -> None:
    ncr = Case(
        "draft", site, staff, required="", found="", place="", found_at=None, detection_point="",
        severity="", quantity_nonconforming=None,
    ).ncr  # fmt: skip
    report = lambda: services.report(nonconformance=ncr, actor=staff.inspector, now=NOW)  # noqa: E731
    assert codes(report) == ["records.field_missing"] * 6 + ["quantity_zero"]


def test_no_more_is_nonconforming_than_was_inspected(site: Site, staff: Staff) -> None:
    ncr = Case("draft", site, staff, quantity_inspected=Decimal(11)).ncr
    report = lambda: services.report(nonconformance=ncr, actor=staff.inspector, now=NOW)  # noqa: E731
    assert codes(report) == ["quantity_order"]


def test_containment_needs_an_answer_for_each_location(site: Site, staff: Staff) -> None:
    case = Case("reported", site, staff)
    assert codes(case.contain) == ["location_open"] * 5
    stock = LocationAnswer(location="stock", answer="secured", words="cage 3", quantity=Decimal(40))
    services.answer_location(nonconformance=case.ncr, locations=[stock], actor=staff.operator, now=NOW)
    assert codes(case.contain) == ["location_open"] * 4
    case.contain(*containment()[1:])
    kept = case.ncr.locations.get(location="stock")
    assert (kept.answer, kept.quantity, kept.words, kept.answered_by) == (
        "secured", 40, "cage 3", staff.operator.id,
    )  # fmt: skip


def test_an_answer_about_a_location_says_what_was_done_and_how_much_found(site: Site, staff: Staff) -> None:
    case = Case("reported", site, staff)
    bad: Any = LocationAnswer(location="stock", answer="secured", words=" ")
    assert codes(lambda: case.contain(*containment(stock=bad))) == ["location_words", "location_quantity"]
    odd: Any = LocationAnswer(location="moon", answer="maybe", words="x", quantity=Decimal(-1))  # type: ignore[arg-type]  # meant
    assert codes(lambda: case.contain(*containment(), odd)) == [
        "choice_unknown", "choice_unknown", "quantity_invalid",
    ]  # fmt: skip
