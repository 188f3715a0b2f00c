"""``gemba pareto``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def test_categories_are_ranked_by_number(shell: Any, data: Path) -> None:
    answer = shell("pareto", data / "defects.csv", "--category", "defect", "--json")
    assert answer.code == 0
    assert answer.json["total"] == 180
    assert answer.out.index("Scratch") < answer.out.index("Porosity")


def test_money_can_rank_them_otherwise(shell: Any, data: Path) -> None:
    answer = shell("pareto", data / "defects.csv", "--category", "defect", "--weight", "cost")
    assert answer.out.startswith("'Porosity' is the largest")


def test_the_category_is_needed(shell: Any, data: Path) -> None:
    answer = shell("pareto", data / "defects.csv")
    assert answer.code == 2
    assert "--category" in answer.err


def test_the_picture_is_written(shell: Any, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "pareto.svg"
    assert shell("pareto", data / "defects.csv", "--category", "defect", "--out", out).code == 0
    assert "Scratch" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["defct", "DEFECTS"])
def test_an_unknown_column_names_the_nearest(shell: Any, data: Path, name: str) -> None:
    answer = shell("pareto", data / "defects.csv", "--category", name)
    assert answer.code == 2
    assert "Did you mean 'defect'" in answer.err
