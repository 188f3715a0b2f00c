"""Two characteristics that are measured on each item, and the chart that judges them together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from charted.plant import CHECKER, INSPECTOR, Plant
from gemba.quality import loop
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring.queries import chart_view
from gemba.quality.planning.products.specification import SEVERAL
from gemba.stats.charts import Limits, judge, known_limits

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
