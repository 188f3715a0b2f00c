from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gemba.quality.planning.products import queries, services
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.planning.products.reasons import PRODUCTS
from gemba.quality.planning.products.specification import Specification
from gemba.quality.records.actor import Actor
from gemba.quality.records.advance import advance
from gemba.quality.records.history import changes
from gemba.quality.records.models import Event, Site
from gemba.quality.records.reasons import Refused, in_words
from gemba.quality.records.trail import verify

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
EMIL = Actor("person", "person:1", "Emil", frozenset({("engineer", "HAL"), ("approver", "HAL")}))
PIA = Actor("person", "person:2", "Pia", frozenset({("approver", "HAL")}))
BORE = CharacteristicInput(
    name="Bore",
    product="Housing 12",
    unit="mm",
    lsl=Decimal("9.95"),
    usl=Decimal("10.05"),
    target=Decimal("10.00"),
    chart_kind="xbar-r",
    subgroup_size=5,
    stream_keys="machine, cavity",
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


def specification(record: Characteristic, at: datetime) -> Specification:
    found = queries.specification(record.pk, at)
    assert found is not None
    return found


def draft(site: Site, *, now: datetime = NOW, **changes: Any) -> Characteristic:
    return services.create_characteristic(site=site, given=replace(BORE, **changes), actor=EMIL, now=now)


def edit(record: Characteristic, *, now: datetime, **changes: Any) -> Characteristic:
    given = replace(queries.inputs_of(record), **changes)
    return services.edit_characteristic(characteristic=record, given=given, actor=EMIL, now=now)


def released(site: Site, *, now: datetime = NOW, **changes: Any) -> Characteristic:
    return services.release(characteristic=draft(site, now=now, **changes), actor=PIA, now=now)


def codes(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    assert all(in_words(reason) for reason in caught.value.reasons)
    return [reason.code for reason in caught.value.reasons]


def test_a_characteristic_gets_its_number_and_its_specification_when_it_is_released(site: Site) -> None:
    record = draft(site)
    assert record.header.number is None
    assert queries.specification(record.pk, NOW) is None
    services.release(characteristic=record, actor=PIA, now=NOW)
    asked = specification(record, NOW)
    assert (asked.number, asked.version) == ("CHR-HAL-26-0001", 2)
    assert (asked.lsl, asked.usl, asked.target) == (Decimal("9.95"), Decimal("10.05"), Decimal(10))
    assert asked.stream_keys == ("machine", "cavity")
    chart = queries.chart_definition(record.pk, NOW)
    assert chart is not None
    assert (chart.kind, chart.subgroup_size, chart.rules, chart.needed_subgroups) == (
        "xbar-r",
        5,
        "platform",
        25,
    )
    assert queries.by_number("CHR-HAL-26-0001") == record
    assert queries.ids_by_number(["CHR-HAL-26-0001", "CHR-HAL-26-0002"]) == {"CHR-HAL-26-0001": record.pk}
    assert queries.standings([record.pk]) == {record.pk: (2, "released", "HAL")}
    assert Event.objects.get().name == "CharacteristicReleased"
    assert verify().sound


def test_a_change_does_not_touch_what_is_asked_until_it_is_released_again(site: Site) -> None:
    record = released(site)
    services.start_change(characteristic=record, reason="tighter", actor=EMIL, now=NOW + DAY)
    edit(record, now=NOW + DAY, usl=Decimal("10.02"))
    assert specification(record, NOW + 2 * DAY).usl == Decimal("10.05")
    services.release(characteristic=record, actor=PIA, now=NOW + 2 * DAY, effective_from=NOW + 5 * DAY)
    assert specification(record, NOW + 4 * DAY).usl == Decimal("10.05")
    assert specification(record, NOW + 5 * DAY).usl == Decimal("10.02")
    assert [(c.name, c.old, c.new) for c in changes(record.pk, 4) if c.name == "usl"] == [
        ("usl", "10.05", "10.02")
    ]


def test_values_older_than_the_first_release_are_judged_by_the_first_one(site: Site) -> None:
    record = released(site)
    assert specification(record, NOW - 100 * DAY).version == 2


def test_a_change_of_the_owner_is_not_a_new_specification(site: Site) -> None:
    from gemba.quality.records.recorder import change_record
    from gemba.quality.records.work import recording

    record = released(site)
    with recording(actor=EMIL, now=NOW + DAY) as work:
        record.header.owner = "person:7"
        change_record(work, record, action="hand over")
    assert [s.version for s in queries.specifications([record.pk])[record.pk]] == [2]


def test_the_reaction_plan_is_the_one_that_was_released(site: Site) -> None:
    record = released(site, reaction_plan="Stop the machine.", suspect_when="beyond")
    services.start_change(characteristic=record, reason="softer", actor=EMIL, now=NOW + DAY)
    edit(record, now=NOW + DAY, reaction_plan="Look at it.", suspect_when="never")
    plan = specification(record, NOW + 2 * DAY).reaction
    assert (plan.text, plan.role, plan.minutes) == ("Stop the machine.", "operator", 60)
    assert (plan.suspects("beyond"), plan.suspects("nonconforming")) == (True, False)


def test_limits_keep_every_digit_on_every_database(site: Site) -> None:
    exact = Decimal("0.123456789012")
    record = released(site, lsl=exact, usl=Decimal(123456789012345), target=None)
    asked = specification(record, NOW)
    assert (asked.lsl, asked.usl) == (exact, Decimal(123456789012345))
    assert queries.characteristic(record.pk).lsl == exact


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": " "}, ["records.field_missing"]),
        ({"data_kind": "guess"}, ["products.kind_unknown"]),
        ({"special_class": "XX"}, ["products.class_unknown"]),
        ({"decimals": 13}, ["products.decimals"]),
        ({"lsl": Decimal("NaN")}, ["products.number_invalid"]),
        ({"lsl": Decimal("1E-13")}, ["products.number_too_long"]),
        ({"usl": Decimal(1234567890123456)}, ["products.number_too_long"]),
        ({"usl": Decimal("1E15")}, ["products.number_too_long"]),
        ({"chart_kind": "pie"}, ["products.chart_unknown"]),
        ({"subgroup_minutes": -1}, ["products.subgroup_minutes"]),
        ({"reaction_role": "wizard"}, ["products.role_unknown"]),
        ({"reaction_minutes": -1}, ["products.reaction_minutes"]),
        ({"suspect_when": "always"}, ["products.suspect_unknown"]),
        (
            {"name": "", "data_kind": "guess", "usl": Decimal("inf")},
            ["records.field_missing", "products.kind_unknown", "products.number_invalid"],
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_every_reason(
    site: Site, changes: dict[str, Any], expected: list[str]
) -> None:
    assert codes(lambda: draft(site, **changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"unit": ""}, ["records.field_missing"]),
        ({"lsl": None, "usl": None, "target": None}, ["products.nothing_asked"]),
        (
            {"data_kind": "pass-fail", "chart_kind": "", "lsl": None, "usl": None, "target": None},
            ["products.criterion_missing"],
        ),
        ({"lsl": Decimal(11), "target": None}, ["products.order"]),
        ({"target": Decimal("10.05")}, ["products.order"]),
        ({"natural_low": Decimal(10)}, ["products.order"]),
        ({"plausible_high": Decimal(10)}, ["products.order"]),
        ({"guard_band": Decimal("-0.01")}, ["products.guard_negative"]),
        ({"guard_band": Decimal("0.05")}, ["products.guard_too_wide"]),
        ({"data_kind": "ordinal", "criterion": "1 to 5"}, ["products.chart_needs_numbers"]),
        ({"chart_kind": "p"}, ["products.chart_other_data"]),
        ({"chart_kind": "ewma", "rules": "2,5"}, ["products.rules_unsuited"]),
        ({"chart_design": "lam=0.1"}, ["products.design_invalid"]),
        ({"chart_kind": "ewma", "chart_design": "lam=1.5"}, ["products.design_invalid"]),
        (
            {"chart_kind": "z-mr", "subgroup_size": 1, "chart_design": "pooling=runs"},
            ["products.design_by_runs"],
        ),
        ({"chart_kind": "ewma", "chart_design": "lam 0.1"}, ["products.design_unreadable"]),
        ({"chart_kind": "ewma", "chart_design": "L=2, L=3"}, ["products.design_unreadable"]),
        ({"chart_design": "nsigma=three"}, ["products.design_unreadable"]),
        ({"chart_design": "nsigma=0"}, ["products.design_invalid"]),
        ({"subgroup_size": 1}, ["products.subgroup_size"]),
        ({"chart_kind": "i-mr"}, ["products.subgroup_size"]),
        ({"needed_subgroups": 1}, ["products.needed_subgroups"]),
        ({"rules": "astrology"}, ["products.rules_unknown"]),
        ({"stream_keys": "machine, Cavity"}, ["products.stream_key"]),
        ({"stream_keys": "machine, machine"}, ["products.stream_key_twice"]),
        (
            {"unit": "", "subgroup_size": 40, "stream_keys": "a b"},
            ["records.field_missing", "products.stream_key", "products.subgroup_size"],
        ),
    ],
)
def test_what_nobody_can_be_judged_by_is_not_released(
    site: Site, changes: dict[str, Any], expected: list[str]
) -> None:
    record = draft(site, **changes)
    assert codes(lambda: services.release(characteristic=record, actor=PIA, now=NOW)) == expected


def test_what_is_judged_together_is_measured_on_the_same_pieces(site: Site) -> None:
    bore, other = released(site).header.number, released(site, product="Shaft 3").header.number
    unmeasured = draft(site, name="Rust", data_kind="pass-fail", criterion="none")
    given: dict[str, Any] = {"name": "Both", "data_kind": "several", "chart_kind": "t2", "subgroup_size": 1,
                             "unit": "", "lsl": None, "usl": None, "target": None}  # fmt: skip
    assert codes(lambda: draft(site, members=bore)) == ["products.members_unexpected"]
    assert codes(
        lambda: draft(site, **given | {"members": f"{bore}, {bore}, {other}, Rust", "stream_keys": "tool"})
    ) == [
        "products.members_twice",
        "products.members_keys",
        "products.members_elsewhere",
        "products.members_keys",
        "products.members_unmeasured",
    ]
    assert unmeasured.pk
    measured = released(site, name="Length")
    services.start_change(characteristic=measured, reason="both", actor=EMIL, now=NOW)
    assert codes(lambda: edit(measured, now=NOW, data_kind="several")) == ["products.members_turned"]
    record = draft(site, **given | {"members": bore, "stream_keys": "machine", "needed_subgroups": 2})
    assert codes(lambda: services.release(characteristic=record, actor=PIA, now=NOW)) == [
        "products.members_few",
        "products.members_wait",
        "products.needed_subgroups",
    ]


def test_a_natural_bound_may_be_the_limit_itself(site: Site) -> None:
    record = released(site, lsl=Decimal(0), natural_low=Decimal(0), target=None)
    assert specification(record, NOW).natural_low == 0


def test_whoever_wrote_it_does_not_release_it(site: Site) -> None:
    record = draft(site)
    assert codes(lambda: services.release(characteristic=record, actor=EMIL, now=NOW)) == ["records.own_work"]


def test_a_released_characteristic_is_not_edited_and_a_stranger_edits_none(site: Site) -> None:
    record = released(site)
    assert codes(lambda: edit(record, now=NOW, usl=Decimal(11))) == ["products.not_editable"]
    given = queries.inputs_of(record)
    assert codes(
        lambda: services.edit_characteristic(characteristic=record, given=given, actor=PIA, now=NOW)
    ) == ["records.no_right", "products.not_editable"]
    assert codes(lambda: services.create_characteristic(site=site, given=BORE, actor=PIA, now=NOW)) == [
        "records.no_right"
    ]


def test_a_draft_is_discarded_and_a_released_one_retired_each_with_a_reason(site: Site) -> None:
    thrown, kept = draft(site), released(site)
    services.discard(characteristic=thrown, reason="mistaken", actor=EMIL, now=NOW)
    services.retire(characteristic=kept, reason="end of series", actor=PIA, now=NOW)
    assert (thrown.header.category, kept.header.category) == ("void", "closed")
    assert codes(lambda: services.start_change(characteristic=kept, reason="x", actor=EMIL, now=NOW)) == [
        "records.wrong_state"
    ]
    assert codes(lambda: advance(draft(site), "discard", actor=EMIL, now=NOW)) == ["records.reason_missing"]


NAMED = {"products.step_unknown", "products.no_plan_line"}  # their cases are in test_thread


def test_every_reason_has_its_case_above() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in set(PRODUCTS) - NAMED if f'"{code}"' not in source] == []
