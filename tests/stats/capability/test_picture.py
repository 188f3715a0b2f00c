"""The report figure: nothing collides, nothing is hidden, nothing unstable is shown bare."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gemba.stats.capability import Capability, capability
from gemba.stats.capability.picture_histogram import bar_edges, count_ticks, limit_lines, name_rows
from gemba.stats.capability.picture_numbers import ppm_text
from gemba.stats.capability.picture_probability import drawn_places
from gemba.stats.figures import Plane
from gemba.stats.figures.reduce import LIMIT
from gemba.stats.figures.text import text_width
from gemba.stats.figures.theme import SIZES, STYLES
from gemba.stats.results import translator


def rings(count: int = 25, size: int = 5) -> Any:
    return np.random.default_rng(8).normal(74, 0.01, (count, size)).round(3)


def moved() -> Any:
    matrix = rings()
    matrix[11] += 0.05
    return matrix


STUDIES = {
    "stable": capability(rings(), lsl=73.95, usl=74.05, target=74),
    "moved": capability(moved(), lsl=73.95, usl=74.05, target=74),
    "one side": capability(rings().ravel(), usl=74.05),
    "natural": capability(np.abs(rings().ravel() - 74), lsl=0, usl=0.1, lower_natural=True),
    "one subgroup": capability(rings(1), lsl=73.95, usl=74.05),
    "two values": capability([1.0, 2.0], usl=5),
    "no spread within": capability([[1.0, 1.0], [2.0, 2.0], [1.0, 1.0]], usl=5),
    "far limits": capability(rings(), lsl=0, usl=1000, target=74),
    "near limits": capability(rings(), lsl=73.9999, usl=74.0001, target=74),
    "large": capability(np.random.default_rng(1).normal(1e9, 1, (400, 9)), lsl=1e9 - 6, usl=1e9 + 6),
}


def layers(spec: Any) -> Iterator[dict[str, Any]]:
    if isinstance(spec, dict):
        if "mark" in spec:
            yield spec
        for value in spec.values():
            yield from layers(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from layers(value)


def texts(study: Capability, language: str | None = None) -> list[str]:
    found = layers(study.plot(language=language).spec)
    return [row["text"] for layer in found for row in layer["data"]["values"] if "text" in row]


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES.keys())
def test_every_study_is_drawn_with_words_that_replace_it(study: Capability) -> None:
    figure = study.plot()
    svg = figure.to_svg("dark")
    assert svg.startswith("<svg")
    assert study.headline() in figure.alt
    assert json.loads(json.dumps(figure.spec, allow_nan=False)) == figure.spec


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES.keys())
def test_every_mark_names_a_style_of_the_theme_and_no_colour(study: Capability) -> None:
    marks = [layer["mark"] for layer in layers(study.plot().spec)]
    assert marks
    assert all(mark["style"] in STYLES for mark in marks)
    assert not any({"color", "fill", "stroke"} & mark.keys() for mark in marks)


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES.keys())
def test_the_bars_hold_every_value_once(study: Capability) -> None:
    edges = bar_edges(study.values, study.sigma_within)
    assert np.histogram(study.values, edges)[0].sum() == study.n
    assert np.allclose(np.diff(edges), edges[1] - edges[0])
    assert 1 <= len(edges) - 1 <= 125


def test_no_rounded_value_stands_on_the_edge_of_a_bar() -> None:
    values = rings(200).ravel()
    edges = bar_edges(values, 0.01)
    assert np.abs(values[:, None] - edges).min() > 0.0004
    steps = np.diff(edges) / 0.001
    assert np.allclose(steps, steps.round())


def test_an_unstable_process_shows_no_bare_index() -> None:
    shown = texts(STUDIES["moved"])
    assert "Not stable: not meaningful" in shown
    numbers = shown[shown.index("Not stable: not meaningful") :]
    assert not any(re.fullmatch(r"\d\.\d\d", text) for text in numbers[: numbers.index("Observed ppm")])
    assert any(re.fullmatch(r"\(\d\.\d\d\)", text) for text in numbers)
    assert any(re.fullmatch(r"\d\.\d\d", text) for text in texts(STUDIES["stable"]))


def test_an_index_without_a_limit_is_a_dash() -> None:
    shown = texts(STUDIES["one side"])
    assert "–" in shown
    assert "LSL" not in " ".join(text for text in shown if text != "below LSL")


@pytest.mark.parametrize("limits", [(0.0, 50.0, 100.0), (49.0, 50.0, 51.0), (0.0, 1.0, 100.0)])
def test_names_of_limits_never_touch(limits: tuple[float, float, float]) -> None:
    plane = Plane(480, 250, (-10, 110), (0, 1))
    lines = [(place, "spec-limit", f"USL {place}") for place in limits]
    rows = name_rows(plane, lines)
    boxes = []
    for (place, _, name), row in zip(lines, rows, strict=True):
        half = text_width(name, SIZES["label"]) / 2
        boxes.append((row, plane.x(place) - half, plane.x(place) + half))
    assert all(
        a[0] != b[0] or a[2] < b[1] or b[2] < a[1] for i, a in enumerate(boxes) for b in boxes[i + 1 :]
    )


def test_limits_are_named_as_they_were_given() -> None:
    named = [name for _, _, name in limit_lines(STUDIES["stable"], translator())]
    assert named == ["LSL 73.95", "Target 74", "USL 74.05"]


@pytest.mark.parametrize("count", [1, LIMIT, LIMIT + 1, 5000, 123_457])
def test_at_most_a_thousand_points_are_drawn_and_every_one_of_the_tails(count: int) -> None:
    places = drawn_places(count)
    assert len(places) == min(count, LIMIT)
    assert len(np.unique(places)) == len(places)
    tail = min(count, LIMIT // 4)
    assert [*places[:tail]] == [*range(tail)]
    assert [*places[-tail:]] == [*range(count - tail, count)]


@pytest.mark.parametrize("top", [0.9, 1.08, 6.2, 27.3, 870.0, 1e6])
def test_counts_have_whole_ticks(top: float) -> None:
    ticks = count_ticks(top)
    assert ticks[0] == 0
    assert len(ticks) <= 7
    assert len({b - a for a, b in pairwise(ticks)}) <= 1


def test_ppm_is_shown_as_finely_as_it_is_meant() -> None:
    given = (None, 0.0, 0.0004, 0.387486, 48.54, 1020.6)
    assert [ppm_text(ppm) for ppm in given] == ["–", "0", "0.0004", "0.39", "48.54", "1,021"]


def test_a_stored_study_draws_the_same_picture() -> None:
    again = Capability.from_json(STUDIES["moved"].to_json()).plot()
    assert again.spec == STUDIES["moved"].plot().spec
    assert again.alt == STUDIES["moved"].plot().alt


def test_the_report_speaks_the_readers_language() -> None:
    figure = STUDIES["moved"].plot(language="pseudo")
    assert figure.title.startswith("⟦")
    own = [text for text in texts(STUDIES["moved"], "pseudo") if re.search(r"[a-z]{3}", text)]
    plain = [text for text in own if not text.startswith("⟦") and "⟦" not in text]
    assert plain == []
