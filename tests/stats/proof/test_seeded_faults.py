"""A proof that cannot fail proves nothing: each of these faults must be found by ``qualify``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gemba.stats import charts, constants, distributions
from gemba.stats.capability import Capability, Ppm, attributes, capability, over_time, percentiles, throughput
from gemba.stats.charts import recommend, rules
from gemba.stats.charts.kind import Band
from gemba.stats.charts.kinds import counts, g
from gemba.stats.charts.kinds.laney import overdispersed
from gemba.stats.charts.kinds.vectors import distance_limits
from gemba.stats.charts.recursion import decaying_sums, floored_sums
from gemba.stats.charts.run_length import budget, recursive, shewhart
from gemba.stats.charts.run_length import several as mewma_lengths
from gemba.stats.charts.run_length.law import Law
from gemba.stats.data import Tolerance, vectors
from gemba.stats.data.runs import Runs
from gemba.stats.distributions import normality
from gemba.stats.proof import carried_cases, qualify
from gemba.stats.proof.check import check_case
from gemba.stats.proof.topics import TOPICS
from planted.charts import CHART_FAULTS, Plant, replace_everywhere
from planted.paper import PAPER_FAULTS


def wrong_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    """d2(5) is 2.326, typed 2.362."""
    right = constants.d2
    replace_everywhere(monkeypatch, right, lambda n: 2.362 if n == 5 else right(n))


def mistyped_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """D4 of 3 values is 2.574, typed 2.547."""
    right = constants.control_chart_constants

    def wrong(*args: Any) -> constants.ChartConstants:
        table = right(*args)
        return replace(table, D4=np.where(table.n == 3, 2.547, table.D4))

    replace_everywhere(monkeypatch, right, wrong)


def divisor_n(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard deviations with n below instead of n - 1."""
    right = distributions.standard_deviation

    def wrong(values: Any) -> float:
        n = np.size(values)
        return float(right(values) * np.sqrt((n - 1) / n))

    replace_everywhere(monkeypatch, right, wrong)


def bowkers_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tolerance factors of an old table: 0.4 % low."""
    right = distributions.tolerance_factor
    replace_everywhere(monkeypatch, right, lambda n, **asked: 0.996 * right(n, **asked))


def tables_of_single_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run length of rules that forgets all rules but the first."""
    right = shewhart.shewhart_law
    replace_everywhere(monkeypatch, right, lambda rules, *rest, **more: right(rules[:1], *rest, **more))


def missing_c4(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bias of s is forgotten."""
    replace_everywhere(monkeypatch, constants.c4, lambda _: 1.0)
    replace_everywhere(monkeypatch, constants.c4_of, lambda sizes: np.ones(np.shape(sizes)))


def swapped_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower and upper limit exchanged."""
    right = charts.Limits.bands

    def wrong(self: charts.Limits, sizes: Any) -> tuple[Band, ...]:
        return tuple(Band(band.center, band.ucl, band.lcl, band.sigma) for band in right(self, sizes))

    monkeypatch.setattr(charts.Limits, "bands", wrong)


def limits_of_the_newest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unequal sizes all judged by the size of the last point."""
    right = charts.Limits.bands

    def wrong(self: charts.Limits, sizes: Any) -> tuple[Band, ...]:
        return right(self, np.full(np.shape(sizes), np.asarray(sizes)[-1]))

    monkeypatch.setattr(charts.Limits, "bands", wrong)


def skipped_first_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of rules start one point too late."""
    right = rules.find_violations

    def wrong(panel: str, points: Any, *rest: Any) -> rules.Violations:
        seen = np.array(points, dtype=np.float64)
        seen[0] = np.nan
        return right(panel, seen, *rest)

    replace_everywhere(monkeypatch, right, wrong)


def skipped_last_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of rules end one point too early."""
    right = rules.find_violations

    def wrong(panel: str, points: Any, *rest: Any) -> rules.Violations:
        seen = np.array(points, dtype=np.float64)
        seen[-1] = np.nan
        return right(panel, seen, *rest)

    replace_everywhere(monkeypatch, right, wrong)


def rule_2_with_8(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nelson's second test asks for nine points; here for eight."""
    changed = tuple(replace(rule, k=8, of=8) if rule.code == "2" else rule for rule in rules.NELSON.rules)
    replace_everywhere(monkeypatch, rules.NELSON, rules.RuleSet("nelson", changed))


def best_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cpk from the better side instead of the worse."""
    right = capability

    def wrong(*args: Any, **options: Any) -> Capability:
        study = right(*args, **options)
        return replace(study, cpk=max(side for side in (study.cpl, study.cpu) if side is not None))

    replace_everywhere(monkeypatch, right, wrong)


def percent_for_ppm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts per hundred called parts per million."""
    right = capability

    def wrong(*args: Any, **options: Any) -> Capability:
        study = right(*args, **options)
        return replace(study, ppm_overall=Ppm(None, None, study.ppm_overall.total / 1e4))

    replace_everywhere(monkeypatch, right, wrong)


def blank_is_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that is left out is read as zero."""
    right = Tolerance.of

    def wrong(lsl: Any = None, usl: Any = None, target: Any = None, **options: Any) -> Tolerance:
        return right(0.0 if lsl is None else lsl, 0.0 if usl is None else usl, target, **options)

    monkeypatch.setattr(Tolerance, "of", wrong)


def shifted_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean is computed in single precision."""
    right = distributions.mean
    replace_everywhere(monkeypatch, right, lambda values: float(np.float32(right(values))))


def mixed_phases(monkeypatch: pytest.MonkeyPatch) -> None:
    """T² of the rows the covariance was learned from is judged as that of new ones, and the other way."""
    right = distance_limits

    def wrong(parameters: Any, width: int, size: float, *, learned: bool) -> tuple[float, float]:
        return right(parameters, width, size, learned=not learned)

    replace_everywhere(monkeypatch, right, wrong)


def level_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of an ewma are drawn as in the long run from the first point."""

    def wrong(values: Any, keep: float, start: Any = 0.0) -> Any:
        sums = decaying_sums(values, keep, start)
        return (
            sums if np.ndim(values) > 1 or np.ptp(values) > 0 else np.full_like(sums, values[0] / (1 - keep))
        )

    replace_everywhere(monkeypatch, decaying_sums, wrong)


def no_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cusum may fall below zero, and so needs longer to rise."""
    replace_everywhere(monkeypatch, floored_sums, lambda values, start: start + np.cumsum(values))


def trials_for_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The g chart takes the variance of trials that include the event: m (m - 1)."""
    right = counts.band
    monkeypatch.setattr(
        g, "band", lambda center, _, *rest: right(center, np.sqrt(center * (center - 1)), *rest)
    )


def no_sigma_z(monkeypatch: pytest.MonkeyPatch) -> None:
    """Laney's chart forgets how far the points really scatter."""

    def wrong(basis: Any, model: Any) -> Any:
        found = overdispersed(basis, model)
        return found._replace(sigma=model(found.mean))

    replace_everywhere(monkeypatch, overdispersed, wrong)


def moves_over_the_border(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moving ranges from one part to the next go into sigma of a Z-MR chart."""
    monkeypatch.setattr(Runs, "starts", property(lambda _: np.zeros(1, dtype=np.int64)))


def biased_determinant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generalized variance with n below instead of n - 1."""
    right = vectors.products_of
    replace_everywhere(monkeypatch, right, lambda m: right(m) * (1 - 1 / m.shape[1]))


def first_point_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run length that counts the points before the signal, not the one that signals."""
    right = Law.mean.fget  # type: ignore[attr-defined]
    monkeypatch.setattr(Law, "mean", property(lambda law: right(law) - 1.0))


def limits_of_lambda_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ewma whose limits stand at L sqrt(lam / 2), as an old hand-out has it."""
    right = recursive.ewma_law

    def wrong(lam: float, reach: float, shift: float, *, exact: bool) -> Law:
        return right(lam, reach * np.sqrt((2 - lam) / 2), shift, exact=exact)

    monkeypatch.setattr(recursive, "ewma_law", wrong)


def no_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run length of a cusum forgets its head start."""
    right = recursive.cusum_both_law
    monkeypatch.setattr(recursive, "cusum_both_law", lambda k, h, shift, _: right(k, h, shift, 0.0))


def one_sum_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """The decision interval of a two-sided cusum is that of one sum."""
    monkeypatch.setattr(recursive, "cusum_both_mean", recursive.cusum_mean)


def one_variable_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """The degrees of freedom of a mewma are one short."""
    right = mewma_lengths.mewma_law
    monkeypatch.setattr(mewma_lengths, "mewma_law", lambda width, *rest: right(width - 1, *rest))


def one_value_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """A nonparametric tolerance interval from one value too few."""
    right = distributions.tolerance_sample_size
    replace_everywhere(monkeypatch, right, lambda **asked: right(**asked) - 1)


def one_kind_of_quantile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every quantile is interpolated as spreadsheets do, whatever was asked."""
    right = distributions.quantile
    replace_everywhere(monkeypatch, right, lambda values, p, **_: right(values, p, kind=7))


def middle_of_the_tails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ppk of skewed values is measured from the middle of the tails instead of the median."""
    right = percentiles.indices_of
    replace_everywhere(
        monkeypatch, right, lambda low, _, high, tolerance: right(low, (low + high) / 2, high, tolerance)
    )


def wald_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interval of a share by its standard error, not the exact one."""

    def wrong(_: str, count: float, inspected: float, share: float) -> float:
        rate = count / inspected
        return float(rate + distributions.normal_ppf(share) * np.sqrt(rate * (1 - rate) / inspected))

    monkeypatch.setattr(attributes, "rate_bound", wrong)


def budget_of_shifted_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The false alarms of a plant are counted as if every process had shifted."""
    right = budget._length
    monkeypatch.setattr(budget, "_length", lambda rules, nsigma, _: right(rules, nsigma, 1.0))


def deaf_to_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recommendation that takes values which follow each other for independent ones."""
    monkeypatch.setattr(recommend, "autocorrelation", lambda *_, **__: 0.0)


def small_samples_like_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The p of Anderson and Darling without the correction for the size of the sample."""
    monkeypatch.setattr(normality, "_for_the_size", lambda statistic, _: statistic)


def everybody_like_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """A convention that is asked for and not taken."""
    replace_everywhere(monkeypatch, charts.convention_named, lambda _: charts.CONVENTIONS["gemba"])


def defects_as_defective(monkeypatch: pytest.MonkeyPatch) -> None:
    """Defects a unit taken for the share of defective units."""
    monkeypatch.setattr(throughput, "_passed", lambda _, rate: 1 - rate)


def drift_as_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drift counts as random variation beside itself."""
    monkeypatch.setattr(over_time, "_off_line", lambda _, means: means)


CARRIED = {case.id: case for case in carried_cases()}
"""Of the carried cases only the one that must find a fault is answered: the others take their time."""
FAULTS: dict[Plant, str] = {
    everybody_like_us: "own-capability-conventions-1",
    defects_as_defective: "own-capability-throughput-1",
    drift_as_chance: "own-capability-over-time-1",
    first_point_not_counted: "ref-arl-shewhart-xbar",
    limits_of_lambda_halves: "ref-arl-ewma-lucas-saccucci-50",
    no_head_start: "ref-arl-cusum-fir-lucas-crosier",
    one_sum_for_both: "ref-arl-cusum-design",
    one_variable_less: "ref-arl-mewma-p4",
    one_value_less: "ref-tol-nonparametric",
    one_kind_of_quantile: "ref-desc-quantiles-viscosity",
    middle_of_the_tails: "own-capability-weibull-1",
    wald_interval: "ref-cap-binomial-orangejuice",
    budget_of_shifted_charts: "own-arl-alarm-budget-1",
    deaf_to_neighbours: "own-advice-chart-2",
    small_samples_like_large: "ref-test-normality-shapiro1965",
    mixed_phases: "own-chart-t2-1",
    **CHART_FAULTS,
    **PAPER_FAULTS,
    level_limits: "ref-chart-ewma-montgomery",
    no_floor: "ref-chart-cusum-montgomery",
    trials_for_gaps: "own-chart-g-1",
    no_sigma_z: "own-chart-laney-p-1",
    moves_over_the_border: "own-chart-z-mr-1",
    biased_determinant: "own-chart-generalized-variance-1",
    wrong_constant: "constant-d2",
    mistyped_factor: "constant-D4",
    divisor_n: "ref-strd-michelso",
    bowkers_factor: "ref-tol-kfactors",
    tables_of_single_points: "ref-arl-champ-woodall-12",
    missing_c4: "own-chart-xbar-s-1",
    swapped_limits: "own-chart-xbar-r-1",
    limits_of_the_newest_size: "ref-chart-p-variable-n",
    skipped_first_point: "own-rules-1",
    skipped_last_point: "own-rules-1",
    rule_2_with_8: "own-rules-1",
    best_side: "own-capability-normal-1",
    percent_for_ppm: "own-capability-normal-1",
    blank_is_zero: "own-capability-normal-3",
    shifted_units: "ref-strd-numacc2",
}


@pytest.mark.parametrize(("plant", "finder"), FAULTS.items(), ids=lambda item: getattr(item, "__name__", ""))
def test_a_seeded_fault_is_found(plant: Plant, finder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a figure that is wrong, not by a program that breaks."""
    plant(monkeypatch)
    case = CARRIED.get(finder)
    checks = qualify(()).checks if case is None else (check_case(case, TOPICS),)
    found = next(check for check in checks if check.id == finder)
    assert not found.passed
    assert found.problem is None
