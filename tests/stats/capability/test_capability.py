"""Indices, ppm and verdicts: right numbers, stated answers for bad input, nothing mixed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import mean, stdev
from typing import Any

import numpy as np
import pytest

from gemba.stats.capability import Capability, capability, capability_dict
from gemba.stats.results import DataError, UnknownName, restore
from twins import capability as twin
from twins.chart_constants import c4


def stable_groups(count: int = 25, size: int = 5, seed: int = 11) -> list[list[float]]:
    drawn: list[list[float]] = np.random.default_rng(seed).normal(50, 2, (count, size)).round(2).tolist()
    return drawn


def unequal_groups() -> list[list[float]]:
    groups = stable_groups(seed=5)
    return [group[: 2 + i % 4] for i, group in enumerate(groups)]


def long(groups: list[list[float]]) -> Mapping[str, list[float]]:
    rows = [(float(i), value) for i, group in enumerate(groups) for value in group]
    return {"group": [row[0] for row in rows], "value": [row[1] for row in rows]}


def study(groups: list[list[float]], **more: Any) -> Capability:
    limits = {"lsl": 42.0, "usl": 57.0} | more
    return capability(long(groups), value="value", subgroup="group", **limits)


@pytest.mark.parametrize("method", ["pooled", "Rbar", "Sbar"])
@pytest.mark.parametrize("groups", [stable_groups(), unequal_groups()], ids=["equal", "unequal"])
def test_indices_agree_with_the_schoolbook(groups: list[list[float]], method: str) -> None:
    result = study(groups, within=method, target=50)
    values = [value for group in groups for value in group]
    sigma, freedom = twin.sigma_within(groups, method)
    inner = twin.indices(groups, sigma, 42, 57)
    outer = twin.indices(groups, stdev(values), 42, 57)
    assert result.sigma_within == pytest.approx(sigma, rel=1e-9)
    assert result.within.df == pytest.approx(freedom, rel=1e-6)
    assert [result.cp, result.cpl, result.cpu, result.cpk] == pytest.approx([*inner.values()], rel=1e-9)
    assert [result.pp, result.ppl, result.ppu, result.ppk] == pytest.approx([*outer.values()], rel=1e-9)
    assert result.cpm == pytest.approx(twin.cpm(values, 42, 57, 50), rel=1e-9)


def test_expected_ppm_and_z_agree_with_the_schoolbook() -> None:
    groups = stable_groups()
    result = study(groups)
    values = [value for group in groups for value in group]
    for ppm, sigma, z in (
        (result.ppm_within, result.sigma_within, result.z_bench_within),
        (result.ppm_overall, result.sigma_overall, result.z_bench_overall),
    ):
        expected = twin.ppm_expected(mean(values), sigma, 42, 57)
        assert ppm is not None
        assert [ppm.below, ppm.above, ppm.total] == pytest.approx(expected, rel=1e-9)
        assert z == pytest.approx(twin.z_of_ppm(expected[2]), rel=1e-9)


def test_intervals_agree_with_the_schoolbook() -> None:
    groups = stable_groups()
    result = study(groups, confidence=0.9)
    sigma, freedom = twin.sigma_within(groups, "pooled")
    raw = sigma * float(c4(101))
    assert freedom == 100
    assert result.cp is not None
    bounds = {name: (each.lower, each.upper) for name, each in result.intervals.items()}
    assert bounds["cp"] == pytest.approx(twin.chi_square_bounds(15 / 6 / raw, 100, 0.9), rel=1e-9)
    assert bounds["pp"] == pytest.approx(
        twin.chi_square_bounds(15 / 6 / result.sigma_overall, 124, 0.9), rel=1e-9
    )
    assert result.cpk is not None
    assert bounds["cpk"] == pytest.approx(twin.bissell_bounds(result.cpk, 125, 100, 0.9), rel=1e-9)
    assert bounds["ppk"] == pytest.approx(twin.bissell_bounds(result.ppk, 125, 124, 0.9), rel=1e-9)


def test_a_lower_bound_stands_at_the_whole_level() -> None:
    result = study(stable_groups(), target=49)
    for index in ("cp", "cpk", "pp", "ppl", "ppk", "cpm"):
        bound = result.confidence_interval(index, 0.95, side="lower")
        assert bound.upper == math.inf
        assert bound.lower == pytest.approx(result.confidence_interval(index, 0.9).lower, rel=1e-12)


def test_individuals_take_the_average_moving_range_and_an_i_mr_chart() -> None:
    values = [value for group in stable_groups() for value in group]
    result = capability(values, lsl=42, usl=57)
    assert result.within.method == "average moving range"
    assert result.sigma_within == pytest.approx(twin.sigma_of_moves(values), rel=1e-12)
    assert result.chart is not None
    assert result.chart.kind == "i-mr"
    assert result.groups == 125


@pytest.mark.parametrize("method", ["average moving range", "median moving range", "sqrt(MSSD)"])
def test_the_chart_stands_on_the_sigma_of_the_study(method: str) -> None:
    result = capability([v for g in stable_groups() for v in g], lsl=42, within=method)
    assert result.chart is not None
    assert result.chart.limits.sigma == pytest.approx(result.sigma_within, rel=1e-12)


def test_a_range_chart_judges_up_to_eight_values_and_the_deviation_from_nine() -> None:
    kinds = [study(stable_groups(size=size)).chart for size in (8, 9)]
    assert [None if chart is None else chart.kind for chart in kinds] == ["xbar-r", "xbar-s"]


def test_wide_data_give_the_same_study_as_long() -> None:
    groups = stable_groups()
    wide = {f"x{i}": [group[i] for group in groups] for i in range(5)}
    by_columns = capability(wide, value=[*wide], lsl=42, usl=57)
    assert capability_dict(by_columns) == capability_dict(study(groups))
    assert capability_dict(capability(np.array(groups), lsl=42, usl=57)) == capability_dict(study(groups))
    assert capability_dict(capability(groups, lsl=42, usl=57)) == capability_dict(study(groups))


def test_one_sided_limits_leave_cp_out_and_take_cpk_from_that_side() -> None:
    both, upper = study(stable_groups()), study(stable_groups(), lsl=None)
    assert (upper.cp, upper.cpl, upper.pp, upper.ppl) == (None, None, None, None)
    assert upper.cpk == upper.cpu == both.cpu
    assert upper.ppm_overall.below is None
    assert upper.ppm_overall.total == upper.ppm_overall.above == both.ppm_overall.above


def test_no_index_and_no_ppm_stands_against_a_natural_bound() -> None:
    values = [abs(v - 50) for g in stable_groups() for v in g]
    result = capability(values, lsl=0, usl=12, lower_natural=True)
    assert (result.cp, result.cpl, result.ppm_within and result.ppm_within.below) == (None, None, None)
    assert "natural bound is no requirement" in result.explain()
    remark = {row[0]: row[5] for row in result.tables()[0].rows}["CPL"]
    assert remark == "the bound is natural"


def test_values_beyond_a_natural_bound_are_remarked() -> None:
    result = capability([0.1, 0.3, -0.2, 0.4, 0.2, 0.1], lsl=0, usl=1, lower_natural=True)
    assert "Values beyond the natural bound 0: 1; the bound or the values are wrong." in result.warnings()


def test_a_blank_limit_is_no_limit_and_never_zero() -> None:
    assert study(stable_groups(), lsl="").cpl is None
    assert study(stable_groups(), lsl=" ").cpk == study(stable_groups(), lsl=None).cpk
    assert study(stable_groups(), lsl=0).cpl is not None


def test_cpm_asks_for_a_target_and_does_not_invent_the_middle() -> None:
    assert study(stable_groups()).cpm is None
    assert "not taken for one" in study(stable_groups()).explain()


def test_cpm_takes_the_nearer_limit_when_the_target_is_off_the_middle() -> None:
    result = study(stable_groups(), target=45)
    tau = math.hypot(result.sigma_overall, result.mean - 45)
    assert result.cpm == pytest.approx(3 / (3 * tau), rel=1e-12)


def test_cpm_within_is_what_qcc_prints() -> None:
    result = study(stable_groups(), target=49.5, cpm_sigma="within")
    tau = math.hypot(result.sigma_within, result.mean - 49.5)
    assert result.cpm == pytest.approx(15 / 6 / tau, rel=1e-12)


def test_the_sigma_level_is_shifted_only_when_asked() -> None:
    plain, shifted = study(stable_groups()), study(stable_groups(), z_shift=1.5)
    assert plain.sigma_level == plain.z_bench_overall
    assert shifted.sigma_level == plain.sigma_level + 1.5
    assert "The sigma level contains a shift of 1.5." in shifted.summary()


def test_z_stays_right_where_ppm_is_too_small_for_a_float() -> None:
    result = study(stable_groups(), lsl=None, usl=300)
    z = (300 - result.mean) / result.sigma_overall
    assert result.ppm_overall.total == 0
    assert result.z_bench_overall == pytest.approx(z, rel=1e-12)


def test_a_value_on_the_limit_conforms() -> None:
    result = capability([9.0, 10.0, 11.0, 12.0, 9.5, 10.5], lsl=9.5, usl=12)
    assert result.ppm_observed.below == pytest.approx(1e6 / 6)
    assert result.ppm_observed.above == 0


def test_a_capable_process_says_so_with_its_interval() -> None:
    result = study(stable_groups(), lsl=35, usl=65)
    assert (result.stable, result.capable) == (True, True)
    assert result.headline().startswith("Capable: Cpk = ")
    assert "where 1.33 is wanted" in result.headline()


def test_a_process_that_is_not_capable_says_so() -> None:
    result = study(stable_groups())
    assert (result.stable, result.capable) == (True, False)
    assert result.headline().startswith("Not capable: Cpk = ")


def test_a_verdict_that_more_data_could_turn_says_so() -> None:
    result = study(stable_groups(), lsl=41.5, usl=58.5, min_cpk=1.4)
    assert result.cpk is not None
    assert result.cpk_lower is not None
    assert result.cpk_lower < 1.4 < result.cpk
    assert (result.capable, result.undecided) == (False, True)
    assert result.headline().startswith("Not shown to be capable: Cpk = ")
    assert "More values narrow this." in result.headline()


def shifted_groups() -> list[list[float]]:
    return [[v + (6 if i == 7 else 0) for v in group] for i, group in enumerate(stable_groups())]


def test_an_unstable_process_has_numbers_but_no_bare_index() -> None:
    result = study(shifted_groups())
    assert (result.stable, result.capable) == (False, None)
    assert result.cpk is not None
    assert result.headline().startswith("Not stable: not meaningful. ")
    assert "Rule 1" in result.headline()
    assert "point 8" in result.headline()
    shown = [row for row in result.tables()[0].rows if row[2] is not None]
    assert {row[5] for row in shown} == {"not stable: not meaningful"}
    assert result.tables()[2].notes == ("Expected: not stable: not meaningful",)


@pytest.mark.parametrize("shape", [(5000,), (3000, 3), (2000, 8), (1500, 10)])
def test_in_a_long_series_chance_does_not_take_stability_away(shape: tuple[int, ...]) -> None:
    result = capability(np.random.default_rng(4).normal(10, 0.1, shape), lsl=9, usl=11)
    assert result.chart is not None
    assert not result.chart.stable
    assert (result.stable, result.capable) == (True, True)
    for one in result.chance:
        assert f"panel {one.panel}: {one.count} of {one.points} points" in str(result)


def test_a_panel_expects_the_share_of_points_that_chance_gives() -> None:
    rng = np.random.default_rng(8)
    for size, panels in ((2, 2), (5, 2), (9, 2)):
        result = capability(rng.normal(10, 0.1, (40_000, size)), usl=11)
        assert len(result.chance) == panels
        for one in result.chance:
            assert one.count == pytest.approx(one.expected, abs=0.12 * one.expected + 4 * one.expected**0.5)


def spoilt(**changes: float) -> Any:
    """A long stable series with a shift, an outlier, or a value that is held."""
    values = np.random.default_rng(4).normal(10, 0.1, 5000)
    values[2500:] += changes.get("shift", 0.0)
    values[1200] += changes.get("outlier", 0.0)
    return capability(values, usl=12)


@pytest.mark.parametrize("fault", [{"shift": 0.15}, {"outlier": 0.8}, {"outlier": -0.8}])
def test_a_shift_or_an_outlier_in_a_long_series_is_no_chance(fault: dict[str, float]) -> None:
    assert spoilt().stable
    assert spoilt(**fault).stable is False
    assert "what fired is more than that" in str(spoilt(**fault))


def test_in_a_short_series_one_point_beyond_the_limits_is_enough() -> None:
    groups = [[v + (3.0 if i == 7 else 0) for v in group] for i, group in enumerate(stable_groups())]
    assert study(groups).stable is False


def test_a_range_below_its_lower_limit_is_no_chance() -> None:
    groups = np.random.default_rng(4).normal(10, 0.1, (2000, 8))
    assert capability(groups, usl=11).stable
    groups[700] = 10.0
    assert capability(groups, usl=11).stable is False


def test_run_rules_are_taken_at_their_word() -> None:
    values = np.random.default_rng(4).normal(10, 0.1, 5000)
    assert capability(values, usl=11, rules="1,2").stable is False


def test_own_rules_judge_stability() -> None:
    groups = [[v + (1.0 if i >= 13 else 0) for v in group] for i, group in enumerate(stable_groups())]
    assert study(groups).stable
    assert not study(groups, rules="1,2,5,6").stable


def test_one_subgroup_is_judged_by_no_chart_and_gets_no_verdict() -> None:
    result = capability([[9.8, 10.1, 10.0, 9.9, 10.3]], lsl=9, usl=11)
    assert (result.chart, result.stable, result.capable) == (None, None, None)
    assert "Stability is not judged" in result.headline()
    assert {row[5] for row in result.tables()[0].rows if row[2] is not None} == {"stability not judged"}


def test_no_spread_within_leaves_pp_and_takes_cp_away() -> None:
    groups = [[float(i % 7)] * 4 for i in range(25)]
    result = study(groups, lsl=-5, usl=15)
    assert (result.sigma_within, result.cp, result.cpk, result.ppm_within) == (0, None, None, None)
    assert result.ppk > 0
    assert any("sigma within is zero" in warning for warning in result.warnings())
    assert result.capable is None


def test_missing_values_are_left_out_and_counted() -> None:
    result = capability([9.8, None, 10.1, 10.0, math.nan, 9.9, 10.3, 10.1], lsl=9, usl=11)
    assert (result.n, result.missing) == (6, 2)
    assert "Missing values, left out: 2." in result.warnings()
    assert result.sigma_within == pytest.approx((0.1 + 0.4 + 0.2) / 3 * math.sqrt(math.pi) / 2)


def test_values_that_are_not_normal_are_warned_of() -> None:
    waits = np.random.default_rng(3).exponential(1, 120)
    result = capability(waits, lsl=0, usl=8, lower_natural=True)
    assert result.normality_p is not None
    assert result.normality_p < 0.05
    assert any("do not look normal" in warning for warning in result.warnings())
    assert not any("do not look normal" in warning for warning in study(stable_groups()).warnings())


def test_a_gauge_too_coarse_is_warned_of() -> None:
    coarse = [[float(round(v / 4) * 4) for v in group] for group in stable_groups()]
    assert any("gauge is too coarse" in warning for warning in study(coarse).warnings())


BAD = [
    ({"frame": [10.0], "lsl": 9}, "one value has no spread"),
    ({"frame": [5.0, 5.0, 5.0], "lsl": 4}, "all 3 values are 5, so there is no spread"),
    ({"frame": [1.0, 2.0], "lsl": 4, "usl": 3}, "the lower limit 4 is not below the upper limit 3"),
    ({"frame": [1.0, 2.0]}, "no specification limit is given"),
    ({"frame": [1.0, 2.0], "lsl": 0, "lower_natural": True}, "no specification limit is given"),
    ({"frame": [1.0, 2.0], "lsl": 0, "usl": 3, "target": 4}, "the target 4 lies outside"),
    ({"frame": [1.0, math.inf], "lsl": 0}, "inf is infinite"),
    ({"frame": [1.0, "abc"], "lsl": 0}, "'abc' is not a number"),
    ({"frame": [None, None], "lsl": 0}, "there are no values"),
    ({"frame": [1.0, None, 2.0], "lsl": 0}, "no two values stand beside each other"),
    ({"frame": [1.0, 2.0], "lsl": 0, "confidence": 95}, "a confidence of 95 is impossible"),
    ({"frame": [1.0, 2.0], "lsl": 0, "min_cpk": 0}, "a wanted Cpk of 0 is impossible"),
    ({"frame": [1.0, 2.0], "lsl": 0, "within": "pooled"}, "needs subgroups of two values or more"),
    ({"frame": [[1.0, 2.0], [2.0, 4.0]], "lsl": 0, "within": "sqrt(MSSD)"}, "for individual values"),
    ({"frame": [[1.0, 2.0], [2.0, 4.0]], "lsl": 0, "within": "rbar", "unbiased": False}, "has no meaning"),
    ({"frame": [[1.0, 2.0], [2.0, 4.0]], "lsl": 0, "within": "poled"}, "Did you mean 'pooled'"),
    ({"frame": [1.0, 2.0], "lsl": 0, "cpm_sigma": "total"}, "no sigma named 'total'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_bad_input_gets_one_clear_sentence(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataError) as refusal:
        capability(**arguments)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_index_that_does_not_exist_has_no_interval() -> None:
    result = study(stable_groups(), lsl=None)
    with pytest.raises(DataError, match="this study has no 'cp'"):
        result.confidence_interval("cp")
    with pytest.raises(UnknownName, match="Did you mean 'cpk'"):
        result.confidence_interval("cpkk")
    with pytest.raises(UnknownName, match="there is no side"):
        result.confidence_interval("cpk", side="upper")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="a confidence of 0 is impossible"):
        result.confidence_interval("cpk", 0)


@pytest.mark.parametrize(
    "result",
    [
        study(stable_groups(), target=50),
        study(shifted_groups(), usl=None),
        capability([[9.8, 10.1, 10.0, 9.9, 10.3]], lsl=9),
        capability([v for g in stable_groups() for v in g], usl=60),
        study([[float(i % 7)] * 4 for i in range(25)], lsl=-5, usl=15),
    ],
    ids=["stable", "shifted", "one subgroup", "individuals", "no spread within"],
)
def test_a_stored_study_is_read_back_whole(result: Capability) -> None:
    again = Capability.from_json(result.to_json())
    assert again == result
    assert restore(result.to_dict()).summary() == result.summary()
    assert again.intervals == result.intervals


def test_programs_get_plain_values_under_the_agreed_names() -> None:
    plain = capability_dict(study(stable_groups(), target=50))
    assert {"cp", "cpk", "cpl", "cpu", "pp", "ppl", "ppu", "ppk", "cpm", "intervals", "ppm"} <= plain.keys()
    assert {"mean", "sigma_within", "sigma_overall", "n", "stable", "capable", "warnings"} <= plain.keys()
    assert set(plain["ppm"]) == {"observed", "expected_within", "expected_overall"}
    assert set(plain["ppm"]["observed"]) == {"below", "above", "total"}
    assert plain["intervals"]["cpk"][0] < plain["cpk"] < plain["intervals"]["cpk"][1]


def test_every_text_goes_through_the_translator() -> None:
    result = study(shifted_groups(), z_shift=1.5, target=50)
    for text in (result.headline("pseudo"), result.explain("pseudo"), *result.warnings("pseudo")):
        assert all(line.startswith("⟦") for line in text.splitlines())
    for table in result.tables("pseudo"):
        assert table.title.startswith("⟦")
        assert all(column.label.startswith("⟦") for column in table.columns)
