"""A requirement from the customer's words to what supersedes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gemba.quality.planning.products import services as products
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.requirements import queries, services
from gemba.quality.planning.requirements.factory import WAYS, asked_for, requirement_in
from gemba.quality.planning.requirements.inputs import Feasibility, ImpactAnswer, RequirementInput
from gemba.quality.planning.requirements.lifecycle import LIFECYCLE
from gemba.quality.planning.requirements.models import Requirement
from gemba.quality.planning.requirements.reasons import REQUIREMENTS
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.advance import advance
from gemba.quality.records.editing import known_values
from gemba.quality.records.links import add_link, linked_headers
from gemba.quality.records.models import Event, Header, Site, Task
from gemba.quality.records.outbox import deliver_due
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.tasks import task_in_words
from gemba.quality.records.trail import verify
from gemba.quality.records.work import recording

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
EMIL = Actor("person", "person:1", "Emil", frozenset({("engineer", "HAL"), ("approver", "HAL")}))
QUINN = Actor("person", "person:2", "Quinn", frozenset({("quality_manager", "HAL"), ("approver", "HAL")}))
YES = Feasibility(feasible="yes", feasibility="Ppk of the pilot lot was 1.6")
CODES = tuple(code for code in REQUIREMENTS if ".task_" not in code and code != "requirements.not_verified")

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


def made_in(state: str, site: Site, **changes: Any) -> Requirement:
    return requirement_in(state, site=site, maker=EMIL, decider=QUINN, now=NOW, **changes)


def edited(record: Requirement, actor: Actor = EMIL, **changes: Any) -> Requirement:
    given = replace(RequirementInput(**known_values(record, RequirementInput)), **changes)
    return services.edit(requirement=record, given=given, actor=actor, now=NOW)


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def move(record: Requirement, name: str, actor: Actor = QUINN) -> Requirement:
    return advance(record, name, actor=actor, now=NOW, inputs={"reason": "because"})


def verified_by(record: Requirement, site: Site, *, released: bool = True) -> Characteristic:
    given = CharacteristicInput(name="Bore", unit="mm", usl=Decimal("10.05"))
    made = products.create_characteristic(site=site, given=given, actor=EMIL, now=NOW)
    if released:
        products.release(characteristic=made, actor=QUINN, now=NOW)
    with recording(actor=EMIL, now=NOW) as work:
        add_link(work, made.pk, "verifies", record.pk)
    return made


@pytest.mark.parametrize("state", WAYS)
def test_every_state_is_reached_and_only_its_own_moves_leave_it(site: Site, state: str) -> None:
    record = made_in(state, site)
    assert (record.header.state, record.header.number is None) == (state, state == "proposed")
    for step in LIFECYCLE.moves:
        with transaction.atomic():
            try:
                move(queries.requirement(record.pk), step.name)
            except Refused as refused:
                wrong = "records.wrong_state" in [reason.code for reason in refused.reasons]
                assert wrong == (state not in step.sources), step.name
            else:
                assert state in step.sources, step.name
                transaction.set_rollback(True)
    assert verify().sound


def test_it_is_agreed_only_when_one_knows_how_to_measure_it_and_that_it_can_be(site: Site) -> None:
    bare = services.propose(site=site, given=RequirementInput(title="Quiet"), actor=EMIL, now=NOW)
    assert codes(lambda: move(bare, "submit", EMIL)) == ["records.field_missing"]
    edited(bare, need="At most 60 dB", lower=Decimal(61), target=Decimal(60), upper=Decimal(59))
    assert codes(lambda: move(bare, "submit", EMIL)) == ["requirements.order"] * 3
    edited(bare, lower=None, target=None, upper=Decimal(60))
    move(bare, "submit", EMIL)
    assert codes(lambda: services.agree(requirement=bare, actor=QUINN, now=NOW)) == [
        "records.field_missing", "records.field_missing", "requirements.feasibility_missing",
    ]  # fmt: skip
    assert (
        codes(lambda: services.agree(requirement=bare, actor=EMIL, now=NOW))[-2:] == ["records.own_work"] * 2
    )
    wordless = replace(YES, feasibility=" ")
    assert codes(lambda: services.assess(requirement=bare, given=wordless, actor=EMIL, now=NOW)) == [
        "records.field_missing"
    ]
    services.assess(requirement=bare, given=replace(YES, feasible="no"), actor=EMIL, now=NOW)
    assert "requirements.not_feasible" in codes(
        lambda: services.agree(requirement=bare, actor=QUINN, now=NOW)
    )


def test_the_answer_about_feasibility_counts_only_for_what_was_written_then(site: Site) -> None:
    record = made_in("under_review", site)
    services.assess(requirement=record, given=YES, actor=EMIL, now=NOW)
    edited(record)
    assert queries.requirement(record.pk).feasible == "yes"
    edited(record, upper=Decimal("10.01"))
    assert codes(lambda: services.agree(requirement=record, actor=QUINN, now=NOW)) == [
        "requirements.feasibility_missing"
    ]
    services.assess(requirement=record, given=YES, actor=EMIL, now=NOW)
    services.agree(requirement=record, actor=QUINN, now=NOW)
    assert (record.revision, record.header.category) == (1, "effective")


def test_a_program_that_gives_no_choice_is_told_the_choices(site: Site) -> None:
    wrong: Any = {"source": "hearsay"}
    assert codes(lambda: services.propose(site=site, given=asked_for(**wrong), actor=EMIL, now=NOW)) == [
        "records.not_choice"
    ]
    record = made_in("proposed", site)
    assert codes(lambda: edited(record, **wrong)) == ["records.not_choice"]


def test_a_change_asks_about_every_record_that_stands_on_it(site: Site) -> None:
    record = made_in("agreed", site)
    live = verified_by(record, site)
    with recording(
        actor=EMIL, now=NOW
    ) as work:  # a plan as its own slice makes it: the header is all one sees
        plan = Header.objects.get(pk=verified_by(record, site, released=False).pk)
        add_link(work, plan.pk, "controls", live.pk)
    services.start_change(requirement=record, reason="drawing B", actor=EMIL, now=NOW)
    rows = list(record.impacts.order_by("pk").values_list("record", "about", "answer"))
    assert rows == [(live.header.number, "characteristic", ""), (f"#{plan.pk}", "characteristic", "")]
    edited(record, upper=Decimal("10.02"))
    services.assess(requirement=record, given=YES, actor=EMIL, now=NOW)
    assert codes(lambda: services.agree(requirement=record, actor=QUINN, now=NOW)) == [
        "requirements.impact_open"
    ]

    def answer(*given: ImpactAnswer) -> Requirement:
        return services.answer_impacts(requirement=record, impacts=given, actor=EMIL, now=NOW)

    wordless = ImpactAnswer(record=str(live.header.number), answer="changed")
    stranger = ImpactAnswer(record="CHR-HAL-26-0009", answer="unaffected")
    assert codes(lambda: answer(wordless, stranger)) == [
        "requirements.impact_words", "requirements.impact_unknown",
    ]  # fmt: skip
    answer(replace(wordless, words="limit 10.02"), ImpactAnswer(record=f"#{plan.pk}", answer="unaffected"))
    services.agree(requirement=record, actor=QUINN, now=NOW)
    assert (record.revision, record.impacts.exclude(answer="").count()) == (2, 2)
    services.start_change(requirement=record, reason="drawing C", actor=EMIL, now=NOW)
    assert record.impacts.filter(revision=2, answer="").count() == 2
    assert verify().sound


def test_what_is_still_verified_is_neither_withdrawn_nor_superseded(site: Site) -> None:
    record, other = made_in("agreed", site), made_in("agreed", site)
    proposed = made_in("under_review", site)
    live = verified_by(record, site)
    verified_by(record, site, released=False)
    assert codes(lambda: move(record, "withdraw")) == ["records.still_in_force"]

    def superseded(successor: Requirement | None) -> Requirement:
        number = "REQ-HAL-26-0099" if successor is None else str(successor.header.number)
        return services.supersede(
            requirement=record, successor=number, reason="drawing B", actor=QUINN, now=NOW
        )

    assert codes(lambda: superseded(None)) == [
        "records.still_in_force",
        "requirements.successor_unknown",
    ]
    products.retire(characteristic=live, reason="no more", actor=QUINN, now=NOW)
    assert codes(lambda: superseded(record)) == ["requirements.successor_unknown"]
    assert codes(lambda: superseded(proposed)) == ["requirements.successor_not_agreed"]
    superseded(other)
    assert [item.id for item in linked_headers(record.pk)["superseded_by"]] == [other.pk]
    move(other, "withdraw")


def test_whoever_must_act_has_a_task_until_it_is_decided(site: Site) -> None:
    record = made_in("under_review", site)

    def tasks() -> list[str]:
        while deliver_due(NOW + DAY):
            pass
        return [task_in_words(row) for row in Task.objects.filter(state="open")]

    assert ["answer whether it is feasible" in words for words in tasks()] == [True]
    move(record, "reject")
    assert tasks() == []
    move(record, "renegotiate", EMIL)
    services.assess(requirement=record, given=YES, actor=EMIL, now=NOW)
    services.agree(requirement=record, actor=QUINN, now=NOW)
    assert tasks() == []
    services.start_change(requirement=record, reason="drawing B", actor=EMIL, now=NOW)
    assert ["what becomes of each record" in words for words in tasks()] == [True]
    move(record, "withdraw")
    assert tasks() == []
    assert Event.objects.filter(name="RequirementAgreed").count() == 1


def test_machines_and_strangers_decide_nothing(site: Site) -> None:
    record = made_in("under_review", site)
    machine = replace(system("rule"), grants=QUINN.grants | EMIL.grants)
    stranger = Actor("person", "person:9", "Sven", frozenset({("quality_manager", "ULM")}))
    for step in LIFECYCLE.moves_from("under_review"):
        assert "records.person_only" in codes(lambda step=step: move(record, step.name, machine))  # type: ignore[misc]
        assert "records.role_missing" in codes(lambda step=step: move(record, step.name, stranger))  # type: ignore[misc]
    assert codes(lambda: services.propose(site=site, given=asked_for(), actor=stranger, now=NOW)) == [
        "records.no_right"
    ]


def test_every_reason_has_its_case_above() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in CODES if f'"{code}"' not in source] == []
