"""Events on the time axis, and that no label of a crowded chart meets another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gemba.stats import DataError
from gemba.stats.charts import ControlChart, Event, control_chart, events_where_changed
from gemba.stats.charts.picture import chart_figure
from gemba.stats.figures import Figure
from stats.charts.svg_texts import boxes_of, collisions, outside

ROOMS = (1000.0, 740.0, 330.0)
"""The room of a chart on pages of 1440, 820 and 390 pixels."""


def crowded(count: int, *, stages: int = 2, kind: str = "i-mr") -> ControlChart:
    """Shifts, outliers and exclusions all over, in short stages with long names."""
    chance = np.random.default_rng(count + stages)
    values = chance.normal(10, 1, count)
    values[:: max(3, count // 17)] += 4.0
    values[count // 2 : count // 2 + 9] += 1.8
    frame = {"y": values, "stage": [f"Stage after change {i * stages // count}" for i in range(count)]}
    return control_chart(
        kind,
        frame,
        value="y",
        stages="stage",
        rules="nelson",
        exclude={2: "Wrong gauge at the second shift", 5: "Power cut"},
    )


def lots(count: int, every: int) -> tuple[Event, ...]:
    found = events_where_changed([f"L-{2000 + i // every}" for i in range(count)], kind="lot", word="Lot")
    tools = [Event(place, f"Tool T{place}", "tool") for place in range(3, count, 4 * every)]
    return (*found, *tools, Event(count // 2, "CAPA-HAL-26-0003: cut-in of the new insert", "action"))


def rows(figure: Figure, *styles: str) -> list[dict[str, Any]]:
    lane = next(view for view in figure.spec["vconcat"] if "view" in view)
    chosen = [layer for layer in lane["layer"] if layer["mark"]["style"] in styles]
    return [row for layer in chosen for row in layer["data"]["values"]]


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize(
    ("count", "stages", "every"), [(25, 2, 8), (60, 6, 1), (400, 5, 7), (20_000, 3, 300)]
)
def test_no_two_labels_of_a_crowded_chart_meet(room: float, count: int, stages: int, every: int) -> None:
    svg = crowded(count, stages=stages).plot(room=room, events=lots(count, every)).to_svg()
    assert collisions(svg) == []
    assert outside(svg) == []


def test_the_check_for_labels_that_meet_finds_one() -> None:
    figure = control_chart("i-mr", [10.0, 11.0, 9.0, 10.5, 9.5]).plot(room=500)
    svg = figure.to_svg()
    boxes, _ = boxes_of(svg)
    known = next(box for box in boxes if box.text.startswith("UCL"))
    assert collisions(svg) == []
    assert known.meets(known._replace(text="on it", left=known.left + 3))
    doubled = svg.replace(known.text, f"{known.text}</text><text>{known.text} once more", 1)
    assert len(boxes_of(doubled)[0]) == len(boxes) + 1


def test_an_event_stands_before_its_point_in_every_panel() -> None:
    figure = control_chart("i-mr", np.arange(20.0) % 4).plot(events=[Event(8, "Tool T4", "tool")])
    assert [row["x"] for row in rows(figure, "event-tool")] == [7.5]
    for view in figure.spec["vconcat"][:2]:
        lines = [layer for layer in view["layer"] if layer["mark"]["style"] == "event-line"]
        assert [row["x"] for layer in lines for row in layer["data"]["values"]] == [7.5]
        assert view["encoding"]["x"]["axis"] is None
    assert [row["text"] for row in rows(figure, "event-name")] == ["Tool T4"]
    assert "Events: Tool T4 at point 8." in figure.alt


def test_the_kinds_of_events_have_symbols_of_their_own() -> None:
    events = [
        Event(4 * i + 2, kind, kind) for i, kind in enumerate(("lot", "tool", "gauge", "action", "oil"))
    ]
    figure = control_chart("i-mr", np.arange(24.0) % 5).plot(events=events)
    for kind in ("lot", "tool", "gauge", "action"):
        assert [row["event"] for row in rows(figure, f"event-{kind}")] == [kind]
    assert [row["event"] for row in rows(figure, "event")] == ["oil"]


def test_what_happens_at_one_point_is_one_symbol_with_all_words() -> None:
    events = [Event(9, "Lot L-7", "lot"), Event(9, "Gauge G-2", "gauge")]
    figure = control_chart("i-mr", np.arange(20.0) % 4).plot(events=events)
    assert [row["event"] for row in rows(figure, "event")] == ["Lot L-7, Gauge G-2"]
    assert [row["text"] for row in rows(figure, "event-name")] == ["Lot L-7, Gauge G-2"]


def test_events_without_room_for_a_name_are_counted_on_the_picture() -> None:
    count = 300
    figure = control_chart("i-mr", np.random.default_rng(2).normal(0, 1, count)).plot(
        room=400, events=lots(count, 2)
    )
    told = sum(row["event"].count("Lot L-") for row in rows(figure, "event", "event-lot", "event-tool"))
    assert told > 0
    assert "events have no room for their name" in figure.alt
    assert "and 183 more" in figure.alt


def test_a_million_points_keep_their_events_and_say_how_they_are_thinned() -> None:
    values = np.random.default_rng(4).normal(0, 1, 1_000_000)
    values[123_456] = 9.0
    chart = control_chart("i-mr", values, rules="1", mean=0.0, sigma=1.0)
    figure = chart_figure(chart, events=[Event(500_001, "Lot L-9", "lot")])
    assert [row["x"] for row in rows(figure, "event-lot")] == [500_000.5]
    assert "1,000,000 points are drawn as the lowest and the highest of each" in figure.alt
    marked = [
        row
        for layer in figure.spec["vconcat"][0]["layer"]
        if layer["mark"]["style"] == "beyond-small"
        for row in layer["data"]["values"]
    ]
    assert 123_457 in [row["x"] for row in marked]


def test_an_event_at_no_point_is_refused_in_words() -> None:
    chart = control_chart("i-mr", [1.0, 2.0, 1.5, 2.5])
    with pytest.raises(DataError, match=r"no point 5.*from 1 to 4"):
        chart.plot(events=[Event(5, "Lot L-1")])


def test_changes_pass_over_what_is_not_known() -> None:
    assert events_where_changed([None, "", "A", "A", None, "A", "B", "", "B"], word="Lot") == (
        Event(7, "Lot B"),
    )
    assert events_where_changed([]) == ()


def test_what_all_events_begin_with_is_said_once_and_no_name_is_cut_to_that() -> None:
    chart = control_chart("i-mr", np.random.default_rng(3).normal(10, 1, 90))
    events = [Event(place, f"Lot S-22{place}", "lot") for place in (10, 40, 85)]
    wide = chart.plot(room=1000, events=events)
    assert [row["text"] for row in rows(wide, "event-name")] == ["S-2210", "S-2240", "S-2285"]
    assert [row["text"] for row in rows(wide, "label-small")] == ["Lot"]
    assert {row["event"] for row in rows(wide, "event-lot")} == {"Lot S-2210", "Lot S-2240", "Lot S-2285"}
    narrow = chart.plot(
        room=330, events=[Event(place, f"Cast of S-22{place}", "lot") for place in range(3, 90, 9)]
    )
    named = [row["text"] for row in rows(narrow, "event-name")]
    assert named
    assert len(set(named)) == len(named)
    assert not any(text.endswith("…") for text in named)
