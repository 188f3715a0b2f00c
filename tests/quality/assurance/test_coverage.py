"""Covered, measured, met: what the characteristics that verify a requirement prove together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charted.plant import CHECKER, ENGINEER, Plant
from gemba.quality.assurance.coverage.queries import Coverage, coverage_of
from gemba.quality.assurance.coverage.reasons import COVERAGE
from gemba.quality.assurance.coverage.rules import ENOUGH_READINGS, RECENT_DAYS, Evidence, judge
from gemba.quality.planning.products import services as products
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.requirements.factory import requirement_in
from gemba.quality.planning.requirements.models import Requirement
from gemba.quality.records.actor import Actor
from gemba.quality.records.links import add_link
from gemba.quality.records.reasons import in_words
from gemba.quality.records.work import recording
from gemba.stats.charts import known_limits

MANAGER = Actor("person", "person:905", "Quinn", frozenset({("quality_manager", "*")}))
GOOD = Evidence(id=1, number="CHR-1", title="Bore", in_force=True, controlled=True, readings=60)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant() -> Plant:
    return Plant()


def asked(plant: Plant) -> Requirement:
    return requirement_in("agreed", site=plant.site, maker=ENGINEER, decider=MANAGER, now=plant.now)


def verifying(
    plant: Plant, requirement: Requirement, *, released: bool = True, **more: Any
) -> Characteristic:
    """Another characteristic that verifies the requirement."""
    number = str(requirement.header.number)
    given = CharacteristicInput(name="Depth", unit="mm", usl=Decimal(5), verifies=number, **more)
    made = products.create_characteristic(site=plant.site, given=given, actor=ENGINEER, now=plant.now)
    if released:
        products.release(characteristic=made, actor=CHECKER, now=plant.now)
    return made


def verified(plant: Plant) -> Requirement:
    """A requirement that the characteristic of the plant verifies."""
    requirement = asked(plant)
    plant.change(verifies=str(requirement.header.number))
    return requirement


def covered(plant: Plant, requirement: Requirement) -> Coverage:
    return coverage_of({requirement.pk: "HAL"}, plant.now)[requirement.pk]


def seen(plant: Plant, requirement: Requirement) -> tuple[tuple[bool, bool, bool], list[str]]:
    verdict = covered(plant, requirement).verdict
    return (verdict.covered, verdict.measured, verdict.met), [reason.code for reason in verdict.gaps]


def values(sigma: float, count: int = ENOUGH_READINGS, mean: float = 50.0) -> list[str]:
    drawn = np.random.default_rng(7).normal(mean, sigma, count)
    return [f"{value:.4f}" for value in drawn]


def test_from_nothing_to_met(plant: Plant) -> None:
    requirement = asked(plant)
    assert seen(plant, requirement) == ((False, False, False), ["coverage.no_characteristic"])
    draft = verifying(plant, requirement, released=False)
    assert seen(plant, requirement) == ((False, False, False), ["coverage.not_released"])
    products.discard(characteristic=draft, reason="mistaken", actor=ENGINEER, now=plant.now)
    assert seen(plant, requirement) == ((False, False, False), ["coverage.no_characteristic"])
    plant.change(verifies=str(requirement.header.number))
    assert seen(plant, requirement) == ((True, False, False), ["coverage.no_reading"])
    plant.send("50", "51")
    assert seen(plant, requirement) == ((True, True, True), [])
    assert covered(plant, requirement).evidence[0].ppk is None
    plant.send(*values(10.0))
    assert covered(plant, requirement).evidence[0].ppk == pytest.approx(1.6, abs=0.4)
    plant.now += timedelta(days=RECENT_DAYS + 1)
    assert seen(plant, requirement) == ((True, False, False), ["coverage.no_reading"])


def test_a_characteristic_without_a_chart_covers_only_under_a_control_plan(plant: Plant) -> None:
    requirement = asked(plant)
    bare = verifying(plant, requirement)
    assert seen(plant, requirement)[1] == ["coverage.no_control", "coverage.no_reading"]
    with recording(actor=ENGINEER, now=plant.now) as work:  # a record in force, as a control plan is
        add_link(work, plant.characteristic.pk, "controls", bare.pk)
    assert seen(plant, requirement) == ((True, False, False), ["coverage.no_reading"])


def test_readings_that_do_not_conform_say_so_until_they_are_corrected(plant: Plant) -> None:
    requirement = verified(plant)
    plant.send("50", "51", "101")
    assert seen(plant, requirement) == ((True, True, False), ["coverage.nonconform"])
    plant.amend(plant.ids[-1], "51", "correction")
    assert seen(plant, requirement) == ((True, True, True), [])
    plant.send("102")
    plant.amend(plant.ids[-1], "", "void")
    assert covered(plant, requirement).evidence[0].readings == 3
    plant.send("103", purpose="set-up")
    assert seen(plant, requirement) == ((True, True, True), [])


def test_an_open_signal_and_a_process_that_is_not_capable_stand_against_it(plant: Plant) -> None:
    requirement = verified(plant)
    plant.send("50")
    plant.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    plant.send("60")
    assert seen(plant, requirement) == ((True, True, False), ["coverage.signal_open"])
    plant.send(*values(16.0, count=ENOUGH_READINGS - 3))
    assert covered(plant, requirement).evidence[0].ppk is None
    plant.send("50")
    verdict = covered(plant, requirement).verdict
    codes = {reason.code for reason in verdict.gaps}
    assert {"coverage.signal_open", "coverage.not_capable"} <= codes
    assert not verdict.met


def test_values_that_are_all_the_same_have_no_capability(plant: Plant) -> None:
    requirement = verified(plant)
    plant.send(*["50"] * ENOUGH_READINGS)
    assert covered(plant, requirement).evidence[0].ppk is None
    assert seen(plant, requirement) == ((True, True, True), [])


def test_the_least_capable_stream_counts(plant: Plant) -> None:
    requirement = asked(plant)
    plant.change(verifies=str(requirement.header.number), stream_keys="machine")
    plant.send(*values(5.0), stream={"machine": "M1"})
    plant.send(*values(5.0, mean=80.0), stream={"machine": "M2"})
    assert covered(plant, requirement).evidence[0].ppk == pytest.approx(4 / 3, abs=0.3)


def test_what_verifies_from_another_site_is_no_evidence_here(plant: Plant) -> None:
    requirement = verified(plant)
    found = coverage_of({requirement.pk: "ULM"}, plant.now)[requirement.pk]
    assert found.evidence == ()


def test_each_characteristic_in_force_must_be_measured_and_conform() -> None:
    bad = Evidence(id=2, number="CHR-2", title="Depth", in_force=True, controlled=False)
    draft = Evidence(id=3, number="Depth", title="Depth", in_force=False, controlled=False, nonconform=1)
    assert judge([GOOD, draft]).met
    found = judge([GOOD, bad, draft])
    assert (found.covered, found.measured, found.met) == (True, False, False)
    assert [(reason.code, dict(reason.values)) for reason in found.gaps] == [
        ("coverage.no_reading", {"record": "CHR-2", "days": RECENT_DAYS})
    ]


def test_a_gap_names_two_open_signals_and_counts_the_others() -> None:
    signals = tuple((number, f"SIG-{number}") for number in range(1, 5))
    (gap,) = judge([replace(GOOD, signals=signals)]).gaps
    assert in_words(gap) == "CHR-1: open signals (SIG-1, SIG-2 + 2). Find each cause and close them."


def test_the_number_of_queries_does_not_grow_with_the_requirements(plant: Plant) -> None:
    first = verified(plant)
    plant.send("50", "51")

    def queries(*asked_about: Requirement) -> int:
        with CaptureQueriesContext(connection) as captured:
            coverage_of(dict.fromkeys([item.pk for item in asked_about], "HAL"), plant.now)
        return len(captured)

    alone = queries(first)
    more = [asked(plant) for _ in range(4)]
    for requirement in more:
        verifying(plant, requirement, chart_kind="i-mr")
    assert (alone, queries(first, *more)) == (6, 6)
    assert queries() == 0
    assert coverage_of({}, plant.now) == {}


def test_every_gap_has_its_case_above() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in COVERAGE if f'"{code}"' not in source] == []


def test_a_bound_of_nature_is_no_limit_to_be_near_to(plant: Plant) -> None:
    requirement = asked(plant)
    number = str(requirement.header.number)
    plant.change(verifies=number, natural_low=Decimal(0), lsl=Decimal(0), usl=Decimal(100))
    plant.send(*[str(abs(float(text))) for text in values(3.0, mean=4.0)])
    assert covered(plant, requirement).evidence[0].ppk == pytest.approx(96 / 8, rel=0.5)
    plant.change(usl=None, target=None)
    assert covered(plant, requirement).evidence[0].ppk is None
