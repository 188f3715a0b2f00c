"""Several characteristics on one chart: items matched by name, judged as the statistics floor judges them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from charted.pair import ITEMS, Pair
from charted.plant import INSPECTOR, OPERATOR
from gemba.quality import loop
from gemba.quality.control.monitoring import keeping
from gemba.quality.control.monitoring.by_point import leave_out
from gemba.quality.control.monitoring.measured import measured_in
from gemba.quality.control.monitoring.models import LimitSet, Point, Signal, StreamState
from gemba.quality.control.monitoring.queries import chart_figure, chart_view, words_of
from gemba.quality.control.monitoring.together import parts_at, together
from gemba.quality.control.monitoring.window import Window
from gemba.quality.planning.products.specification import CHARTS_OF, SEVERAL
from gemba.quality.records.actor import Actor
from gemba.quality.records.signatures import Proof
from gemba.quality.records.trail import verify
from gemba.stats.charts import Limits

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", CHARTS_OF[SEVERAL])
def test_what_is_judged_together_is_judged_as_the_tidy_series_is(kind: str) -> None:
    plant = Pair(kind)
    limits = plant.limits(kind)
    plant.item(0)
    plant.now += timedelta(minutes=1)
    plant.know_limits(limits)
    plant.deliver([plant.value(0, item) for item in (1, 2, 3)])
    skipped = plant.skip()
    keeping._remembered.clear()  # the next batch finds what is stored, as after a restart
    plant.deliver([plant.value(1, item) for item in (3, 1)])
    wrong = plant.deliver([plant.value(0, 4), plant.value(1, 4, value="57.5")])[1]
    plant.deliver([plant.value(0, 5), plant.value(0, 5, value="99"), plant.value(1, 5)])
    for item in (6, 7):
        plant.item(item)
    lost = plant.item(8)
    plant.deliver([plant.value(1, 9)])
    view = chart_view(plant.stream)
    assert view is not None
    assert view.waiting == 2
    plant.now += timedelta(hours=2)
    plant.work()
    for item in range(10, 15):
        plant.item(item)
        keeping._remembered.clear()
    before = Point.objects.count()
    plant.deliver([plant.value(0, 9)])
    plant.deliver([plant.value(1, 2, sequence=skipped)])
    plant.amend_of(1, wrong, f"{50 + ITEMS[4][1]:.6g}", "correction")
    plant.amend_of(0, lost[0], "", "void")
    plant.work()
    order = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14]
    expected = plant.said(limits, order)
    assert any(codes for point in expected for *_, codes in point), "nothing fires"
    assert plant.shown() == expected
    assert Point.objects.count() > before, "the old judgements are kept"
    assert not StreamState.objects.filter(rejudge_position__isnull=False).exists()
    assert verify().sound


def collected() -> Pair:
    """A chart with as many items as its limits need."""
    plant = Pair("t2", needed_subgroups=12, rules="platform")
    for item in (0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12):
        plant.item(item)
    return plant


def test_limits_are_learned_and_a_signal_names_what_it_comes_from_until_it_is_corrected(
    approver: Actor, proof: Proof
) -> None:
    plant = collected()
    figure = chart_figure(plant.stream)
    assert figure is not None
    assert "No limits yet" in figure.alt
    plant.work()
    learned = Limits.from_dict(json.loads(LimitSet.objects.get().limits))
    assert learned.several is not None
    assert learned.several.names == tuple(one.number for one in plant.two)
    plant.put_limits_in_force(person=approver, proof=proof)
    odd = plant.item(13)
    signal = Signal.objects.select_related("header", "header__site").get()
    assert "Most of it comes from: " in words_of(signal)[0]
    assert {"Diameter", "Length"} == {part[1] for part in signal.rules[0]["parts"]}
    last = plant.chart()[-1]
    parts = parts_at(plant.stream, (last.position, last.sequence))
    assert [part.title for part in parts] == [part[1] for part in signal.rules[0]["parts"]]
    assert parts[0].part > 10  # type: ignore[operator]
    plant.amend_of(0, odd[0], "49.9", "correction")
    plant.amend_of(1, odd[1], "49.9", "correction")
    plant.work()
    signal.header.refresh_from_db()
    assert signal.header.state == "withdrawn"
    assert verify().sound


def test_what_is_missing_is_named_a_point_is_left_out_and_other_members_begin_anew() -> None:
    plant = collected()
    plant.work()
    direct = plant.reading("1", source="desk", serial="N0")
    receipt = loop.receive([direct], actor=OPERATOR, now=plant.now)[0]
    assert [reason.code for reason in receipt.reasons] == ["collecting.attribute_data"]
    plant.deliver([plant.value(0, 15), plant.value(1, 14, serial="", lot="L1")])
    found = together(plant.stream)
    assert found is not None
    assert [(item.name, item.missing) for item in found.waiting] == [("N15", ("Length",))]
    assert found.unnamed == 1
    assert [len(member.streams) for member in found.members] == [1, 1]
    assert measured_in(plant.stream, Window()) is None
    first = plant.chart()[0]
    point = f"{first.position}.{first.sequence}"
    again = leave_out(stream=plant.stream, point=point, cause="set-up", actor=INSPECTOR, now=plant.now)
    assert (again.points, again.excluded[0]["reason"]) == (11, "set-up")
    plant.change(members=", ".join(one.number for one in reversed(plant.two)))
    plant.item(13)
    view = chart_view(plant.stream)
    assert view is not None
    assert (view.limits, view.collected) == (None, 1)
