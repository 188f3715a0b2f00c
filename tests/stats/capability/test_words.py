"""What a study says of itself, and the frames that it gives."""

from __future__ import annotations

import numpy as np
import polars as pl

from gemba.stats.capability import capability

GROUPS = np.random.default_rng(11).normal(50, 2, (25, 5)).round(2)
LONG = {"group": [i for i in range(25) for _ in range(5)], "value": GROUPS.ravel().tolist()}


def test_explain_names_the_sigma_and_why_other_programs_differ() -> None:
    text = capability(LONG, value="value", subgroup="group", lsl=42, usl=57, within="Rbar").explain()
    named = ("Rbar", "degrees of freedom", "Minitab", "JMP", "AIAG", "qcc", "xbar-r", "Bissell", "Boyles")
    assert [word for word in named if word not in text] == []


def test_the_frame_of_indices_is_the_callers_kind() -> None:
    result = capability(pl.DataFrame(LONG), value="value", subgroup="group", usl=60)
    frame = result.to_frame()
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == ["index", "sigma", "estimate", "lower", "upper", "remark"]
