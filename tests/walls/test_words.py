"""No word that a person reads in a result escapes the translator.

The pseudo-language puts accents on a, e, i, o, u, n, c and s. The data of these results have names without
those letters, so a plain word that holds one of them was never translated.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from gemba import stats as gs
from walls.tree import files, text

CODES = {
    *(
        "xbar",
        "xbar-r",
        "xbar-s",
        "i-mr",
        "mcusum",
        "spe",
        "regression",
        "residual",
        "value",
    ),  # kinds, panels, and bare numbers, by their names
    *("average", "median", "moving", "range", "pooled", "sqrt", "Rbar"),  # estimators, as they are given
    *("text", "plain", "parts", "line", "grouped", "stacked"),  # how a file is read, as it is given
    *("nelson", "western-electric", "westgard-warning", "platform", "bare"),  # rule sets, as they are given
    *("cusum", "fir", "sums", "both"),  # design values, as they are given
    "Intercept",  # a term of a model, beside the names of columns
}
NOISE = np.random.default_rng(0)
X = NOISE.normal(10.0, 1.0, 60)
FRAME: dict[str, Any] = {
    "V": [None, *X[1:20].tolist(), 30.0, *X[21:].tolist()],
    "W": X,
    "Y": 2 * X + NOISE.normal(0, 1, 60),
    "G": np.repeat(np.arange(12), 5),
    "D": NOISE.binomial(100, 0.05, 60),
    "N": [80, *[100] * 59],
    "K": [None, *["K1", "K2", "K3"] * 19, "K1", "K2"],
    "L": ["K1", "K2", "K3"] * 20,
    "M": [*["M1"] * 6, *["M2"] * 6, *["M1"] * 12, *["M2"] * 36],
    "P": [*["P1"] * 30, *["P2"] * 30],
}
FILE = "P;D (mm)\n1;10,1\n2;xx\n3;-\nLSL;9,2\n4;10,25\n4;10,4\n"


def limits() -> gs.Limits:
    return gs.known_limits("i-mr", mean=10.0, sigma=1.0)


def straight() -> Any:
    return gs.regression(FRAME, response="Y", predictors=["W", "V"])


RESULTS: dict[str, Callable[[], gs.Result]] = {
    "xbar-r": lambda: gs.control_chart(
        "xbar-r", FRAME, value="V", subgroup="G", rules="nelson", exclude={3: "X"}
    ),
    "xbar-s": lambda: gs.control_chart(
        "xbar-s", FRAME, value="V", subgroup="G", stages="P", sigma_method="pooled"
    ),
    "ragged": lambda: gs.control_chart("xbar-r", [[1.0, 2.0], [3.0], [2.0, 2.5], [], [2.0, 4.0]]),
    "wide": lambda: gs.control_chart("xbar-r", NOISE.normal(0, 1, (5, 10))),
    "i-mr": lambda: gs.control_chart("i-mr", FRAME, value="V", label="N", sigma_method="median moving range"),
    "long": lambda: gs.control_chart("i-mr", NOISE.normal(0, 1, 3000), rules="western-electric"),
    "constant": lambda: gs.control_chart("i-mr", [5.0] * 12),
    "p": lambda: gs.control_chart("p", FRAME, value="D", n="N", rules="nelson"),
    "np": lambda: gs.control_chart("np", FRAME, value="D", n=100),
    "c": lambda: gs.control_chart("c", [0.0] * 12),
    "u": lambda: gs.control_chart("u", FRAME, value="D", n="N"),
    "correction": lambda: gs.limit_correction("xbar-r", points=20, n=5),
    "operating characteristic": lambda: gs.operating_characteristic("p", n=50, mean=0.1),
    "comparison": lambda: gs.compare_rules(gs.control_chart("i-mr", X), ["platform", "nelson"]),
    "corrected": lambda: gs.control_chart("i-mr", X, corrected="average"),
    "v-mask": lambda: gs.v_mask(X, k=0.1, h=1.0),
    "control runs": lambda: gs.westgard(FRAME, value=["V", "W"], mean=[10, 10], sigma=[0.5, 0.5]),
    "exact p": lambda: gs.control_chart("p", FRAME, value="D", n="N", limits="exact"),
    "median": lambda: gs.control_chart("median", FRAME, value="V", subgroup="G"),
    "control material": lambda: gs.control_chart("levey-jennings", X, rules="westgard-warning"),
    "mcusum": lambda: gs.control_chart("mcusum", NOISE.normal(0, 1, (30, 3)), rules="nelson"),
    "pca": lambda: gs.control_chart("pca", NOISE.normal(0, 1, (30, 3)), components=2),
    "components": lambda: gs.pca_contributions(
        gs.control_chart("pca", NOISE.normal(0, 1, (30, 3)), components=2).limits, [1.0, 2.0, 3.0]
    ),
    "regression chart": lambda: gs.control_chart("regression", NOISE.normal(0, 1, (30, 2)), rules="nelson"),
    "residual": lambda: gs.control_chart("residual", X),
    "residual of an average": lambda: gs.control_chart("residual", X, model="ima"),
    "phase 2": lambda: gs.judge(limits(), FRAME, value="V", rules="nelson"),
    "limits": limits,
    "capable": lambda: gs.capability(NOISE.normal(10, 1, 100), lsl=2, usl=20, target=10, z_shift=1.5),
    "not stable": lambda: gs.capability(FRAME, value="V", subgroup="G", lsl=5, usl=15, within="Rbar"),
    "chance": lambda: gs.capability(np.random.default_rng(4).normal(10, 0.1, 5000), lsl=9, usl=11),
    "one-sided": lambda: gs.capability([1.0, 2.0, 3.0, 2.0], lsl=0, usl=5, lower_natural=True),
    "not judged": lambda: gs.capability([[1.0, 2.0, 4.0]], lsl=0, usl=5),
    "no spread": lambda: gs.capability([[1.0, 1.0], [2.0, 2.0], [1.0, 1.0]], lsl=0, usl=5),
    "pareto": lambda: gs.pareto(FRAME, category="K", weight="D"),
    "others": lambda: gs.pareto({"K": [f"K{i}" for i in range(20)]}, category="K"),
    "one category": lambda: gs.pareto({"K": ["K1", "K1"]}, category="K"),
    "histogram": lambda: gs.histogram(FRAME, value="V", lsl=8, usl=12, target=10),
    "one value": lambda: gs.histogram([1.0, 1.0]),
    "run chart": lambda: gs.run_chart(np.arange(50.0)),
    "long run": lambda: gs.run_chart(NOISE.normal(0, 1, 5000)),
    "box plot": lambda: gs.box_plot(FRAME, value="V", by="K"),
    "boxes": lambda: gs.box_plot({"V": X, "G": np.arange(60)}, value="V", by="G"),
    "describe": lambda: gs.describe(FRAME, "V"),
    "describe one": lambda: gs.describe([1.0]),
    "normality": lambda: gs.anderson_darling(FRAME, "V"),
    "shapiro": lambda: gs.shapiro_wilk(FRAME, "V"),
    "tolerance": lambda: gs.tolerance_interval(NOISE.exponential(1.0, 40)),
    "tolerance of few": lambda: gs.tolerance_interval(FRAME, "V", side="lower", method="nonparametric"),
    "distributions": lambda: gs.identify_distribution(NOISE.exponential(1.0, 40)),
    "distributions of all signs": lambda: gs.identify_distribution(NOISE.normal(0.0, 1.0, 40)),
    "by distribution": lambda: gs.capability_by_distribution(FRAME, "W", lsl=2, usl=20),
    "by transform": lambda: gs.capability_by_distribution(FRAME, "W", usl=20, distribution="box-cox"),
    "by none": lambda: gs.capability_by_distribution(FRAME, "W", usl=20, distribution="nonparametric"),
    "moving": lambda: gs.capability_by_distribution(np.append(X, X + 40), usl=99, distribution="yeo-johnson"),
    "defective": lambda: gs.count_capability(FRAME, value="D", n="N", target=0.01),
    "defects": lambda: gs.count_capability(FRAME, value="D", n="N", model="poisson", target=0.5),
    "advice": lambda: gs.recommend(FRAME, value="V", subgroup="G"),
    "advice on one": lambda: gs.recommend(np.exp(X), value=None),
    "advice on counts": lambda: gs.recommend(FRAME, value="D", n="N", counts="defects"),
    "few": lambda: gs.anderson_darling([1.0, 2.0, 4.0]),
    "one-way": lambda: gs.anova_oneway(FRAME, value="V", factor="L"),
    "two-way": lambda: gs.anova_twoway(FRAME, value="Y", factors=("L", "M")),
    "regression": straight,
    "curve": lambda: gs.regression(FRAME, response="Y", predictors="W", degree=2, intercept=False),
    "prediction": lambda: straight().predict({"W": [10.0, 11.0], "V": [9.0, 10.0]}),
    "run length": lambda: gs.run_length(rules="1,3", shift=[0, 1]),
    "run length of cusum": lambda: gs.run_length("cusum", shift=[0, 1]),
    "budget": lambda: gs.false_alarm_budget(400, 168, attention=200, real=3),
    "budget of none": lambda: gs.false_alarm_budget(400, 168, attention=0.1),
    "screening": lambda: gs.screen(
        {"V": X, "W": np.full(60, 7.0), "Y": X + 0.1 * np.arange(60), "G": FRAME["G"], "K": FRAME["K"]},
        specs={"V": (9, 11), "Y": (0, 99), "D": (1, 2)},
    ),
    "screening of subgroups": lambda: gs.screen({"V": X, "W": X}, size=5),
    "constants": gs.control_chart_constants,
    "proposal": lambda: gs.propose(FILE),
    "reading": lambda: gs.read(FILE),
}


def test_a_plain_word_is_found_and_a_translated_one_is_not() -> None:
    assert escaped("⟦Stàblé: {x}⟧ but loose") == ["but", "loose"]


def escaped(words: str) -> list[str]:
    """Words of three letters and more that hold a letter which the pseudo-language changes."""
    plain = re.findall(r"[A-Za-z][A-Za-z'-]*[A-Za-z]", re.sub(r"[0-9a-f]{64}", "", words))
    return [w for w in plain if len(w) > 2 and re.search("[aeiouncs]", w) and w not in CODES]


def told(result: gs.Result) -> Iterator[tuple[str, str]]:
    """Every text of a result with where it stands."""
    language = "pseudo"
    yield "headline", result.headline(language)
    yield "explain", result.explain(language)
    yield "summary", result.summary(language)
    for table in result.tables(language):
        yield "title", table.title
        yield from (("label", column.label) for column in table.columns)
        yield from (("note", note) for note in table.notes)
        yield from (("cell", cell) for row in table.rows[:50] for cell in row if isinstance(cell, str))
    try:
        figure = result.plot(language=language)
    except gs.DataError:  # this kind has no picture
        return
    yield "alt", figure.alt
    yield from (("figure", words) for words in drawn(figure.spec))


def drawn(node: Any, key: str = "") -> Iterator[str]:
    """The texts that a figure shows: titles, labels, and the words of its data."""
    if isinstance(node, dict):
        for name, item in node.items():
            yield from drawn(item, name)
    elif isinstance(node, list):
        for item in node:
            yield from drawn(item, key)
    elif isinstance(node, str) and key in ("text", "title", "subtitle", "words", "rules"):
        yield node


@pytest.mark.parametrize("name", RESULTS)
def test_every_word_of_a_result_goes_through_the_translator(name: str) -> None:
    found = {(where, word) for where, words in told(RESULTS[name]()) for word in escaped(words)}
    assert found == set()


@cache
def calls() -> tuple[tuple[str, ast.Call], ...]:
    return tuple(
        (f"{path.as_posix()}:{node.lineno}", node)
        for path in files(".py", under="src/gemba/stats")
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.Call)
    )


def test_every_error_is_marked_for_the_catalogue() -> None:
    unmarked = []
    for place, call in calls():
        if not (isinstance(call.func, ast.Name) and call.func.id in ("DataError", "UnknownName")):
            continue
        said = [keyword.value for keyword in call.keywords if keyword.arg in ("mend", "what")]
        said += call.args[:1] if call.func.id == "DataError" else []
        unmarked += [place for node in said if isinstance(node, ast.Constant | ast.JoinedStr)]
    assert unmarked == []


def test_values_are_filled_in_after_translation() -> None:
    marked = [(p, c) for p, c in calls() if isinstance(c.func, ast.Name) and c.func.id in ("N_", "NN_")]
    assert len(marked) > 300
    assert [place for place, call in marked if not all(isinstance(a, ast.Constant) for a in call.args)] == []
