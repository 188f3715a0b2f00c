"""Every kind of chart that judges live: what it says is what the statistics floor says of the tidy series.

Late, corrected, voided and re-measured readings in several places of the series change nothing about that;
nor does a stream that is read back from the store before each batch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from charted.plant import ENGINEER, INSPECTOR, Plant
from gemba.quality.control.collecting.models import StoredReading, Stream
from gemba.quality.control.collecting.reading import Reading
from gemba.quality.control.monitoring import keeping
from gemba.quality.control.monitoring.limit_sets import propose_limits
from gemba.quality.control.monitoring.models import LimitSet, Point, Signal, StreamState
from gemba.quality.control.monitoring.queries import chart_figure, chart_view
from gemba.quality.control.monitoring.unjudged import unjudged_parts
from gemba.quality.planning.products.specification import CHART_KINDS, CHARTS_OF, SEVERAL
from gemba.quality.records.actor import Actor
from gemba.quality.records.signatures import Proof
from gemba.quality.records.trail import verify
from gemba.stats.charts import ControlChart, Limits, judge, kind_named, known_limits

pytestmark = pytest.mark.django_db
PLACES = (2, 6, 10)
WAYS = ("reading", "correction", "remeasure", "void")
COUNTS = (5, 3, 6, 4, 5, 2, 6, 14, 5, 4, 15, 3, 16, 4)
SIZES = (50, 60, 40, 50, 55, 45, 50, 50, 52, 48, 50, 60, 50, 50)
VALUES = (50.2, 49.6, 50.5, 49.8, 50.1, 51.4, 51.2, 54.4, 51.6, 50.9, 45.2, 52.0, 51.1, 52.4)
NOMINALS = (50.0, 50.0, 49.0, 49.0, 50.0, 51.0, 51.0, 50.0, 50.0, 51.0, 50.0, 52.0, 50.0, 50.0)
PARTS = "AAAABBBAAABBBB"
BESIDE = {"difference": "nominal", "z-mr": "part"}
GAPS = (20, 3, 12, 30, 7, 16, 25, 150, 9, 4, 170, 12, 22, 190)


Values = Sequence[tuple[tuple[float, ...], float | str | None]]


class Case(NamedTuple):
    """A chart, its limits, and the members of each point with what they stand beside."""

    kind: str
    limits: Limits
    points: Values
    size: int = 1
    design: str = ""


def alone(values: Sequence[float]) -> Values:
    return [((float(value),), None) for value in values]


def beside(values: Sequence[float], sizes: Sequence[float]) -> Values:
    return [((float(value),), float(size)) for value, size in zip(values, sizes, strict=True)]


def of_parts(values: Sequence[float], parts: str) -> Values:
    return [((float(value),), part) for value, part in zip(values, parts, strict=True)]


def grouped() -> Values:
    spreads = [0.4 + 0.3 * (number % 4) + 3.0 * (number == 9) for number in range(len(VALUES))]
    return [((v - s, v + s), None) for v, s in zip(VALUES, spreads, strict=True)]


def measured(kind: str, size: int = 1, design: str = "", **options: Any) -> Case:
    points = alone(VALUES) if size == 1 else grouped()
    return Case(kind, known_limits(kind, mean=50.0, sigma=1.0, **options), points, size, design)


CASES = (
    measured("i-mr"),
    measured("xbar-r", 2),
    measured("xbar-s", 2),
    measured("median", 2),
    measured("r", 2),
    measured("s", 2),
    measured("levey-jennings"),
    measured("mr"),
    measured("residual", 1, "phi=0.4", phi=0.4),
    measured("i-mr-r", 2, between=0.5),
    measured("i-mr-s", 2, between=0.5),
    measured("ewma", 1, "lam=0.3, L=2.5", lam=0.3, L=2.5),
    measured("ewma", 2, "lam=0.1", lam=0.1),
    measured("cusum", 1, "h=4, k=0.4, after=reset", h=4.0, k=0.4, after="reset"),
    measured("cusum", 2),
    measured("ma", 1, "span=4", span=4),
    measured("ma", 2),
    measured("zone"),
    measured("zone", 2),
    Case("difference", known_limits("difference", mean=0.0, sigma=1.0), beside(VALUES, NOMINALS)),
    Case(
        "z-mr",
        known_limits("z-mr", mean={"A": 50.0, "B": 51.0}, sigma={"A": 0.8, "B": 1.2}),
        of_parts(VALUES, PARTS),
    ),
    Case("p", known_limits("p", mean=0.09), beside(COUNTS, SIZES)),
    Case("np", known_limits("np", mean=0.09), beside(COUNTS, [50.0] * len(COUNTS)), 50),
    Case("laney-p", known_limits("laney-p", mean=0.09, sigma=0.3), beside(COUNTS, SIZES)),
    Case("c", known_limits("c", mean=4.5), alone(COUNTS)),
    Case("u", known_limits("u", mean=0.09), beside(COUNTS, SIZES)),
    Case("laney-u", known_limits("laney-u", mean=0.09, sigma=0.3), beside(COUNTS, SIZES)),
    Case("g", known_limits("g", mean=20.0), alone(GAPS)),
    Case("t", known_limits("t", mean=2.2, sigma=0.5), alone(GAPS)),
)
NAMES = [f"{case.kind}-{case.size}" for case in CASES]


def plant_of(case: Case, **more: Any) -> Plant:
    data = next(data for data, charts in CHARTS_OF.items() if case.kind in charts)
    about: dict[str, Any] = {"chart_kind": case.kind, "subgroup_size": case.size, "chart_design": case.design}
    if data != "continuous":
        about |= {"data_kind": data, "criterion": "no burr", "lsl": None, "usl": None, "unit": "pcs"}
    return Plant(**about, **more)


def stands(case: Case, by: float | str | None) -> dict[str, Any]:
    """What stands beside a value, by the name that it has there."""
    if by is None:
        return {}
    return {BESIDE.get(case.kind, "size"): by if isinstance(by, str) else f"{by:g}"}


def made(plant: Plant, case: Case, place: int, key: str, **more: Any) -> list[Reading]:
    """The readings of one point."""
    values, by = case.points[place]
    about = stands(case, by)
    return [plant.reading(f"{value:.6g}", stream={"way": key}, **about, **more) for value in values]


def said(case: Case, points: Values) -> list[tuple[Any, ...]]:
    """What the statistics floor says of the tidy series: plotted values, lines, rules that fire."""
    columns: dict[str, list[Any]] = {"v": [], "at": [], "by": []}
    for number, (values, by) in enumerate(points):
        for value in values:
            columns["v"].append(float(f"{value:.6g}"))
            columns["at"].append(number)
            columns["by"].append(by)
    single = (kind_named(case.kind).layout != "subgroups" and case.size == 1) or case.points[0][1] is not None
    asked: dict[str, Any] = {"label": "at"} if single else {"subgroup": "at"}
    if points[0][1] is None:
        del columns["by"]
    else:
        asked[BESIDE.get(case.kind, "n")] = "by"
    return told(judge(case.limits, columns, value="v", rules="nelson", **asked))


def told(chart: ControlChart) -> list[tuple[Any, ...]]:
    found = {panel.name: chart.violations.codes_at(panel.name) for panel in chart.panels}
    return [
        tuple(
            (*map(known, (panel.points[at], panel.lcl[at], panel.ucl[at])), found[panel.name].get(at + 1, ()))
            for panel in chart.panels
        )
        for at in range(len(chart.panels[0].points))
    ]


def known(value: float) -> Any:
    return None if value != value else pytest.approx(value, rel=1e-9, abs=1e-9)  # noqa: PLR0124 (NaN is not itself)


def shown(stream: int) -> list[tuple[Any, ...]]:
    """What the platform says of the stream, but for the first point, at which there were no limits."""
    view = chart_view(stream)
    assert view is not None
    return [
        tuple(
            (value, line.lcl, line.ucl, tuple(code for name, code in point.fired if name == panel))
            for panel, value, line in zip(view.panels, point.values, point.lines, strict=True)
        )
        for point in view.points[1:]
    ]


def begin(plant: Plant, case: Case, keys: Sequence[str]) -> None:
    """A first point for each stream, then limits that hold from there on."""
    plant.deliver([reading for key in keys for reading in made(plant, case, 0, key)])
    plant.now += timedelta(minutes=1)
    plant.know_limits(case.limits)


def test_every_chart_of_the_platform_is_among_these_cases() -> None:
    several = set(CHARTS_OF[SEVERAL])  # their cases are in test_together
    assert {case.kind for case in CASES} == set(CHART_KINDS) - several


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_judgement_is_that_of_the_tidy_series_whatever_comes_late_or_is_amended(case: Case) -> None:
    plant = plant_of(case, stream_keys="way", rules="nelson")
    keys = [f"{way} {place}" for way in WAYS for place in PLACES]
    begin(plant, case, keys)
    wrong: dict[str, list[int]] = {}
    late: list[Reading] = []
    for key in keys:
        way, place = key.split()[0], int(key.split()[1])
        sent, odd = untidy(plant, case, key, way, place)
        keeping._remembered.clear()  # the next batch finds what is stored, as after a restart
        half = len(sent) // 2
        ids = [*plant.deliver(sent[:half]), *plant.deliver(sent[half:])]
        if way == "reading":
            late += odd
        else:
            wrong[key] = [ids[sent.index(reading)] for reading in odd]
    before = Point.objects.count()
    plant.deliver(late)
    for key, readings in wrong.items():
        amend(plant, case, key, readings)
    plant.work()
    streams = {row.key.removeprefix("way="): row.pk for row in Stream.objects.all()}
    expected = said(case, case.points)
    assert any(codes for point in expected for *_, codes in point), "nothing fires"
    assert [key for key in keys if shown(streams[key]) != expected] == []
    assert Point.objects.filter(judgement=1).count() >= before, "the old judgement is kept"
    assert Point.objects.filter(judgement=2).exists()
    assert not StreamState.objects.filter(rejudge_position__isnull=False).exists()
    assert Signal.objects.exclude(header__category="void").exists()
    assert verify().sound


def untidy(plant: Plant, case: Case, key: str, way: str, place: int) -> tuple[list[Reading], list[Reading]]:
    """What is sent at first, and the readings that come late or are to be amended."""
    sent: list[Reading] = []
    odd: list[Reading] = []
    for number in range(len(case.points)):
        if number == place and way == "void":
            odd = made(plant, case, 7, key)
            sent += odd
        readings = made(
            plant, case, 7 if number == place and way in ("correction", "remeasure") else number, key
        )
        if number == place and way != "void":
            odd = readings
            if way == "reading":
                continue
        sent += readings
    return sent, odd


def amend(plant: Plant, case: Case, key: str, readings: Sequence[int]) -> None:
    way, place = key.split(maxsplit=1)[0], int(key.split()[1])
    if way == "void":
        for reading in readings:
            plant.amend(reading, "", "void")
        return
    values, by = case.points[place]
    about = stands(case, by)
    plant.deliver(
        [
            plant.reading(f"{value:.6g}", kind=way, about=reading, note="again", **about)
            for value, reading in zip(values, readings, strict=True)
        ],
        actor=INSPECTOR,
    )


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_chart_of_every_kind_learns_its_limits_from_what_it_collected(
    case: Case, approver: Actor, proof: Proof
) -> None:
    plant = plant_of(case, needed_subgroups=len(case.points) - 1, stream_keys="way")
    for number in range(1, len(case.points)):
        plant.deliver(made(plant, case, number, "a"))
    figure = chart_figure(plant.stream)
    assert figure is not None
    assert "No limits yet" in figure.alt
    plant.work()
    learned = Limits.from_dict(json.loads(LimitSet.objects.get().limits))
    assert learned.points == len(case.points) - 1
    if case.design:
        assert learned.design == case.limits.design
    plant.put_limits_in_force(person=approver, proof=proof)
    plant.deliver(made(plant, case, 0, "a"))
    assert chart_view(plant.stream).points[-1].limits is not None  # type: ignore[union-attr]
    figure = chart_figure(plant.stream)
    assert figure is not None
    assert "No limits yet" not in figure.alt


def test_there_is_one_zero_also_in_a_database_that_keeps_no_sign_with_it() -> None:
    case = next(case for case in CASES if case.kind == "c")
    plant = plant_of(case)
    plant.deliver([plant.reading("-0"), plant.reading("0")])
    values = [*StoredReading.objects.values_list("value", flat=True), *(p.first for p in plant.chart())]
    assert list(map(str, values)) == ["0.0"] * 4
    assert verify().sound


def test_a_part_without_limits_breaks_nothing_and_the_next_limits_know_it() -> None:
    case = next(case for case in CASES if case.kind == "z-mr")
    plant = plant_of(case, rules="1", needed_subgroups=100)
    plant.deliver([plant.reading("50.1", part="A")])
    plant.now += timedelta(minutes=1)
    plant.know_limits(case.limits)
    plant.deliver([plant.reading(value, part=part) for value, part in (("50.3", "A"), ("70.1", "C"))])
    plant.deliver([plant.reading(value, part=part) for value, part in (("70.4", "C"), ("54.9", "A"))])
    view = chart_view(plant.stream)
    assert view is not None
    known, *strange, after = view.points[1:]
    assert [point.values[0] for point in strange] == [None, None]
    assert (known.fired, after.fired) == ((), (("z", "1"),)), "the stream goes on, its moving range anew"
    assert after.values[1] is None
    assert unjudged_parts(plant.stream) == ("C",)
    propose_limits(stream=plant.stream, between=((0, 0), None), why="part C", actor=ENGINEER, now=plant.now)
    learned = Limits.from_dict(
        json.loads(LimitSet.objects.get(header__state="proposed", why="part C").limits)
    )
    assert set(learned.parts) == {"A", "C"}
