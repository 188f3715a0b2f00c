"""What a qualification reports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import gemba
from gemba import stats
from gemba.stats.proof import Case, Qualification, carried_cases, qualify
from gemba.stats.proof.installation import program_digest
from gemba.stats.results import restore


@pytest.fixture(scope="module")
def found() -> Qualification:
    return qualify()


def test_this_installation_is_qualified(found: Qualification) -> None:
    wrong = [(check.id, check.problem, check.worst) for check in found.checks if not check.passed]
    assert wrong == []
    assert (found.passed, found.failed) == (found.cases, 0)


def test_every_carried_case_every_constant_and_every_law_is_checked(found: Qualification) -> None:
    kinds = {check.id: check.kind for check in found.checks}
    assert {case.id for case in carried_cases()} == {name for name, kind in kinds.items() if kind == "case"}
    assert sum(kind == "constant" for kind in kinds.values()) >= 10
    assert sum(kind == "invariance" for kind in kinds.values()) >= 5


def test_each_item_states_source_expected_and_got(found: Qualification) -> None:
    for check in found.checks:
        assert check.source
        assert check.quantities
        assert all(quantity.got is not None or quantity.expected is None for quantity in check.quantities)


def test_it_says_what_is_installed(found: Qualification) -> None:
    assert found.version == gemba.__version__
    assert len(found.digest) == 64
    assert {"numpy", "scipy"} <= set(found.libraries)
    assert found.platform.startswith("Python 3.")


def test_it_survives_storage(found: Qualification) -> None:
    stored = json.loads(found.to_json())
    assert stored["cases"] == stored["passed"]
    assert stored["worst_relative_error"] < 0.01
    assert restore(stored) == found


def test_it_speaks_in_tables_and_words(found: Qualification) -> None:
    assert "all" in found.headline()
    assert found.headline("pseudo").startswith("⟦")
    overview, installed = found.tables()
    assert len(overview.rows) == found.cases
    assert any("sha256" in str(row) for row in installed.rows)
    assert len(found.details()) == found.cases


def test_a_wrong_case_is_reported_with_expected_and_got() -> None:
    right = next(case for case in carried_cases() if case.id == "ref-chart-c-nist-wafers")
    wrong = Case(**{**right.__dict__, "expected": {**right.expected, "center": 99.0}})
    found = qualify([wrong])
    assert found.failed == 1
    failures = found.tables()[1]
    assert failures.rows[0][:3] == ("ref-chart-c-nist-wafers", "center", 99.0)
    assert found.headline() == f"Not qualified: 1 of {found.cases} checks failed."


def test_progress_names_what_is_being_checked() -> None:
    seen: list[str] = []
    qualify(carried_cases()[:2], progress=seen.append)
    assert seen[:2] == [case.id for case in carried_cases()[:2]]


def test_the_digest_changes_with_any_byte_of_the_program(tmp_path: Path) -> None:
    package = Path(stats.__file__).parents[1]
    copy = tmp_path / "gemba"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = program_digest(copy)
    assert before == program_digest()
    with (copy / "stats" / "constants" / "published.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert program_digest(copy) != before
