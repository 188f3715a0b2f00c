"""Each kind of chart before each bad input: refused in one sentence that says where, what, and the mend."""

from __future__ import annotations

from typing import Any

import pytest

from gemba.stats.charts import KINDS, control_chart
from gemba.stats.charts.kind import Kind
from gemba.stats.results import DataError
from stats.charts.bad_input import bad_inputs, good


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_bad_input_is_refused_with_place_and_mend(kind: Kind[Any]) -> None:
    given = good(kind)
    control_chart(kind.name, given.frame, **given.asked)
    tried = bad_inputs(kind)
    for name, (frame, asked), words in tried:
        with pytest.raises(DataError) as caught:
            control_chart(kind.name, frame, **asked)
        said = str(caught.value)
        assert words in said, (name, said)
        assert "\n" not in said
        assert caught.value.mend, (name, said)
        assert any(part in said for part in ("olumn", "rgument", "row", "there ", "needs", "need")), (
            name,
            said,
        )
    assert len(tried) >= 4
