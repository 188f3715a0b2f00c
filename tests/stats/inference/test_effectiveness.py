import json
import math

import numpy as np
import polars as pl
import pytest

from gemba import stats as gs
from gemba.stats.inference import Observed, effectiveness, effectiveness_plan
from gemba.stats.inference.counted import clopper_pearson, garwood
from gemba.stats.inference.plan import METHODS
from gemba.stats.results import DataError, UnknownName
from twins import effectiveness as twin

BEFORE = {"d": [10.3, 10.1, 10.5, 10.2, 10.4, 10.0, 10.3, 10.6, 10.1, 10.2]}
AFTER = {"d": [9.9, 10.1, 9.8, 10.0, 9.9, 10.2, 9.7, 10.0, 9.9, 10.0]}
SLEEP_X = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_Y = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_students_sleep_data_by_welch() -> None:
    plan = effectiveness_plan("mean", SLEEP_X, target=3.0)
    found = effectiveness(plan, SLEEP_Y)
    assert (plan.direction, found.test) == ("higher", "welch")
    assert found.statistic == pytest.approx(1.86081346748685, rel=1e-12)
    assert found.df == pytest.approx(17.7764735161785, rel=1e-12)
    assert found.p_change == pytest.approx(0.0793941401873582 / 2, rel=1e-10)


def test_the_permeability_data_by_f() -> None:
    x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    found = effectiveness(effectiveness_plan("sd", x, target=0.1, power=0.6), [1.15, 0.88, 0.9, 0.74, 1.21])
    assert 1 / found.statistic == pytest.approx(5.00045666010218, rel=1e-12)
    assert found.p_change == pytest.approx(0.135821675009908 / 2, rel=1e-9)


def test_particles_on_wafers_against_a_known_mean() -> None:
    values = [50, 48, 44, 56, 61, 52, 53, 55, 67, 51]
    found = effectiveness(effectiveness_plan("mean", 50, target=55, sd=6.0, alpha=0.025), values)
    assert (found.test, found.df) == ("t", 9)
    assert found.p_change == pytest.approx(0.108472908782631 / 2, rel=1e-10)
    assert (found.lower, found.upper) == pytest.approx((49.0024291302937, 58.3975708697063))


def test_two_one_sided_tests_of_a_shift() -> None:
    values = [98.6, 101.2, 99.4, 100.9, 100.2, 99.1, 101.5, 100.7, 99.8, 100.4, 101, 99.6]
    plan = effectiveness_plan("shift", 97.0, target=100, margin=1.5, sd=1.0)
    found = effectiveness(plan, values)
    assert found.p_change == pytest.approx(0.000211833308710771, rel=1e-9)
    assert (found.lower, found.upper) == pytest.approx((99.7300239478236, 100.669976052176))
    assert found.verdict == "effective"


def test_exact_bounds_as_published() -> None:
    assert clopper_pearson(682, 925, 0.025) == pytest.approx((0.707668264079039, 0.765406558241525))
    assert garwood(137, 24.19893, 0.025) == pytest.approx((4.75312480484875, 6.69270933417607))
    assert clopper_pearson(0, 30, 0.05) == pytest.approx((0.0, 1 - 0.05 ** (1 / 30)))
    assert clopper_pearson(30, 30, 0.05)[1] == 1.0


def test_the_power_of_two_samples_as_published() -> None:
    base = Observed(n=20, mean=1.0, sd=1.0)
    plan = effectiveness_plan("mean", base, target=0.0, alpha=0.025, power=0.868)
    assert METHODS["mean"].power(plan.criterion, 20, 1.0, 0.025) == pytest.approx(0.868952801692498, rel=1e-6)
    assert plan.n == 20


def test_the_windows_are_the_first_that_have_the_power() -> None:
    plan = effectiveness_plan("fraction", Observed(n=900, count=36), target=0.01, power=0.7)
    assert plan.n == twin.window(36, 900, 0.01, 0.05, 0.7)
    zero = effectiveness_plan("fraction", 0.03, target=0.0)
    assert plan.n > zero.n == math.ceil(math.log(0.05) / math.log(0.97))
    rate = effectiveness_plan("rate", 0.03, target=0.0)
    assert rate.n == pytest.approx(-math.log(0.05) / 0.03, rel=1e-3)
    for metric, baseline, target in (
        ("mean", Observed(n=30, mean=5.0, sd=1.0), 4.0),
        ("sd", Observed(n=30, mean=5.0, sd=1.0), 0.6),
        ("sd", 1.0, 0.6),
    ):
        plan = effectiveness_plan(metric, baseline, target=target)  # type: ignore[arg-type]
        power = METHODS[plan.metric].power
        assert power(plan.criterion, plan.n, plan.sd, 0.05) >= 0.8
        assert power(plan.criterion, plan.n - 1, plan.sd, 0.05) < 0.8


def test_the_three_verdicts_say_why() -> None:
    plan = effectiveness_plan("mean", BEFORE, value="d", target=9.95, per_day=2)
    assert "At 2 a day" in plan.headline()
    good = effectiveness(plan, AFTER, value="d")
    assert good.verdict == "effective"
    assert good.headline().startswith("Effective: the mean of d is 9.95 (")
    bad = effectiveness(plan, BEFORE, value="d")
    assert bad.verdict == "not effective"
    assert "An action that reaches the target gives such data with" in bad.headline()
    some = effectiveness(plan, Observed(n=60, mean=10.1, sd=0.2))
    assert some.verdict == "not effective"
    assert "It improved" in some.headline()
    few = effectiveness(plan, {"d": [10.0, 10.3]}, value="d")
    assert few.verdict == "not yet shown"
    assert "would give the 80 % planned" in few.headline()
    assert "Welch" in good.explain()


def test_nothing_one_value_and_equal_values_are_not_yet_shown() -> None:
    plan = effectiveness_plan("mean", BEFORE, value="d", target=9.95)
    for given in ([], [10.0], [None, 10.0], [None, None]):
        found = effectiveness(plan, {"d": given}, value="d")
        assert (found.verdict, found.is_judged) == ("not yet shown", False)
        assert "the plan needs" in found.headline()
    equal = effectiveness(plan, {"d": [9.9] * 8}, value="d")
    assert "Check the resolution of the gauge" in equal.headline()
    items = effectiveness_plan("fraction", 0.03, target=0.01)
    assert effectiveness(items, Observed(n=0)).verdict == "not yet shown"
    assert "missing" in effectiveness(plan, {"d": [9.9, None, 10.0]}, value="d").explain()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"metric": "median"}, "no metric named 'median'"),
        ({"target": 10.27}, "no worse than the target"),
        ({"target": math.inf}, "inf is no finite number"),
        ({"target": 9.9, "direction": "higher"}, "direction is 'higher'"),
        ({"target": 9.9, "direction": "down"}, "no direction named 'down'"),
        ({"alpha": 0.0}, "a chance of 0 is impossible"),
        ({"power": 1.0}, "a chance of 1 is impossible"),
        ({"per_day": 0}, "no pace"),
        ({"metric": "shift"}, "needs its margin"),
        ({"metric": "sd", "target": 3.0}, "less is better"),
        ({"metric": "sd", "target": 0.0}, "cannot be reached"),
        ({"metric": "sd", "target": 0.18}, "no window of up to 10,000,000 values"),
        ({"baseline": [10.0]}, "too few to compare with"),
        ({"baseline": [10.0, 10.0]}, "has no scatter"),
        ({"baseline": [10.0, math.inf]}, "inf"),
        ({"baseline": "d"}, "is no data"),
        ({"baseline": 10.2}, "give the expected scatter as sd"),
        ({"baseline": math.nan}, "no finite number"),
        ({"baseline": Observed(n=9, count=1)}, "needs the figure 'sd'"),
        ({"metric": "fraction", "baseline": Observed(n=2, count=3), "target": 0.1}, "is impossible"),
        (
            {"metric": "fraction", "baseline": Observed(n=2.5, count=2), "target": 0.1},
            "no whole number of items",
        ),
        ({"metric": "fraction", "baseline": [1, 2], "target": 0.1}, "number inspected"),
    ],
)
def test_a_bad_plan_is_refused_with_its_mend(change: dict[str, object], words: str) -> None:
    given = {"metric": "mean", "baseline": BEFORE["d"], "target": 9.95} | change
    with pytest.raises(DataError, match=words):
        effectiveness_plan(given.pop("metric"), given.pop("baseline"), **given)  # type: ignore[arg-type]


def test_bad_data_after_the_action_are_refused() -> None:
    plan = effectiveness_plan("mean", BEFORE, value="d", target=9.95)
    with pytest.raises(DataError, match="inf"):
        effectiveness(plan, {"d": [9.9, math.inf]}, value="d")
    with pytest.raises(UnknownName):
        effectiveness(plan, {"d": [9.9]}, value="e")
    with pytest.raises(DataError, match="has a size"):
        effectiveness(plan, Observed(n=math.inf, mean=3.0))
    with pytest.raises(DataError, match="number of judgements"):
        effectiveness(plan, AFTER, value="d", look=0)
    for broken in ({"n": -1}, {"n": 3, "count": -1}, {"n": 3, "mean": math.inf}, {"n": 3, "sd": -1.0}):
        with pytest.raises(DataError, match="cannot have been observed"):
            Observed(**broken)


def test_a_later_judgement_is_given_half_the_chance_of_error() -> None:
    plan = effectiveness_plan("fraction", 0.03, target=0.0)
    first, second = (effectiveness(plan, Observed(n=plan.n, count=0), look=look) for look in (1, 2))
    assert (first.verdict, second.verdict) == ("effective", "not yet shown")
    assert (second.alpha, second.beta) == pytest.approx((0.025, 0.1))
    assert second.needed > first.needed == plan.n
    assert "judgement 2" in second.explain()


def test_a_verdict_is_stored_drawn_and_read_again() -> None:
    rows = pl.DataFrame({"bad": [3, 1, 2, 4], "n": [50, 50, 60, 40]})
    plan = effectiveness_plan("fraction", rows, value="bad", n="n", target=0.01)
    found = effectiveness(plan, rows[:2], value="bad", n="n")
    assert found.verdict == "not effective"
    stored = json.loads(found.to_json())
    assert gs.restore(stored) == found
    assert gs.restore(plan.to_dict()) == plan
    assert found.to_frame().columns == ["figure", "value"]
    figure = found.plot()
    assert figure.alt.startswith("bad: before and after the action. Not effective")
    assert "⟦" in found.headline("pseudo")
    assert "before" in plan.explain()
    assert plan.tables()[0].rows[0][1] == 0.05


@pytest.mark.parametrize("metric", ["mean", "sd", "shift"])
def test_the_picture_shows_the_target(metric: str) -> None:
    margin = 0.2 if metric == "shift" else None
    target = 0.1 if metric == "sd" else 9.95
    plan = effectiveness_plan(metric, BEFORE, value="d", target=target, margin=margin)  # type: ignore[arg-type]
    assert "before the action" in plan.plot().alt
    for after in (AFTER["d"], [9.9]):
        svg = effectiveness(plan, after).plot().to_svg()
        assert "Target" in svg
        assert "Before" in svg


def test_figures_alone_say_the_same_as_the_data() -> None:
    after = np.array(AFTER["d"])
    figures = Observed(n=len(after), mean=float(after.mean()), sd=float(after.std(ddof=1)))
    plan = effectiveness_plan("mean", BEFORE, value="d", target=9.95)
    one, other = effectiveness(plan, AFTER, value="d"), effectiveness(plan, figures)
    assert one.p_change == pytest.approx(other.p_change)
    assert one.verdict == other.verdict
