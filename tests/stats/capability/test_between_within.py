"""Where batches differ by nature, what varies between them counts in Cp too."""

from __future__ import annotations

import numpy as np
import pytest

from gemba.stats.capability import capability
from gemba.stats.charts import control_chart
from gemba.stats.results import DataError


def test_between_and_within_count_together() -> None:
    chance = np.random.default_rng(9)
    lots = chance.normal(10, 0.1, (25, 12)) + chance.normal(0, 0.2, (25, 1))
    study = capability(lots, lsl=9, usl=11, within="between/within")
    chart = control_chart("i-mr-s", lots, sigma_method="pooled")
    assert study.sigma_within == pytest.approx(chart.limits.further["sigma_total"])
    assert study.chart is not None
    assert study.chart.kind == "i-mr-s"
    assert 20 < study.within.df < 60  # between the means' own and all values
    assert "between them by moving ranges" in study.explain()
    calm = np.random.default_rng(2).permuted(np.tile(np.arange(5.0), (20, 1)), axis=1)  # equal means
    pooled = capability(calm, lsl=-9, usl=19)
    both = capability(calm, lsl=-9, usl=19, within="between/within")
    assert (both.sigma_within, both.within.df) == (pooled.sigma_within, pooled.within.df)
    with pytest.raises(DataError, match="needs subgroups"):
        capability(lots.ravel(), lsl=9, usl=11, within="between/within")
