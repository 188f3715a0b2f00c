"""Each study that is no chart before each bad input: one sentence that says where, what, and the mend."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from gemba import stats as gs
from gemba.stats.results import DataError

VALUES = 3 * [5.1, 4.7, 5.4, 4.9, 5.2, 4.6, 5.3, 4.8, 5.0, 5.5, 4.4, 5.6]
GROUPS = [row // 3 for row in range(36)]
COUNTS = [3, 5, 2, 4, 6, 3, 4, 2, 5, 4, 3, 6]
SIZES = [50.0] * 12
LIMITS = {"lsl": 3.0, "usl": 7.0}

Study = Callable[..., Any]


def grouped(study: Study) -> Study:
    return lambda values, **asked: study(
        {"y": values, "g": GROUPS[: len(values)]}, value="y", subgroup="g", **(LIMITS | asked)
    )


def limited(study: Study, **more: Any) -> Study:
    return lambda values, **asked: study({"y": values}, value="y", **(LIMITS | more | asked))


def alone(study: Study) -> Study:
    return lambda values: study({"y": values}, value="y")


CAPABILITIES: dict[str, Study] = {
    "capability of subgroups": grouped(gs.capability),
    "capability": limited(gs.capability),
    "by distribution": limited(gs.capability_by_distribution, distribution="weibull"),
    "over time": grouped(gs.capability_over_time),
    "together": lambda values, **asked: gs.capability_together({"y": values}, {"y": LIMITS | asked}),
}
FITS: dict[str, Study] = {
    "identify": alone(gs.identify_distribution),
    "anderson-darling": alone(gs.anderson_darling),
    "shapiro-wilk": alone(gs.shapiro_wilk),
}
OTHERS: dict[str, Study] = {
    "tolerance interval": alone(gs.tolerance_interval),
    "describe": alone(gs.describe),
    "histogram": alone(gs.histogram),
    "run chart": alone(gs.run_chart),
    "box plot": alone(gs.box_plot),
    "recommend": alone(gs.recommend),
    "quantile": lambda values: gs.quantile(values, 0.5),
}


def with_cell(values: list[Any], row: int, value: Any) -> list[Any]:
    cells = [*values]
    cells[row - 1] = value
    return cells


def of_values() -> Iterator[tuple[str, str, Callable[[], Any], str]]:
    """Faults in the values: study, fault, call, and what is said."""
    for name, study in {**CAPABILITIES, **FITS, **OTHERS}.items():
        for fault, values, words in (
            ("nothing", [], "there are no values"),
            ("all missing", [None] * 36, "there are no values"),
            ("infinite", with_cell(VALUES, 4, math.inf), "row 4: inf is infinite"),
            ("no number", with_cell(VALUES, 4, "5,1"), "row 4: '5,1' is not a number"),
        ):
            yield name, fault, partial(study, values), words
    for name, study in {**CAPABILITIES, **FITS}.items():
        yield name, "one value", partial(study, [5.0]), ""
        yield name, "no spread", partial(study, [5.0] * 36), "values are"


def of_limits() -> Iterator[tuple[str, str, Callable[[], Any], str]]:
    """Faults in the specification."""
    for name, study in CAPABILITIES.items():
        for fault, asked, words in (
            (
                "crossed",
                {"lsl": 7.0, "usl": 3.0},
                "Argument lsl: the lower limit 7 is not below the upper limit 3",
            ),
            ("infinite", {"lsl": -math.inf}, "Argument lsl: -inf is no limit"),
            ("none", {"lsl": None, "usl": None}, "Argument lsl, usl: no specification limit is given"),
            ("no number", {"lsl": "abc"}, "Argument lsl: 'abc' is not a number"),
        ):
            yield name, fault, partial(study, VALUES, **asked), words
    by_law = CAPABILITIES["by distribution"]
    for law in ("weibull", "lognormal", "gamma", "exponential", "loglogistic", "folded-normal", "box-cox"):
        yield law, "limit below", partial(by_law, VALUES, distribution=law, lsl=-1.0), "Argument lsl"
        yield law, "limit at zero", partial(by_law, VALUES, distribution=law, lsl=None, usl=0.0), "usl"
    shares = [value / 10 for value in VALUES]
    yield "beta", "limit above", partial(by_law, shares, distribution="beta", lsl=0.1, usl=1.5), "limit 1.5"


def of_fits() -> Iterator[tuple[str, str, Callable[[], Any], str]]:
    """Values that a distribution cannot have, and fits that do not converge."""
    by_law = CAPABILITIES["by distribution"]
    for law in ("weibull", "lognormal", "gamma", "exponential", "loglogistic", "folded-normal", "box-cox"):
        values = [-1.0, *VALUES]
        yield law, "below", partial(by_law, values, distribution=law), "-1"
    yield (
        "beta",
        "above",
        lambda: by_law(VALUES, distribution="beta", lsl=None, usl=1.0),
        "between zero and one",
    )
    for law in ("normal-mixture", "weibull-3"):
        values = [0.0, *VALUES]
        yield law, "no fit", partial(by_law, values, distribution=law), "does not converge"


def of_counts() -> Iterator[tuple[str, str, Callable[[], Any], str]]:
    """Faults in counts and their sizes."""
    counted: Study = gs.count_capability
    for fault, counts, sizes, words in (
        ("above size", with_cell(COUNTS, 4, 51), SIZES, "row 4: 51 defective items of 50"),
        ("negative", with_cell(COUNTS, 4, -1), SIZES, "row 4: the count -1 is negative"),
        ("broken", with_cell(COUNTS, 4, 2.5), SIZES, "row 4: the count 2.5 is not a whole number"),
        ("nothing inspected", with_cell(COUNTS, 4, 0), with_cell(SIZES, 4, 0), "row 4: the size 0"),
        ("negative size", COUNTS, with_cell(SIZES, 4, -5), "row 4: the size -5"),
        ("infinite", with_cell(COUNTS, 4, math.inf), SIZES, "row 4: inf is infinite"),
        ("infinite size", COUNTS, with_cell(SIZES, 4, math.inf), "row 4: inf is infinite"),
        ("all missing", [None] * 12, SIZES, "there are no counts"),
        ("nothing", [], [], "there are no counts"),
    ):
        frame = {"d": counts, "n": sizes}
        for model in ("binomial", "poisson"):
            if (model, fault) != ("poisson", "above size"):
                asked = {"value": "d", "n": "n", "model": model}
                yield model, fault, partial(counted, frame, **asked), words
        yield "throughput", fault, partial(gs.throughput_yield, frame, units="n", defective="d"), words


TABLE = [*of_values(), *of_limits(), *of_fits(), *of_counts()]


@pytest.mark.parametrize("study", [*CAPABILITIES])
def test_the_good_data_are_good(study: str) -> None:
    assert CAPABILITIES[study](VALUES).summary()


@pytest.mark.parametrize("study", sorted({row[0] for row in TABLE}))
def test_each_bad_input_is_refused_with_place_and_mend(study: str) -> None:
    tried = [row for row in TABLE if row[0] == study]
    for _, fault, call, words in tried:
        with pytest.raises(DataError) as caught:
            call()
        said = str(caught.value)
        assert words in said, (fault, said)
        assert "\n" not in said
        assert caught.value.mend, (fault, said)
        assert any(part in said for part in ("Column", "Argument")), (fault, said)
    assert tried


def test_a_limit_on_the_bound_of_a_distribution_and_a_natural_one_are_no_fault() -> None:
    by_law = CAPABILITIES["by distribution"]
    assert by_law(VALUES, lsl=0.0).ppk > 0
    assert by_law(VALUES, lsl=-1.0, lower_natural=True).ppl is None
