from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gemba.stats.charts import Contributions, control_chart, known_limits, t2_contributions
from gemba.stats.results import DataError, UnknownName
from twins import several as twin

DATA = np.random.default_rng(3).normal(size=(40, 3)) @ np.array([[1.0, 0.6, 0.2], [0, 1, 0.5], [0, 0, 1]])
LIMITS = control_chart("t2", DATA).limits


def without(matrix: Any, place: int) -> Any:
    return [[v for j, v in enumerate(row) if j != place] for i, row in enumerate(matrix) if i != place]


@pytest.mark.parametrize("point", DATA[:5].tolist())
@pytest.mark.parametrize("size", [1, 4])
def test_a_part_is_what_t2_loses_without_the_variable(point: Any, size: int) -> None:
    found = t2_contributions(LIMITS, point, size=size)
    several: Any = LIMITS.several
    covariance = [[Fraction(v) for v in row] for row in several.covariance]
    away = [Fraction(x) - Fraction(m) for x, m in zip(point, several.mean, strict=True)]
    whole = size * twin.distance(away, covariance)
    assert found.t2 == pytest.approx(float(whole), rel=1e-9)
    for place in range(3):
        rest = size * twin.distance([*away[:place], *away[place + 1 :]], without(covariance, place))
        assert found.together[place] == pytest.approx(float(whole - rest), rel=1e-8, abs=1e-10)
        assert found.alone[place] ** 2 == pytest.approx(
            float(size * away[place] ** 2 / covariance[place][place]), rel=1e-9
        )


def test_the_table_has_the_largest_part_first_and_the_answer_is_stored_whole() -> None:
    limits = known_limits("t2", mean={"a": 0, "b": 0, "c": 0}, covariance=np.eye(3))
    found = t2_contributions(limits, {"c": 1.0, "a": 0.5, "b": -3.0})
    assert [row[0] for row in found.tables()[0].rows] == ["b", "c", "a"]
    assert found.headline() == "T² is 10.25; without b it would be 1.25."
    assert Contributions.from_json(found.to_json()) == found
    assert "Mason, Tracy and Young" in found.explain()


def test_a_point_must_have_the_variables_of_the_limits() -> None:
    with pytest.raises(UnknownName, match="value of a variable named 'x2'"):
        t2_contributions(LIMITS, {"x1": 1.0, "x3": 2.0})
    with pytest.raises(DataError, match="a point has 3 values, none missing"):
        t2_contributions(LIMITS, [1.0, 2.0])
    with pytest.raises(DataError, match=r"Argument limits: a 'i-mr' chart has one variable"):
        t2_contributions(known_limits("i-mr", mean=0.0, sigma=1.0), [1.0])
