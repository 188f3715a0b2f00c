"""The laws of every result, shown on a result that exists only here."""

import dataclasses
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import hypothesis.strategies as st
import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from gemba.stats.inference import Observed, effectiveness, effectiveness_plan
from gemba.stats.results import (
    Column,
    DataError,
    Result,
    Table,
    UnknownName,
    frozen_array,
    restore,
    speaking,
    spoken,
)


@dataclasses.dataclass(frozen=True)
class Part:
    name: str
    values: NDArray[np.float64]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Sampler(Result):
    NAME = "test-sampler"
    SCHEMA = 3
    UPGRADES = {  # noqa: RUF012 (a class constant of a test)
        1: lambda old: {"mean": old.pop("average"), **old},
        2: lambda old: {**old, "note": None},
    }

    mean: float
    note: str | None
    limit: float | None = None
    side: Literal["low", "high"] = "low"
    parts: tuple[Part, ...] = ()
    pair: tuple[float, int] = (0.0, 0)
    flags: NDArray[np.bool_] = dataclasses.field(default_factory=lambda: frozen_array([], np.bool_))
    counts: NDArray[np.int64] = dataclasses.field(default_factory=lambda: frozen_array([], np.int64))
    reasons: Mapping[str, float] = dataclasses.field(default_factory=dict)

    def headline(self, language: str | None = None) -> str:
        return f"Mean {self.mean}"

    def tables(self, language: str | None = None) -> tuple[Table, ...]:
        return (Table.build("Main: a/b", [Column("mean", "Mean")], [[self.mean]], ["note"]),)

    def explain(self, language: str | None = None) -> str:
        return "The mean."


numbers = st.floats(allow_nan=True, allow_infinity=True)


@settings(deadline=None, max_examples=60)
@given(
    mean=numbers,
    limit=st.none() | st.floats(allow_nan=False),
    values=st.lists(numbers, max_size=5),
    flags=st.lists(st.booleans(), max_size=5),
    counts=st.lists(st.integers(-(2**40), 2**40), max_size=5),
    reasons=st.dictionaries(st.text(max_size=5), numbers, max_size=3),
)
def test_a_result_survives_json_exactly(
    mean: float,
    limit: float | None,
    values: list[float],
    flags: list[bool],
    counts: list[int],
    reasons: dict[str, float],
) -> None:
    before = Sampler(
        mean=mean,
        note="ä",
        limit=limit,
        parts=(Part("p", frozen_array(values)),),
        pair=(1.5, 2),
        flags=frozen_array(flags, np.bool_),
        counts=frozen_array(counts, np.int64),
        reasons=reasons,
    )
    after = restore(json.loads(before.to_json()))
    assert isinstance(after, Sampler)
    assert after == before
    assert type(after.pair[0]) is float
    assert after.flags.dtype == np.bool_
    assert after.counts.dtype == np.int64
    np.testing.assert_array_equal(after.parts[0].values, before.parts[0].values)
    assert not after.parts[0].values.flags.writeable


def test_a_result_stored_by_an_older_version_is_upgraded_step_by_step() -> None:
    old = {"result": "test-sampler", "schema": 1, "average": 2.0, "engine": "gemba 0.0.1"}
    assert restore(old) == Sampler(mean=2.0, note=None, engine="gemba 0.0.1")


def test_a_result_stored_by_a_newer_version_is_refused_with_the_mend() -> None:
    with pytest.raises(DataError, match="Update Gemba"):
        restore({"result": "test-sampler", "schema": 4})


@pytest.mark.parametrize("stored", [{}, {"result": "test-sampler"}, {"result": 3, "schema": 1}])
def test_what_is_no_stored_result_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="not a stored result"):
        restore(stored)


@pytest.mark.parametrize(
    "fields", [{}, {"mean": 1.0, "note": None, "strange": 2}, {"mean": "x", "note": None}]
)
def test_a_damaged_stored_result_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="damaged"):
        restore({"result": "test-sampler", "schema": 3, **fields})


def test_an_unknown_kind_of_result_is_named() -> None:
    with pytest.raises(UnknownName, match="test-sampler"):
        restore({"result": "test-sample", "schema": 1})


def test_a_class_reads_only_its_own_kind() -> None:
    class Other(Result):
        NAME = "test-other"

    with pytest.raises(DataError, match="not test-other"):
        Other.from_dict(Sampler(mean=1.0, note=None).to_dict())


def test_a_field_cannot_be_set() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Sampler(mean=1.0, note=None).mean = 2.0  # type: ignore[misc]


def test_a_frozen_array_never_changes_with_its_source() -> None:
    source = np.arange(3.0)
    frozen = frozen_array(source)
    view = source[:2]
    view.flags.writeable = False
    kept = frozen_array(view)
    source[:] = 9.0
    assert frozen.tolist() == [0.0, 1.0, 2.0]
    assert kept.tolist() == [0.0, 1.0]
    assert frozen_array(frozen) is frozen


def test_a_workbook_holds_numbers_as_numbers_and_the_method(tmp_path: Path) -> None:
    path = Sampler(mean=1.25, note=None).to_excel(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Main- a-b", "Method"]
    assert book["Main- a-b"]["A2"].value == 1.25
    assert book["Main- a-b"].freeze_panes == "A2"
    assert book["Method"]["A3"].value == "The mean."


def test_text_that_looks_like_a_formula_stays_text_in_a_workbook(tmp_path: Path) -> None:
    class Shouting(Sampler):
        NAME = "test-shouting"

        def headline(self, language: str | None = None) -> str:
            return "=1+1"

    book = openpyxl.load_workbook(Shouting(mean=1.0, note=None).to_excel(tmp_path / "r.xlsx"))
    assert book["Method"]["A1"].data_type == "s"


def test_a_result_without_a_picture_says_what_to_use_instead() -> None:
    with pytest.raises(DataError, match=r"summary\(\)"):
        Sampler(mean=1.0, note=None).plot()


def test_a_notebook_shows_headline_and_table() -> None:
    html = Sampler(mean=1.5, note=None)._repr_html_()
    assert "<strong>Mean 1.5</strong>" in html
    assert "<table" in html


def test_text_shows_headline_and_tables() -> None:
    assert str(Sampler(mean=1.5, note=None)).startswith("Mean 1.5\n\nMain: a/b\n")


def test_a_language_that_is_named_is_spoken_in_all_that_is_said_and_only_there() -> None:
    made = Sampler(mean=1.5, note=None)
    assert "\n 1,5\n" in made.summary("de")
    with speaking("de"):
        assert "\n 1.5\n" in made.summary("en")
        assert made.tables()[0].shown() == [["1,5"]]
    assert spoken() == "en"
    plan = effectiveness_plan("fraction", Observed(n=2000, count=60), target=0.01)
    said = effectiveness(plan, Observed(n=700, count=7)).headline("de")
    assert "p < 0,0005" in said or "p = 0,00" in said


def test_results_of_different_kinds_are_not_equal() -> None:
    assert Sampler(mean=1.0, note=None) != Sampler(mean=2.0, note=None)
    assert Sampler(mean=1.0, note=None) != "Mean"
    assert math.isnan(Sampler(mean=math.nan, note=None).mean)
