"""What a chart page asks: bounded, in a fixed number of queries, and as it was judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charted.plant import Plant
from gemba.quality.control.monitoring.anew import stage_at
from gemba.quality.control.monitoring.keeping import read_stream
from gemba.quality.control.monitoring.models import Signal
from gemba.quality.control.monitoring.picture import Drawing, chart_of_points
from gemba.quality.control.monitoring.queries import (
    chart_figure,
    chart_view,
    judgements,
    limit_sets_of,
    open_signals,
    streams_of,
)
from gemba.quality.control.monitoring.stored import points_before, stages_of
from gemba.stats.charts import judge as judge_series
from gemba.stats.charts import known_limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant() -> Plant:
    made = Plant(rules="nelson")
    made.send(50.0)
    made.know_limits(known_limits("i-mr", mean=50.0, sigma=1.0))
    made.send(*[50.0 + (number % 7 - 3) / 2 for number in range(300)])
    made.send(54.0, 50.1)
    return made


def queries(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def test_a_page_holds_only_what_is_drawn_in_a_fixed_number_of_queries(plant: Plant) -> None:
    view = chart_view(plant.stream, last=100)
    assert view is not None
    assert len(view.points) == 100
    assert (view.kind, view.panels, view.rules) == ("i-mr", ("i", "mr"), tuple("12345678"))
    assert view.points[-2].fired[0] == ("i", "1")
    assert (view.points[-1].lines[0].lcl, view.points[-1].lines[0].ucl) == (47.0, 53.0)
    assert view.signals == tuple(signal.pk for signal in open_signals(stream=plant.stream))
    before = queries(lambda: chart_view(plant.stream))
    plant.send(*[50.0] * 50)
    assert queries(lambda: chart_view(plant.stream)) == before <= 8


def test_one_pages_back_through_the_points(plant: Plant) -> None:
    last = chart_view(plant.stream, last=10)
    assert last is not None
    position, sequence = (int(part) for part in last.points[0].name.split("."))
    earlier = chart_view(plant.stream, last=10, before=(position, sequence))
    assert earlier is not None
    assert earlier.points[-1].at <= last.points[0].at
    assert not {p.name for p in earlier.points} & {p.name for p in last.points}


def test_the_figure_shows_the_points_as_they_were_judged(plant: Plant) -> None:
    held = read_stream(plant.stream)
    assert held is not None
    stored = [item.point for item in points_before(plant.stream, (2**62, 0), limit=1000)][1:]
    stages = stages_of(plant.stream, held.characteristic)
    each = [stage_at(stages, point.key) for point in stored]
    chart = chart_of_points(Drawing(stored, each, "Diameter", "Europe/Berlin", {}))
    whole = judge_series(
        known_limits("i-mr", mean=50.0, sigma=1.0), [p.first for p in stored], rules="nelson"
    )
    for panel in ("i", "mr"):
        assert chart.violations.codes_at(panel) == whole.violations.codes_at(panel)
    figure = chart_figure(plant.stream, last=100)
    assert figure is not None
    assert "Diameter" in figure.alt
    assert len(json.dumps(figure.spec)) < 400_000


def test_a_chart_that_collects_has_a_figure_without_limits() -> None:
    plant = Plant(chart_kind="xbar-r", subgroup_size=2)
    plant.send(10.0, 10.2, 9.9, 10.1, 10.3)
    figure = chart_figure(plant.stream)
    assert figure is not None
    assert "No limits yet: 2 of 25 points collected" in figure.alt
    assert figure.to_svg().startswith("<svg")
    view = chart_view(plant.stream)
    assert view is not None
    assert (view.collected, view.waiting) == (2, 1)


def test_there_is_no_page_of_a_stream_without_a_chart() -> None:
    plant = Plant(chart_kind="", lsl=Decimal(1))
    plant.send(10.0)
    assert chart_view(plant.stream) is None
    assert chart_figure(plant.stream) is None
    assert streams_of(plant.characteristic.pk) == []


def test_a_point_shows_every_judgement_that_it_had(plant: Plant) -> None:
    wrong = plant.send(505.0)[0]
    plant.amend(wrong, "50.5", "remeasure")
    plant.work()
    key = (plant.chart()[-1].position, plant.chart()[-1].sequence)
    assert [(row.judgement, row.first) for row in judgements(plant.stream, key)] == [(1, 505.0), (2, 50.5)]
    assert streams_of(plant.characteristic.pk) == [plant.stream]
    assert len(limit_sets_of(plant.stream)) == 1
    assert Signal.objects.filter(header__category="void").count() <= 1
