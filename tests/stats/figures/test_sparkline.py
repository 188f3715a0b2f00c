from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import numpy as np

from gemba.stats.figures import sparkline
from gemba.stats.figures.sparkline import HEIGHT, MOST, WIDTH

SVG = "{http://www.w3.org/2000/svg}"
NAMED = 'xmlns="http://www.w3.org/2000/svg" '


def parts(svg: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(svg.replace("<svg ", f"<svg {NAMED}", 1))  # noqa: S314 (our own)
    return {str(child.get("class")): child for child in root}


def numbers(text: str | None) -> list[float]:
    return [float(part) for part in re.findall(r"-?\d+\.?\d*", text or "")]


def test_the_line_runs_from_edge_to_edge_between_its_limits() -> None:
    found = parts(sparkline([1.0, 3.0, 2.0], "three", center=2.0, lcl=0.0, ucl=4.0))
    places = numbers(found["spark-line"].get("d"))
    assert places == [4, 20.5, 66, 9.5, 128, 15]
    band = found["spark-band"]
    assert (float(band.get("y", 0)), float(band.get("height", 0))) == (4.0, 22.0)
    assert numbers(found["spark-center"].get("d"))[1] == 15
    assert (found["spark-last"].get("cx"), found["spark-last"].get("cy")) == ("128", "15")


def test_a_signal_is_a_shape_of_its_own_and_a_gap_is_no_line() -> None:
    found = parts(sparkline([1.0, math.nan, 2.0, 9.0], "four", marked=[1, 3]))
    assert (found["spark-line"].get("d") or "").count("M") == 2
    assert (found["spark-signal"].get("d") or "").count("z") == 1
    assert "spark-last" not in found


def test_of_many_points_the_extremes_and_the_signals_stay() -> None:
    values = np.random.default_rng(1).normal(0, 1, 50_000)
    values[777] = 30.0
    found = parts(sparkline(values.tolist(), "many", marked=[777]))
    drawn = numbers(found["spark-line"].get("d"))
    assert len(drawn) <= 2 * (MOST + 4)
    assert min(drawn[1::2]) == 4
    assert (found["spark-signal"].get("d") or "").count("z") == 1
    assert all(0 <= x <= WIDTH for x in drawn[::2])
    assert all(0 <= y <= HEIGHT for y in drawn[1::2])


def test_words_are_escaped_and_nothing_is_drawn_of_nothing() -> None:
    svg = sparkline([], '5 < 6 & "so"')
    assert 'aria-label="5 &lt; 6 &amp; &quot;so&quot;"' in svg
    assert parts(svg) == {}
    assert "spark-line" in parts(sparkline([5.0, 5.0, 5.0], "flat"))


def test_several_on_one_axis_can_be_compared() -> None:
    one = sparkline([1.0, 2.0], "one", axis=(0.0, 4.0), height=68.0)
    two = sparkline([3.0, 4.0], "two", axis=(0.0, 4.0), height=68.0)
    assert 'viewBox="0 0 132 68"' in one
    assert 'd="M4 49L128 34"' in one
    assert 'd="M4 19L128 4"' in two
