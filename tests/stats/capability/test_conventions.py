"""The same data under two conventions: what each takes, what differs, and why."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gemba import stats as gs
from gemba.stats.capability import Capability
from gemba.stats.charts import CONVENTIONS, convention_named
from gemba.stats.constants import d2
from gemba.stats.results import UnknownName, restore

GROUPS = np.random.default_rng(4).normal(10.0, 0.1, (25, 5))
UNEQUAL = {"x": GROUPS.ravel()[:-2], "s": np.repeat(np.arange(25), 5)[:-2]}
LIMITS: dict[str, Any] = {"lsl": 9.6, "usl": 10.4}


def study(convention: str | None, **more: object) -> Capability:
    asked: dict[str, object] = {**LIMITS, "convention": convention, **more}
    return gs.capability(GROUPS, **asked)  # type: ignore[arg-type]


def why(found: gs.ConventionComparison) -> dict[str, str]:
    return {line.quantity: line.why for line in found.lines}


def test_without_a_convention_nothing_changes() -> None:
    plain, ours = study(None), study("gemba")
    assert plain.convention is None
    assert ours.convention == "gemba"
    assert {k: v for k, v in plain.to_dict().items() if k != "convention"} == {
        k: v for k, v in ours.to_dict().items() if k != "convention"
    }


def test_aiag_takes_the_average_range() -> None:
    found = study("aiag")
    assert found.within.method == "Rbar"
    assert found.sigma_within == pytest.approx(np.ptp(GROUPS, axis=1).mean() / d2(5))


def test_iso_22514_knows_one_distribution_only() -> None:
    found = study("iso22514")
    assert (found.cp, found.cpk) == (found.pp, found.ppk)
    assert found.intervals["cp"].lower == pytest.approx(found.intervals["pp"].lower)
    assert found.chart is not None
    assert found.chart.limits.method == "Rbar"  # stability is judged by what varies within
    assert "standard deviation of all values" in found.explain()


def test_qcc_aims_at_the_middle_and_counts_every_value() -> None:
    found, n = study("qcc"), GROUPS.size
    assert found.tolerance.target == 10.0
    assert (found.cpm_sigma, found.within.df) == ("within", n - 1)
    from scipy.stats import chi2

    assert found.cp is not None
    share = math.sqrt(chi2.ppf(0.025, n - 1) / (n - 1))
    assert found.intervals["cp"].lower == pytest.approx(found.cp * share)
    assert study("qcc", usl=None).tolerance.target is None


def test_minitab_keeps_the_bias_in_the_interval_and_takes_n_minus_1_for_individuals() -> None:
    ours = gs.capability(GROUPS.ravel(), lsl=9.6, usl=10.4)
    theirs = gs.capability(GROUPS.ravel(), lsl=9.6, usl=10.4, convention="minitab")
    assert ours.cpk == theirs.cpk
    assert ours.within.df < theirs.within.df == GROUPS.size - 1
    assert ours.intervals["cp"].lower < theirs.intervals["cp"].lower


def test_what_is_named_stays() -> None:
    found = study("qcc", within="pooled", target=10.1, cpm_sigma="overall")
    assert (found.within.method, found.tolerance.target, found.cpm_sigma) == ("pooled", 10.1, "overall")
    chart = gs.control_chart("xbar-r", GROUPS, convention="jmp", sigma_method="pooled")
    assert chart.limits.method == "pooled"


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s", "i-mr", "ewma", "c", "t2"])
def test_each_kind_takes_every_convention(kind: str) -> None:
    data = {"c": [3, 4, 2, 5, 4, 3, 6, 2, 4, 5]}.get(kind, GROUPS.ravel() if kind == "i-mr" else GROUPS)
    usual = gs.control_chart(kind, data).limits.method
    for convention in CONVENTIONS.values():
        taken = gs.control_chart(kind, data, convention=convention.name).limits.method
        assert taken in (usual, convention.method(usual))


def test_jmp_averages_plainly_where_sizes_differ() -> None:
    chart = gs.control_chart("xbar-r", UNEQUAL, value="x", subgroup="s", convention="jmp")
    assert chart.limits.method == "Rbar unweighted"
    found = gs.compare_conventions(UNEQUAL, "minitab", "jmp", kind="xbar-r", value="x", subgroup="s")
    told = why(found)
    assert told["sigma"] == "estimator"
    assert told["ucl of r, point 25"] == "chart"
    assert told["center of xbar, point 1"] == "same"


def test_equal_sizes_make_most_conventions_agree_on_a_chart() -> None:
    found = gs.compare_conventions(GROUPS, "minitab", "jmp", kind="xbar-r")
    assert found.different == ()
    assert "agree in all 9 figures" in found.headline()


def test_a_study_is_compared_line_by_line_with_reasons() -> None:
    found = gs.compare_conventions(GROUPS, "minitab", "qcc", **LIMITS)
    told = why(found)
    assert (told["mean"], told["Pp"], told["ppm overall"]) == ("same", "same", "same")
    assert (told["sigma within"], told["Cpk"], told["Cp lower"]) == ("estimator", "within", "interval")
    assert (told["target"], told["Cpm"]) == ("missing", "missing")
    line = next(line for line in found.lines if line.quantity == "Cpk")
    first, second = study("minitab").cpk, study("qcc").cpk
    assert (line.first, line.second) == (first, second)
    assert first is not None
    assert second is not None
    assert line.relative == pytest.approx(second / first - 1)
    assert f"Cpk: {first:.4g} and {second:.4g}." in found.headline()


def test_cpm_differs_by_its_sigma_where_a_target_is_given() -> None:
    assert why(gs.compare_conventions(GROUPS, "gemba", "qcc", **LIMITS, target=10))["Cpm"] == "cpm"


def test_signals_that_differ_are_listed() -> None:
    """One mean is put between the two limits, which lie a hair apart."""
    data = {"x": UNEQUAL["x"].copy(), "s": UNEQUAL["s"]}
    asked: dict[str, Any] = {"kind": "xbar-r", "value": "x", "subgroup": "s"}
    for _ in range(12):  # moving the mean moves the limits a little
        ucls = [
            float(line.first if side else line.second)  # type: ignore[arg-type]
            for line in gs.compare_conventions(data, "minitab", "jmp", **asked).lines
            for side in (True, False)
            if line.quantity == "ucl of xbar, point 1"
        ]
        data["x"][15:20] += float(np.mean(ucls)) - data["x"][15:20].mean()
    found = gs.compare_conventions(data, "minitab", "jmp", **asked)
    signals = next(line for line in found.lines if line.quantity == "signals of xbar")
    assert signals.why == "signals"
    assert {signals.first, signals.second} == {"4", "-"}


def test_it_is_stored_explained_and_shown() -> None:
    found = gs.compare_conventions(GROUPS, "minitab", "aiag", **LIMITS)
    assert restore(found.to_dict()) == found
    assert "AIAG" in found.explain()
    (table,) = found.tables()
    row = next(row for row in table.rows if row[0] == "sigma within")
    assert "pooled standard deviation" in str(row[4])
    assert found.headline("pseudo").startswith("⟦")
    assert "⟦" in found.explain("pseudo")


def test_an_unknown_convention_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="minitab"):
        gs.compare_conventions(GROUPS, "minitap", "qcc", **LIMITS)
    assert convention_named(" QCC ").name == "qcc"
