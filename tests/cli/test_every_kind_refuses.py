"""The table of bad input in the shell: the sentence of the library, exit code 2 or 4, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest

from gemba.stats.charts import KINDS, control_chart
from gemba.stats.charts.kind import Kind
from gemba.stats.results import DataError
from stats.charts.bad_input import Given, bad_inputs

OPTIONS = ("value", "subgroup", "n", "part", "nominal", "size")


def table(given: Given) -> str:
    """The data as a file."""
    rows = zip(*given.frame.values(), strict=True)
    cells = (",".join("" if cell is None else str(cell).replace(",", ";") for cell in row) for row in rows)
    return "\n".join([",".join(given.frame), *cells, ""])


def options(given: Given) -> list[str]:
    """What is asked, as a person types it."""
    found: list[str] = []
    for name in OPTIONS:
        asked = given.asked.get(name)
        for one in asked if isinstance(asked, list) else [] if asked is None else [asked]:
            found += [f"--{name}", f"{one:g}" if isinstance(one, float) else str(one)]
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_bad_input_is_one_sentence_with_its_place(kind: Kind[Any], shell: Any, write: Any) -> None:
    for name, given, words in bad_inputs(kind):
        path = write(f"{name}.csv", table(given))
        answer = shell("chart", path, "--kind", kind.name, *options(given))
        assert answer.code in (2, 4), (name, answer)
        assert answer.err.startswith("gemba: "), (name, answer.err)
        assert "Traceback" not in answer.err
        assert "fault of the program" not in answer.err
        if name in ("infinite", "no_number"):  # the reader refuses the cell, and names its line
            assert "line 5" in answer.err, (name, answer.err)
            continue
        with pytest.raises(DataError) as caught:
            control_chart(kind.name, given.frame, **given.asked)
        told = words.partition(": ")[2] or words
        assert told in answer.err, (name, answer.err)
        assert caught.value.row is None or f"row {caught.value.row}" in answer.err, (name, answer.err)
