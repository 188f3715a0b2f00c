import itertools
import math
from typing import Any

import numpy as np
import pytest

from gemba import stats as gs
from gemba.stats.charts.rules import Rule, RuleSet
from gemba.stats.charts.run_length import recursive
from gemba.stats.results import DataError, UnknownName
from twins import run_length as twin


def ahead(values: Any) -> Any:
    from scipy.special import ndtr

    return ndtr(values)


def two_of_three(seen: tuple[int, ...]) -> bool:
    """Zones: below -3, -2, 2, 3, above."""
    if seen[-1] in (0, 4):
        return True
    return sum(zone >= 3 for zone in seen) >= 2 or sum(zone <= 1 for zone in seen) >= 2


@pytest.mark.parametrize("shift", [0.0, 1.0, 2.5])
def test_two_of_three_is_a_chain_on_whole_windows(shift: float) -> None:
    wanted = twin.mean_of_windows((-3, -2, 2, 3), 3, two_of_three, shift)
    assert gs.run_length(rules="1,5", shift=shift).arl[0] == pytest.approx(wanted, rel=1e-11)


@pytest.mark.parametrize("k", [2, 3])
def test_opposite_sides_are_a_chain_on_whole_windows(k: int) -> None:
    def fires(zones: tuple[int, ...]) -> bool:
        last = zones[-k:]
        return len(last) == k and all({a, b} == {0, 2} for a, b in itertools.pairwise(last))

    rule = RuleSet("own", (Rule("A", "opposite", k=k, sigma=1.0),))
    wanted = twin.mean_of_windows([-1.0, 1.0], k, fires, 0.3)
    assert gs.run_length(rules=rule, shift=0.3).arl[0] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(("k", "of"), [(2, 2), (2, 4), (3, 4), (4, 4)])
def test_any_count_within_any_window(k: int, of: int) -> None:
    def fires(seen: tuple[int, ...]) -> bool:
        return sum(zone == 1 for zone in seen) >= k

    rules = RuleSet("mine", (Rule("A", "outside", k=k, of=of, sigma=1.5),))
    chance = 2 * float(ahead(-1.5))
    edge = -float(np.sqrt(2)) * _inverse(1 - chance)  # one border with the chance of both tails above it
    wanted = twin.mean_of_windows((edge,), of, fires, 0.0)
    assert gs.run_length(rules=rules, shift=0).arl[0] == pytest.approx(wanted, rel=1e-9)


def _inverse(share: float) -> float:
    from scipy.special import erfcinv

    return float(erfcinv(2 * share))


@pytest.mark.parametrize(("lam", "reach", "shift"), [(0.2, 2.8, 0.0), (0.5, 3.0, 1.0)])
def test_an_ewma_is_a_chain_on_small_cells(lam: float, reach: float, shift: float) -> None:
    edge = reach * math.sqrt(lam / (2 - lam))

    def step(before: Any, to: Any) -> Any:
        return ahead((to - (1 - lam) * before) / lam - shift)

    rough, fine = (twin.mean_on_cells(step, -edge, edge, 0.0, cells) for cells in (101, 303))
    found = gs.run_length("ewma", lam=lam, L=reach, shift=shift, limits="asymptotic")
    assert found.arl[0] == pytest.approx(fine + (fine - rough) / 8, rel=2e-5)


@pytest.mark.parametrize(("lam", "shift"), [(0.04, 0.0), (0.02, 0.4)])
def test_the_series_of_an_ewma_that_opens_slowly_is_the_way_point_by_point(
    monkeypatch: pytest.MonkeyPatch, lam: float, shift: float
) -> None:
    series = recursive.ewma_mean(lam, 2.3, shift, exact=True)
    monkeypatch.setattr(recursive, "LONG", 10**9)
    assert series == pytest.approx(recursive.ewma_mean(lam, 2.3, shift, exact=True, extra=10), rel=1e-10)
    limit = gs.run_length_limit("ewma", arl=series, lam=lam, limits="exact") if shift == 0 else 2.3
    assert limit == pytest.approx(2.3, rel=1e-10)


def widening(lam: float, reach: float) -> Any:
    def signal(memory: Any, point: int, values: Any) -> Any:
        z = (1 - lam) * memory[:, 0] + lam * values
        edge = reach * math.sqrt(lam / (2 - lam) * (1 - (1 - lam) ** (2 * point)))
        return np.column_stack([z, z]), np.abs(z) > edge

    return signal


def sums(k: float, h: float, fir: float) -> Any:
    def signal(memory: Any, point: int, values: Any) -> Any:
        before = memory if point > 1 else np.full_like(memory, fir)
        after = np.maximum(0.0, before + np.column_stack([values, -values]) - k)
        return after, (after > h).any(axis=1)

    return signal


@pytest.mark.parametrize(
    ("kind", "design", "signal", "shift"),
    [
        ("ewma", {"lam": 0.1, "L": 2.5}, widening(0.1, 2.5), 0.5),
        ("ewma", {"lam": 0.3, "L": 2.5}, widening(0.3, 2.5), 0.0),
        ("cusum", {"k": 0.5, "h": 3.0}, sums(0.5, 3.0, 0.0), 0.0),
        ("cusum", {"k": 0.5, "h": 4.0, "fir": 2.0}, sums(0.5, 4.0, 2.0), 0.7),
    ],
)
def test_the_whole_law_is_what_chance_plays_out(kind: str, design: Any, signal: Any, shift: float) -> None:
    runs = 20_000
    lengths = twin.played(signal, runs, 7, shift)
    at = gs.run_length(kind, shift=shift, **design).shifts[0]
    assert lengths.mean() == pytest.approx(at.arl, abs=4 * at.sd / math.sqrt(runs))
    assert lengths.std() == pytest.approx(at.sd, rel=0.05)
    for points, chance in zip((1, 2, 3, 5, 10, 20, 50), at.found, strict=True):
        spread = math.sqrt(chance * (1 - chance) / runs)
        assert np.mean(lengths <= points) == pytest.approx(chance, abs=4.5 * spread + 1e-9)
    for share, quantile in zip((0.05, 0.25, 0.5, 0.75, 0.95), at.quantiles, strict=True):
        assert np.quantile(lengths, share) == pytest.approx(quantile, rel=0.08, abs=1)


def test_a_weight_of_one_is_a_chart_of_single_points() -> None:
    alone = gs.run_length(shift=[0, 1, 2]).arl
    assert gs.run_length("ewma", lam=1.0, L=3.0, shift=[0, 1, 2]).arl == pytest.approx(alone, rel=1e-9)
    beyond = gs.run_length("mewma", lam=1.0, h=9.0, variables=2, shift=[0]).arl
    assert beyond[0] == pytest.approx(math.exp(4.5), rel=1e-9)


def test_an_ewma_of_two_variables_whose_shift_is_none_is_the_ring_of_one_dimension_less() -> None:
    near = gs.run_length("mewma", variables=3, lam=0.2, h=11.0, shift=[0, 1e-7]).arl
    assert near[1] == pytest.approx(near[0], rel=1e-5)


@pytest.mark.parametrize("rules", ["bare", "1,2,5", "1,3,4"])
def test_more_shift_is_found_sooner_and_either_way_alike(rules: str) -> None:
    found = gs.run_length(rules=rules, shift=[0, 0.5, 1, 2, -1]).arl
    assert list(found[:4]) == sorted(found[:4], reverse=True)
    assert found[4] == pytest.approx(found[2], rel=1e-9)


def test_a_further_rule_never_lengthens_the_run() -> None:
    lengths = [gs.run_length(rules=r, shift=0).arl[0] for r in ("1", "1,2", "1,2,5", "1,2,3,5", "nelson")]
    assert lengths == sorted(lengths, reverse=True)


def test_a_subgroup_of_four_sees_twice_the_shift() -> None:
    four = gs.run_length(rules="1,2", shift=0.6, n=4).arl
    assert four == pytest.approx(gs.run_length(rules="1,2", shift=1.2).arl, rel=1e-12)


def test_moves_take_one_point_more_than_points() -> None:
    moves = RuleSet("m", (Rule("3", "trend", k=5, counts="moves"),))
    assert gs.run_length(rules=moves, shift=0).arl == gs.run_length(rules="3", shift=0).arl


@pytest.mark.parametrize(
    ("kind", "arl", "given"),
    [
        ("shewhart", 370.398, {}),
        ("shewhart", 200.0, {"rules": "1,5"}),
        ("ewma", 500.0, {"lam": 0.05}),
        ("cusum", 100.0, {"k": 0.25, "fir": 1.0}),
        ("cusum", 465.0, {"sums": "upper"}),
        ("mewma", 100.0, {"variables": 3, "lam": 0.2}),
    ],
)
def test_the_limit_gives_the_run_length_that_was_wanted(kind: str, arl: float, given: Any) -> None:
    limit = gs.run_length_limit(kind, arl=arl, **given)
    name = {"shewhart": "nsigma", "ewma": "L"}.get(kind, "h")
    asked: dict[str, Any] = {name: limit, **given}
    assert gs.run_length(kind, shift=0, **asked).arl[0] == pytest.approx(arl, rel=1e-7)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gs.run_length("xbar-q"), "no kind of chart with a run length named 'xbar-q'"),
        (lambda: gs.run_length("ewma", lam=1.5), "1.5 is no weight"),
        (lambda: gs.run_length("ewma", lamb=0.5), "Did you mean 'lam'"),
        (lambda: gs.run_length("cusum", h=2.0, fir=3.0), "signals before the first point"),
        (lambda: gs.run_length("mewma", variables=1), "several variables"),
        (lambda: gs.run_length(shift=math.nan), "is no shift"),
        (lambda: gs.run_length(shift=[]), "is no shift"),
        (lambda: gs.run_length(n=0), "is no size of a subgroup"),
        (lambda: gs.run_length(nsigma=-1.0), "no reach of limits"),
        (lambda: gs.run_length(nsigma=39.0, shift=0), "so wide that no point"),
        (lambda: gs.run_length_limit(arl=0.5), "no average number of points"),
        (lambda: gs.run_length_limit(arl=300, rules="1,2,5,6,7,8"), "no limit gives this run length"),
        (lambda: gs.run_length_limit("ewma", arl=300, L=3), "the limit is what is sought"),
        (lambda: gs.false_alarm_budget(-1, 10), "no number of things a week"),
        (lambda: gs.false_alarm_budget([1, 2], [1, 2, 3]), "2 are given for 3 groups"),
        (lambda: gs.false_alarm_budget([1, 2], 1, names=["a"]), "1 are given for 2 groups"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(call: Any, words: str) -> None:
    with pytest.raises((DataError, UnknownName), match=words):
        call()


def test_rules_that_remember_too_much_are_refused() -> None:
    long = RuleSet("long", (Rule("A", "zone", k=40, of=90, sigma=1.0),))
    with pytest.raises(DataError, match="look back too far"):
        gs.run_length(rules=long)


def test_a_budget_adds_the_alarms_of_all_groups() -> None:
    budget = gs.false_alarm_budget([100, 10], [168, 7], rules=["bare", "nelson"], names=["A", "B"], real=2)
    wanted = 100 * 168 / 370.398347 + 70 / gs.run_length(rules="nelson", shift=0).arl[0]
    assert budget.alarms == pytest.approx(wanted, rel=1e-8)
    assert budget.false_share == pytest.approx(wanted / (wanted + 2))
    assert [offer.found for offer in budget.offers] == sorted(offer.found for offer in budget.offers)
    assert gs.restore(budget.to_dict()) == budget


@pytest.mark.parametrize(
    ("attention", "words"),
    [(500, "fits an attention"), (200, "the rules bare at 3 sigma"), (0.5, "No set of rules fits")],
)
def test_a_budget_says_which_rules_the_people_can_bear(attention: float, words: str) -> None:
    assert words in gs.false_alarm_budget(400, 168, attention=attention).headline()


def test_no_charts_make_no_alarms() -> None:
    budget = gs.false_alarm_budget(0, 168, attention=0, real=0)
    assert (budget.alarms, budget.false_share) == (0.0, None)
    assert "0 false alarms" in budget.headline()


def test_a_study_is_stored_and_drawn() -> None:
    found = gs.run_length("cusum", shift=[0, 1, 2])
    assert gs.restore(found.to_dict()) == found
    assert found.to_frame()["shift"] == [0.0, 1.0, 2.0]
    assert "by shift: 0: 465, 1: 10.4, 2: 4" in found.plot().alt
    with pytest.raises(DataError, match="one point"):
        gs.run_length(shift=0).plot()


def test_the_error_is_said_where_there_is_one_and_is_small() -> None:
    assert gs.run_length(rules="1,2,5,6", shift=0).error == 0
    for found in (gs.run_length(rules="nelson", shift=0), gs.run_length("ewma", lam=0.02, shift=0)):
        assert 0 < found.error < 1e-8
        assert "close, not exact" in found.explain()
