import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from gemba.stats.results import Column, DataError, Table


@pytest.fixture
def table() -> Table:
    columns = [Column("name", "Name", align="left"), Column("size", "Size | mm", decimals=2)]
    return Table.build("Parts", columns, [["a<b", np.float64(1.234)], ["longer", None]], ["One note"])


def test_text_aligns_numbers_right_and_words_left(table: Table) -> None:
    assert table.to_text().splitlines() == [
        "Parts",
        "Name    Size | mm",
        "──────  ─────────",
        "a<b          1.23",
        "longer          –",
        "One note",
    ]


def test_html_escapes_what_the_data_contain(table: Table) -> None:
    html = table.to_html()
    assert "a&lt;b" in html
    assert "<caption>Parts</caption>" in html
    assert '<th scope="col" class="num">' in html


def test_markdown_escapes_the_pipe(table: Table) -> None:
    assert "Size \\| mm" in table.to_markdown()


@pytest.mark.parametrize(
    ("backend", "kind"),
    [("dict", dict), ("pandas", pd.DataFrame), ("polars", pl.DataFrame), ("pyarrow", pa.Table)],
)
def test_a_frame_is_of_the_kind_that_is_asked_for(table: Table, backend: str, kind: type) -> None:
    assert isinstance(table.to_frame(backend), kind)


def test_an_unknown_backend_is_refused(table: Table) -> None:
    with pytest.raises(DataError, match="Did you mean 'polars'"):
        table.to_frame("polar")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (74.001176, "74.0012"),
        (1234567.0, "1234567"),
        (1e-9, "1.00000e-09"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (5, "5"),
        (True, "True"),
        (999999.96, "1000000"),
    ],
)
def test_numbers_are_shown_with_six_significant_digits(value: Any, shown: str) -> None:
    assert Column("x", "X").show(value) == shown


def test_a_long_table_shows_its_first_rows_and_says_how_many_there_are() -> None:
    long = Table.build("", [Column("i", "i")], [[i] for i in range(2000)])
    assert long.first(3).to_dict() == {"i": [0, 1, 2]}
    assert long.first(3).notes == ("The first 3 of 2,000 rows.",)
    assert long.first(2000) is long
