"""Several characteristics on one chart: items matched by name, judged as the statistics floor judges them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from charted.plant import CHECKER, INSPECTOR, OPERATOR, Plant
from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring import keeping
from gemba.quality.control.monitoring.measured import measured_in
from gemba.quality.control.monitoring.models import LimitSet, Point, Signal, StreamState
from gemba.quality.control.monitoring.queries import chart_figure, chart_view, words_of
from gemba.quality.control.monitoring.together import parts_at, together
from gemba.quality.control.monitoring.window import Window
from gemba.quality.planning.products.specification import CHARTS_OF, SEVERAL
from gemba.quality.records.actor import Actor
from gemba.quality.records.signatures import Proof
from gemba.quality.records.trail import verify
from gemba.stats.charts import Limits, judge, known_limits

pytestmark = pytest.mark.django_db
ITEMS = (
    (0.2, 0.1), (-0.4, -0.6), (1.0, 0.8), (0.3, 0.9), (-1.2, -0.7), (0.1, -0.2), (0.6, 0.4), (2.4, -1.9),
    (0.5, 0.1), (-0.3, 0.2), (1.4, 1.9), (2.0, 1.7), (1.8, 2.3), (-2.6, 2.2), (0.4, 0.0), (0.9, 1.2),
)  # fmt: skip
DESIGNS = {"pca": "components=1", "mewma": "lam=0.3"}
GIVEN: dict[str, dict[str, Any]] = {"pca": {"components": 1}, "mewma": {"lam": 0.3}}


class Pair(Plant):
    """Two characteristics that are measured on each item, and the chart that judges them together."""

    def __init__(self, kind: str, **more: Any) -> None:
        self.two = [Plant(name=name, chart_kind="") for name in ("Diameter", "Length")]
        about = {
            "data_kind": SEVERAL,
            "members": ", ".join(one.number for one in self.two),
            "unit": "",
            "chart_kind": kind,
            "chart_design": DESIGNS.get(kind, ""),
            "subgroup_minutes": 60,
        }
        super().__init__(name="Both", lsl=None, usl=None, **(about | {"rules": "nelson"} | more))

    def value(self, which: int, item: int, **more: Any) -> Reading:
        """The reading of one of the two on an item."""
        given = {
            "value": f"{50 + ITEMS[item][which]:.6g}",
            "source": f"gauge {which}",
            "serial": f"N{item}",
            "characteristic": self.two[which].number,
        }
        return self.reading(**(given | more))

    def item(self, item: int) -> list[int]:
        """Both readings of an item, as one batch."""
        return self.deliver([self.value(0, item), self.value(1, item)])

    def amend_of(self, which: int, reading: int, text: str, way: str) -> None:
        """Amend a reading of one of the two; a second person stands behind it."""
        self.now += timedelta(minutes=1)
        made = self.reading(text, source="desk", characteristic=self.two[which].number, kind=way,
                            about=reading, note="typed wrongly")  # fmt: skip
        receipt = loop.receive([made], actor=INSPECTOR, now=self.now)[0]
        if receipt.status == "quarantined":
            loop.release_quarantined(quarantined=int(receipt.quarantine or 0), reason="seen by two",
                                     actor=CHECKER, now=self.now)  # fmt: skip

    def limits(self, kind: str) -> Limits:
        numbers = [one.number for one in self.two]
        return known_limits(kind, mean=dict.fromkeys(numbers, 50.0), covariance=[[1.0, 0.6], [0.6, 1.0]],
                            **GIVEN.get(kind, {}))  # fmt: skip

    def said(self, limits: Limits, order: list[int]) -> list[tuple[Any, ...]]:
        """What the statistics floor says of these items in this order."""
        names = [one.number for one in self.two]
        columns = {name: [50 + ITEMS[item][at] for item in order] for at, name in enumerate(names)}
        found = judge(limits, columns, value=names, rules="nelson")
        codes = {panel.name: found.violations.codes_at(panel.name) for panel in found.panels}
        return [
            tuple(
                (near(panel.points[at]), near(panel.ucl[at]), codes[panel.name].get(at + 1, ()))
                for panel in found.panels
            )
            for at in range(len(order))
        ]

    def shown(self) -> list[tuple[Any, ...]]:
        """What the chart says, but for its first point, at which there were no limits."""
        view = chart_view(self.stream)
        assert view is not None
        return [
            tuple(
                (value, line.ucl, tuple(code for name, code in point.fired if name == panel))
                for panel, value, line in zip(view.panels, point.values, point.lines, strict=True)
            )
            for point in view.points[1:]
        ]


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True) if value == value else None  # noqa: PLR0124


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


def test_limits_are_learned_and_a_signal_names_what_it_comes_from_until_it_is_corrected(
    approver: Actor, proof: Proof
) -> None:
    plant = Pair("t2", needed_subgroups=12, rules="platform")
    direct = plant.reading("1", source="desk", serial="N0")
    receipt = loop.receive([direct], actor=OPERATOR, now=plant.now)[0]
    assert [reason.code for reason in receipt.reasons] == ["collecting.attribute_data"]
    for item in (0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12):
        plant.item(item)
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
    lone = plant.deliver([plant.value(0, 15), plant.value(1, 14, serial="", lot="L1")])
    found = together(plant.stream)
    assert found is not None
    assert [(item.name, item.missing) for item in found.waiting] == [("N15", ("Length",))]
    assert found.unnamed == 1
    assert [len(member.streams) for member in found.members] == [1, 1]
    plant.amend_of(0, odd[0], "49.9", "correction")
    plant.amend_of(1, odd[1], "49.9", "correction")
    plant.work()
    signal.header.refresh_from_db()
    assert signal.header.state == "withdrawn"
    assert measured_in(plant.stream, Window()) is None
    assert lone
    assert verify().sound
