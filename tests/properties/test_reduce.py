from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.stats.figures.reduce import reduce_points
from gemba.stats.results import Floats, Ints

KINDS = 3
CENTER = 1.5


@st.composite
def panels(draw: st.DrawFn) -> tuple[Floats, Ints, int]:
    seed = draw(st.integers(0, 2**32 - 1))
    count = draw(st.integers(1, 4000))
    limit = draw(st.integers(20 * KINDS, 1000))
    share_marked = draw(st.sampled_from([0.0, 0.001, 0.05, 0.9]))
    share_missing = draw(st.sampled_from([0.0, 0.02, 0.98]))
    levels = draw(st.sampled_from([1, 3, 10**6]))
    random = np.random.default_rng(seed)
    y = random.integers(0, levels, count).astype(np.float64)
    y[random.random(count) < share_missing] = np.nan
    codes = np.where(random.random(count) < share_marked, random.integers(1, KINDS + 1, count), 0)
    codes[np.isnan(y)] = 0
    return y, codes.astype(np.int64), limit


@settings(deadline=None, max_examples=150)
@given(panels())
def test_a_panel_never_draws_more_points_than_its_limit(panel: tuple[Floats, Ints, int]) -> None:
    y, codes, limit = panel
    reduction = reduce_points(y, codes, CENTER, limit=limit)
    assert len(reduction.drawn) <= limit
    assert (np.diff(reduction.drawn) > 0).all()
    assert reduction.drawn[0] == 0
    assert reduction.drawn[-1] == len(y) - 1


@settings(deadline=None, max_examples=150)
@given(panels())
def test_no_extreme_is_lost(panel: tuple[Floats, Ints, int]) -> None:
    y, codes, limit = panel
    if np.isnan(y).all():
        return
    drawn = y[reduce_points(y, codes, CENTER, limit=limit).drawn]
    assert np.nanmin(drawn) == np.nanmin(y)
    assert np.nanmax(drawn) == np.nanmax(y)


@settings(deadline=None, max_examples=150)
@given(panels())
def test_every_marked_point_is_drawn_or_stood_for_by_its_own_kind(panel: tuple[Floats, Ints, int]) -> None:
    y, codes, limit = panel
    reduction = reduce_points(y, codes, CENTER, limit=limit)
    for kind in range(1, KINDS + 1):
        mine = codes[reduction.drawn] == kind
        assert reduction.stands_for[mine].sum() == np.count_nonzero(codes == kind)
    assert (reduction.stands_for[codes[reduction.drawn] == 0] == 0).all()


@settings(deadline=None, max_examples=150)
@given(panels())
def test_the_farthest_mark_of_each_kind_is_marked_on_both_sides(panel: tuple[Floats, Ints, int]) -> None:
    y, codes, limit = panel
    reduction = reduce_points(y, codes, CENTER, limit=limit)
    shown = reduction.drawn[reduction.stands_for > 0]
    for kind in range(1, KINDS + 1):
        drawn = y[shown[codes[shown] == kind]]
        above, below = y[(codes == kind) & (y >= CENTER)], y[(codes == kind) & (y < CENTER)]
        assert above.size == 0 or drawn.max() == above.max()
        assert below.size == 0 or drawn.min() == below.min()


@settings(deadline=None, max_examples=100)
@given(panels())
def test_a_gap_as_wide_as_two_buckets_stays_a_gap(panel: tuple[Floats, Ints, int]) -> None:
    y, codes, limit = panel
    reduction = reduce_points(y, codes, CENTER, limit=limit)
    present = np.flatnonzero(~np.isnan(y))
    wide = np.flatnonzero(np.diff(present) > 2 * reduction.bucket)
    for place in wide:
        inside = (reduction.drawn > present[place]) & (reduction.drawn < present[place + 1])
        assert inside.any()
