from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.figures.labels import LINE, EdgeLabel, Spot, place_spots, spread
from gemba.stats.figures.plane import domain_of, value_ticks
from gemba.stats.figures.text import shorten, show, text_width, wrap

heights = st.lists(st.floats(-20, 320), max_size=30)
gentle = settings(deadline=None, max_examples=100)


@gentle
@given(heights, st.floats(20, 300))
def test_labels_at_the_edge_never_collide(wanted: list[float], height: float) -> None:
    placed = spread([EdgeLabel(str(i), y) for i, y in enumerate(wanted)], height)
    ys = [y for _, y in placed]
    assert all(b - a >= LINE - 1e-6 for a, b in itertools.pairwise(ys))
    assert all(-1e-6 <= y <= height + 1e-6 for y in ys)


@gentle
@given(heights)
def test_labels_with_room_stay_where_they_belong(wanted: list[float]) -> None:
    apart = [i * LINE * 1.5 + 1 for i, _ in enumerate(wanted)]
    placed = spread([EdgeLabel("x", y) for y in apart], 1000.0)
    assert [y for _, y in placed] == pytest.approx(apart)


def test_the_least_important_label_gives_way() -> None:
    labels = [EdgeLabel("UCL", 5), EdgeLabel("+1s", 6, rank=2), EdgeLabel("Mean", 7, rank=1)]
    assert [label.text for label, _ in spread(labels, LINE)] == ["UCL", "Mean"]


@gentle
@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 240)), max_size=60))
def test_numbers_cover_neither_each_other_nor_symbols(places: list[tuple[float, float]]) -> None:
    symbols = [(x - 5, x + 5, y - 5, y + 5) for x, y in places]
    spots = [Spot("1, 5", x, y) for x, y in places]
    placed = place_spots(spots, 600, 240, size=10, symbols=symbols)
    half = text_width("1, 5", 10) / 2
    boxes = [(s.x - half, s.x + half, s.y - 5, s.y + 5) for s in placed]
    for one, other in itertools.combinations(boxes, 2):
        assert not overlap(one, other)
    for box in boxes:
        assert not any(overlap(box, symbol) for symbol in symbols)
        assert box[2] >= 0
        assert box[3] <= 240


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def test_a_number_leaves_a_line_free_when_it_can() -> None:
    line = (0.0, 600.0, 87.0, 89.0)
    (placed,) = place_spots([Spot("1", 300, 100)], 600, 240, size=10, lines=[line])
    assert not overlap((295, 305, placed.y - 5, placed.y + 5), line)


@gentle
@given(st.text(max_size=60), st.floats(30, 400))
def test_a_shortened_text_fits(text: str, width: float) -> None:
    assert text_width(shorten(text, width, 11), 11) <= width


@gentle
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=20))
def test_wrapping_keeps_every_word_in_order(words: list[str]) -> None:
    lines = wrap(" ".join(words), 120, 11)
    assert " ".join(lines).split() == words
    assert all(text_width(line, 11) <= 120 for line in lines)


@gentle
@given(
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.floats(1e-6, 1e6, allow_subnormal=False),
    st.integers(3, 12),
)
def test_ticks_are_round_few_and_inside(low: float, span: float, most: int) -> None:
    values = value_ticks(low, low + span, most=most)["values"]
    assert 1 <= len(values) <= most
    near = span * 1e-6 + math.ulp(abs(low) + span)
    assert values[0] >= low - near
    assert values[-1] <= low + span + near


@pytest.mark.parametrize("values", [[], [5.0], [5.0, 5.0], [0.0], [-3.0], [1e9, 1e9 + 1e-7], [float("nan")]])
def test_a_domain_is_never_empty(values: list[float]) -> None:
    low, high = domain_of(values)
    assert low < high
    assert all(low < value < high for value in values if not math.isnan(value))


def test_a_floor_keeps_empty_room_off_the_axis() -> None:
    assert domain_of([0.0, 10.0], pad=0.2, floor=0.0)[0] == pytest.approx(-0.3)
    assert domain_of([4.0, 10.0], pad=0.2, floor=0.0)[0] == pytest.approx(2.8)


def test_numbers_show_a_real_minus_and_no_negative_zero() -> None:
    assert show(-2.5, 1) == "−2.5"
    assert show(-0.001, 2) == "0.00"
