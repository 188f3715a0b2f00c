"""Products, processes and parties, and how a characteristic names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from gemba.quality.people.parties import services as parties
from gemba.quality.people.parties.inputs import PartyInput
from gemba.quality.planning.processes.factory import WAYS as PROCESS_WAYS
from gemba.quality.planning.processes.factory import process_in
from gemba.quality.planning.processes.inputs import StepInput
from gemba.quality.planning.processes.reasons import PROCESSES
from gemba.quality.planning.products import queries, services
from gemba.quality.planning.products.factory import WAYS as PRODUCT_WAYS
from gemba.quality.planning.products.factory import product_in
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.history import record_version
from gemba.quality.records.links import linked_headers
from gemba.quality.records.models import Header, Site, Version
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.trail import verify
from gemba.quality.records.types import record_type

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EMIL = Actor("person", "person:1", "Emil", frozenset({("engineer", "HAL")}))
QUINN = Actor("person", "person:2", "Quinn", frozenset({("quality_manager", "HAL"), ("approver", "HAL")}))
BORE = CharacteristicInput(name="Bore", unit="mm", usl=Decimal("10.05"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


@pytest.fixture
def about(site: Site) -> dict[str, Any]:
    return {"site": site, "maker": EMIL, "decider": QUINN, "now": NOW}


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def characteristic(site: Site, **changes: Any) -> Characteristic:
    return services.create_characteristic(site=site, given=replace(BORE, **changes), actor=EMIL, now=NOW)


def edited(record: Characteristic, **changes: Any) -> Characteristic:
    given = replace(queries.inputs_of(record), **changes)
    return services.edit_characteristic(characteristic=record, given=given, actor=EMIL, now=NOW)


def neighbours(record: Model, relation: str) -> list[str]:
    return [item.type for item in linked_headers(record.pk).get(relation, ())]


@pytest.mark.parametrize(("kind", "ways"), [("product", PRODUCT_WAYS), ("process", PROCESS_WAYS)])
def test_every_state_is_reached_and_only_its_own_moves_leave_it(
    about: dict[str, Any], kind: str, ways: dict[str, object]
) -> None:
    making: Any = product_in if kind == "product" else process_in
    for state in ways:
        record = making(state, title=state, **about)
        assert record.header.state == state
        for step in record_type(kind).lifecycle.moves:
            actor = EMIL if "approver" not in step.roles else QUINN
            with transaction.atomic():
                try:
                    fresh = type(record).objects.select_related("header").get(pk=record.pk)
                    advance(fresh, step.name, actor=actor, now=NOW, inputs={"reason": "because"})
                except Refused as refused:
                    wrong = [reason.code for reason in refused.reasons] == ["records.wrong_state"]
                    assert wrong == (state not in step.sources), (state, step.name)
                else:
                    assert state in step.sources, (state, step.name)
                    transaction.set_rollback(True)
    assert set(ways) == {state.name for state in record_type(kind).lifecycle.states}
    assert verify().sound


def test_a_process_is_released_when_its_steps_make_a_way(about: dict[str, Any]) -> None:
    def refused(*steps: StepInput) -> list[str]:
        made = process_in("draft", steps=steps, **about)
        return codes(lambda: advance(made, "release", actor=QUINN, now=NOW))

    def step(number: int, after: int | None = None) -> StepInput:
        return StepInput(number=number, operation="turn", predecessor=after)

    assert refused() == ["processes.no_step"]
    assert refused(step(10), step(10)) == ["processes.step_twice"]
    assert refused(step(10, 5)) == ["processes.predecessor_unknown"]
    assert refused(step(10, 30), step(20, 10), step(30, 20), step(40, 30)) == ["processes.circle"] * 3
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in PROCESSES if f'"{code}"' not in source] == []


def test_a_characteristic_is_linked_to_what_it_names_by_number_or_by_name(
    site: Site, about: dict[str, Any]
) -> None:
    product, process = product_in("released", **about), process_in("released", **about)
    asked, other = requirement_in("agreed", **about), requirement_in("agreed", **about)
    numbers = f"{asked.header.number}, {other.header.number}"
    made = characteristic(site, product=product.header.number, process="Turning", step="20", verifies=numbers)
    assert neighbours(product, "contains") == neighbours(process, "contains") == ["characteristic"]
    assert neighbours(made, "verifies") == ["requirement", "requirement"]
    edited(made, verifies=str(other.header.number), product="Housing 12")
    assert neighbours(asked, "verified_by") == []
    assert neighbours(other, "verified_by") == neighbours(product, "contains") == ["characteristic"]
    edited(made, product="a prototype", process="", step="as told")
    assert neighbours(made, "contained_in") == []
    assert neighbours(made, "verifies") == ["requirement"]
    assert verify().sound


def test_what_names_nothing_is_refused_with_every_reason(site: Site, about: dict[str, Any]) -> None:
    process_in("released", **about)
    ended = requirement_in("withdrawn", **about)
    wrong = {"product": "PRD-HAL-26-0099", "process": "Turning", "step": "15"}
    assert codes(lambda: characteristic(site, verifies=f"{ended.header.number}, the shaft", **wrong)) == [
        "products.step_unknown", *["records.mention_unknown"] * 3,
    ]  # fmt: skip
    made = characteristic(site, process="Turning", step="Finish the bore")
    assert codes(lambda: edited(made, name=" ", verifies="REQ-HAL-26-0099")) == [
        "records.field_missing", "records.mention_unknown",
    ]  # fmt: skip


def test_a_name_that_two_have_links_to_neither(site: Site, about: dict[str, Any]) -> None:
    one, two = product_in("released", **about), product_in("draft", **about)
    made = characteristic(site, product="Housing 12")
    assert neighbours(made, "contained_in") == []
    advance(two, "discard", actor=EMIL, now=NOW, inputs={"reason": "made twice"})
    edited(made)
    assert neighbours(one, "contains") == ["characteristic"]


def test_what_is_still_measured_is_not_retired(site: Site, about: dict[str, Any]) -> None:
    product, process = product_in("phase_out", **about), process_in("released", **about)
    made = characteristic(site, product="Housing 12", process="Turning")
    services.release(characteristic=made, actor=QUINN, now=NOW)
    for record in (product, process):
        assert codes(
            lambda record=record: advance(record, "retire", actor=QUINN, now=NOW, inputs={"reason": "x"})  # type: ignore[misc]
        ) == ["records.still_in_force"]
    services.retire(characteristic=made, reason="no more", actor=QUINN, now=NOW)
    advance(product, "retire", actor=QUINN, now=NOW, inputs={"reason": "no more"})


def test_a_requirement_and_a_product_name_their_customer(site: Site, about: dict[str, Any]) -> None:
    given = PartyInput(title="Northwind Pumps", contact="Nora Wind")
    customer = parties.add_party(site=site, given=given, actor=EMIL, now=NOW)
    assert customer.header.number == "PTY-HAL-26-0001"
    asked = requirement_in("agreed", **about)
    assert neighbours(asked, "raised_from") == ["party"]
    assert neighbours(customer, "raised") == ["requirement"]
    product_in("draft", customer="PTY-HAL-26-0001", supplier="whoever is cheapest", **about)
    assert codes(lambda: product_in("draft", customer="PTY-HAL-26-0002", **about)) == [
        "records.mention_unknown"
    ]
    advance(customer, "end", actor=EMIL, now=NOW, inputs={"reason": "insolvent"})
    requirement_in("agreed", **about)  # its name may still stand there
    advance(customer, "resume", actor=EMIL, now=NOW, inputs={"reason": "bought"})
    assert verify().sound


def test_a_version_written_before_it_could_verify_anything_stays_readable(site: Site) -> None:
    made = characteristic(site)
    kind = record_type("characteristic")
    assert Version.objects.get(header=made.pk).schema == kind.schema
    old = kind.snapshot(made)
    assert old.pop("verifies") == ""
    assert kind.read_snapshot(1, old) == kind.snapshot(made)
    past = record_version(made.pk, 1)
    assert past is not None
    assert past.fields["verifies"] == ""
    assert Header.objects.get(pk=made.pk).version == 1
