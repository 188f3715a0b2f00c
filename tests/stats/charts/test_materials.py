"""Several control materials in the same runs."""

from typing import Any

import pytest

from gemba import stats as gs
from gemba.stats.results import DataError, UnknownName, restore

LEVELS: dict[str, list[float | None]] = {
    "low": [0.1, 2.1, 2.3, 0.0, 1.2, 1.3, 0.2, 3.4, None],
    "high": [0.2, -2.2, 0.1, 0.3, 1.1, 1.4, -0.2, 0.1, 0.0],
}
KNOWN: dict[str, Any] = {"value": ["low", "high"], "mean": [0, 0], "sigma": [1, 1]}


def test_rules_look_at_each_material_and_across_them() -> None:
    runs = gs.westgard(LEVELS, **KNOWN)
    both = ("low", "high")
    assert [(f.run, f.rule, f.materials) for f in runs.findings] == [
        (2, "1-2s", ("low",)),
        (2, "1-2s", ("high",)),
        (2, "R-4s", both),
        (3, "1-2s", ("low",)),
        (3, "2-2s", ("low",)),
        (6, "4-1s", both),
        (8, "1-2s", ("low",)),
        (8, "1-3s", ("low",)),
    ]
    assert {2, 3, 6, 8} <= set(runs.rejected)
    assert restore(runs.to_dict()) == runs
    assert runs.headline().startswith(f"{len(runs.rejected)} of 9 runs are rejected, first run 2")
    calm = gs.westgard({"a": [0.1, 2.5], "b": [0.2, 0.0]}, value=["a", "b"], mean=[0, 0], sigma=[1, 1])
    assert (calm.rejected, calm.warned) == ((), (2,))
    assert calm.headline() == "None of 2 runs is rejected; 1 have a warning."


def test_a_shift_of_both_is_seen_in_five_runs_instead_of_ten() -> None:
    level = {"a": [0.5] * 6, "b": [0.4] * 6}
    runs = gs.westgard(level, value=["a", "b"], mean={"a": 0, "b": 0}, sigma={"a": 1, "b": 1})
    assert {found.rule for found in runs.findings} == {"10x"}
    assert runs.rejected == (5, 6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"value": ["low"]}, "several control materials are needed"),
        ({"mean": [1.0]}, "1 numbers are given for 2 control materials"),
        ({"sigma": {"low": 1.0}}, "named 'high'"),
        ({"sigma": [1.0, 0.0]}, "0 is no standard deviation"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, words: str) -> None:
    with pytest.raises((DataError, UnknownName), match=words):
        gs.westgard(LEVELS, **(KNOWN | options))
