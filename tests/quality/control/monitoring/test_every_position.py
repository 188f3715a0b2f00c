"""Late, corrected, voided and re-measured readings in every position of every rule's window.

Each series makes one rule fire at its last point. It comes in by one of several untidy ways, and is judged as
if it had come in order; and it is spoilt by one of them, and judged as if it had always been so. Both
judgements stay. ``--full`` takes every way at every position; without it the ways take turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from charted.plant import Plant
from gemba.quality.control.collecting.models import StoredReading, Stream
from gemba.quality.control.monitoring.models import Point, Signal
from gemba.quality.records.trail import verify
from gemba.stats.charts import known_limits
from gemba.stats.charts.rules import NELSON, WESTERN_ELECTRIC

pytestmark = pytest.mark.django_db
SAME_SIDE = (0.4, 0.8, 0.3, 0.6, 1.2, 0.5, 0.9, 0.4, 0.7)
TWO_OF_THREE = (2.4, 0.3, 2.3)
FOUR_OF_FIVE = (1.4, 1.2, 0.4, 1.5, 1.3)
WINDOWS: Mapping[str, tuple[float, ...]] = {
    "1": (3.6,),
    "2": SAME_SIDE,
    "3": (-1.2, -0.8, -0.3, 0.2, 0.7, 1.1),
    "4": (0.6, -0.6, 0.7, -0.5, 0.6, -0.7, 0.5, -0.6, 0.6, -0.5, 0.7, -0.6, 0.5, -0.7),
    "5": TWO_OF_THREE,
    "6": FOUR_OF_FIVE,
    "7": (0.5, -0.2, 0.3, 0.4, -0.6, -0.3, 0.5, 0.6, -0.2, -0.4, 0.3, -0.5, 0.2, 0.4, -0.3),
    "8": (1.3, -1.4, 1.2, 1.5, -1.2, 1.3, -1.3, -1.6),
    "WE1": (3.6,),
    "WE2": TWO_OF_THREE,
    "WE3": FOUR_OF_FIVE,
    "WE4": SAME_SIDE[:8],
}
"""For each rule the distances from the mean, in sigma, of a window at whose end it fires."""
BEFORE = (1.9, -0.3)
AWAY = -1.8  # a value that breaks each window but that of rule 1
CHARTS = (("i-mr", 1), ("xbar-r", 2))
Series = tuple[float, ...]


class Lines:
    """One chart with one rule, and a fresh line of it for each series."""

    def __init__(self, kind: str, size: int, rule: str) -> None:
        self.size = size
        self.limits = known_limits(kind, mean=50.0, sigma=float(size) ** 0.5)
        self.plant = Plant(
            chart_kind=kind, subgroup_size=size, rules=rule, stream_keys="machine", reaction_role="operator"
        )
        self.count = 0
        self.tidy: dict[Series, list[tuple[Any, ...]]] = {}

    def fresh(self) -> Line:
        self.count += 1
        return Line(self, {"machine": f"M{self.count}"})

    def wanted(self, series: Series) -> list[tuple[Any, ...]]:
        """The judgement of a series that comes in order."""
        if series not in self.tidy:
            line = self.fresh()
            line.send(series)
            self.tidy[series] = line.judged()
        return self.tidy[series]


class Line:
    """One stream, with limits in force; the readings of each of its points."""

    def __init__(self, lines: Lines, key: dict[str, str]) -> None:
        self.lines, self.plant, self.key = lines, lines.plant, key
        self.points: list[list[int]] = []
        self.add([0.0])
        self.stream = Stream.objects.latest("pk").pk
        self.plant.know_limits(lines.limits, only=self.stream)
        self.points = []
        self.add(BEFORE)

    def texts(self, value: float) -> list[str]:
        half = 0.6 if round(value * 10) % 2 else 1.0  # now above, now below what is usual
        members = (0.0,) if self.lines.size == 1 else (half, -half)
        return [f"{50 + value + member:.3f}" for member in members]

    def add(self, values: Sequence[float]) -> None:
        made = [self.plant.reading(text, stream=self.key) for value in values for text in self.texts(value)]
        ids, size = self.plant.deliver(made), self.lines.size
        self.points += [ids[place : place + size] for place in range(0, len(ids), size)]

    def send(self, series: Sequence[float]) -> None:
        self.points = []
        if series:
            self.add(series)

    def leave_out(self) -> list[int]:
        """The numbers of one point that comes later."""
        return [self.plant.skip() for _ in range(self.lines.size)]

    def bring(self, numbers: list[int], value: float) -> None:
        texts = zip(numbers, self.texts(value), strict=True)
        self.plant.deliver([self.plant.reading(text, sequence=n, stream=self.key) for n, text in texts])

    def amend(self, place: int, value: float | None, kind: str) -> None:
        texts = [""] * self.lines.size if value is None else self.texts(value)
        for reading, text in zip(self.points[place], texts, strict=True):
            self.plant.amend(reading, text, kind)

    def judged(self) -> list[tuple[Any, ...]]:
        """The judgements in force, without their places."""
        self.plant.work()
        found = self.plant.chart(self.stream)
        return [(point.n, point.first, point.second, point.fired) for point in found]


def late(line: Line, series: Series, place: int) -> None:
    numbers: list[int] = []
    line.send(series[:place])
    numbers = line.leave_out()
    line.send(series[place + 1 :])
    line.bring(numbers, series[place])


def corrected(line: Line, series: Series, place: int) -> None:
    line.send((*series[:place], AWAY, *series[place + 1 :]))
    line.amend(place, series[place], "correction")


def measured_again(line: Line, series: Series, place: int) -> None:
    line.send((*series[:place], AWAY, *series[place + 1 :]))
    line.amend(place, series[place], "remeasure")


def freed_of_another(line: Line, series: Series, place: int) -> None:
    line.send((*series[:place], AWAY, *series[place:]))
    line.amend(place, None, "void")


COMES: tuple[Callable[[Line, Series, int], None], ...] = (late, corrected, measured_again, freed_of_another)


def spoilt_by_correction(line: Line, series: Series, place: int) -> Series:
    line.send(series)
    line.amend(place, AWAY, "correction")
    return (*series[:place], AWAY, *series[place + 1 :])


def spoilt_by_measuring_again(line: Line, series: Series, place: int) -> Series:
    line.send(series)
    line.amend(place, AWAY, "remeasure")
    return (*series[:place], AWAY, *series[place + 1 :])


def spoilt_by_void(line: Line, series: Series, place: int) -> Series:
    line.send(series)
    line.amend(place, None, "void")
    return series[:place] + series[place + 1 :]


def spoilt_by_a_late_one(line: Line, series: Series, place: int) -> Series:
    line.send(series[:place])
    numbers = line.leave_out()
    line.send(series[place:])
    line.bring(numbers, AWAY)
    return (*series[:place], AWAY, *series[place:])


SPOILS: tuple[Callable[[Line, Series, int], Series], ...] = (
    spoilt_by_correction, spoilt_by_measuring_again, spoilt_by_void, spoilt_by_a_late_one,
)  # fmt: skip


def test_there_is_a_window_for_every_rule() -> None:
    assert set(WINDOWS) == {rule.code for rule in (*NELSON.rules, *WESTERN_ELECTRIC.rules)}


@pytest.mark.parametrize("rule", WINDOWS)
@pytest.mark.parametrize(("kind", "size"), CHARTS)
def test_the_judgement_is_that_of_the_tidy_series_and_the_old_one_is_still_there(
    kind: str, size: int, rule: str, request: pytest.FixtureRequest
) -> None:
    full = request.config.getoption("--full")
    lines, series = Lines(kind, size, rule), WINDOWS[rule]
    assert rule in lines.wanted(series)[-1][3], "the series does not fire"
    withdrawn = 0
    for place in range(len(series)):
        for turn in range(4) if full else (place % 4,):
            line = lines.fresh()
            COMES[turn](line, series, place)
            assert line.judged() == lines.wanted(series), (place, COMES[turn].__name__)
            signals_hold(line)
            line = lines.fresh()
            so = SPOILS[turn](line, series, place)
            before = Point.objects.filter(stream=line.stream, fired__contains=rule).count()
            assert line.judged() == lines.wanted(so), (place, SPOILS[turn].__name__)
            assert before, "it fired, and that judgement is kept"
            assert Point.objects.filter(stream=line.stream, fired__contains=rule).count() >= before
            withdrawn += signals_hold(line)
            assert StoredReading.objects.filter(
                stream=line.stream, text=line.texts(series[place])[0]
            ).exists()
    assert withdrawn, "no basis fell away"
    assert verify().sound


def signals_hold(line: Line) -> int:
    """A signal is withdrawn when none of its points fires any more; returns how many are."""
    live = {point.signal for point in line.plant.chart(line.stream) if point.fired}
    found = Signal.objects.filter(stream=line.stream).select_related("header")
    for signal in found:
        assert (signal.header.state == "withdrawn") == (signal.pk not in live)
        if signal.header.state == "withdrawn":
            assert Signal.objects.filter(pk=signal.pk, header__category="void").exists()
    assert live <= {signal.pk for signal in found}
    return sum(1 for signal in found if signal.header.state == "withdrawn")
