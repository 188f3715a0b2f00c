"""The example data are what their README says, and the made-up files are what their recipe writes."""

from __future__ import annotations

import csv
import importlib.util
import re
from pathlib import Path

import pytest

from gemba.stats.distributions import mean, standard_deviation

EXAMPLES = Path(__file__).parents[2] / "examples"


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_named_with_its_source() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in EXAMPLES.rglob("*") if path.suffix in (".csv", ".xlsx")}
    assert [name for name in sorted(files) if name not in readme] == []


def test_each_file_has_as_many_rows_as_stated() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    stated = re.findall(r"^\| `data/(\w+\.csv)` .*\| (\d+) \|$", readme, re.MULTILINE)
    assert len(stated) == 6
    assert {name: len(rows(name)) for name, _ in stated} == {name: int(count) for name, count in stated}


def test_the_film_thicknesses_are_those_of_the_handbook() -> None:
    values = [float(row["thickness"]) for row in rows("furnace.csv")]
    assert mean(values) == pytest.approx(563.0357, abs=5e-5)
    assert standard_deviation(values) == pytest.approx(25.38468, abs=5e-6)


def test_the_made_up_files_are_what_their_recipe_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("recipe", EXAMPLES / "make_factory_files.py")
    assert spec is not None
    assert spec.loader is not None
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(recipe, "HERE", tmp_path)
    recipe.main()
    made = ("defects", "resin", "small_lots", "resin_specs", "assembly_line", "control_runs")
    for name in ("shaft_line.xlsx", *(f"data/{table}.csv" for table in made)):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes(), name
