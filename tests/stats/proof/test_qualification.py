"""What a qualification reports."""

from __future__ import annotations

import hashlib
import json
import shutil
from base64 import urlsafe_b64encode
from importlib import metadata
from pathlib import Path

import pytest

import gemba
from gemba import stats
from gemba.stats.proof import Case, Qualification, carried_cases, qualify
from gemba.stats.proof.installation import check_files, program_digest
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
    carried = {name: kind for name, kind in kinds.items() if kind in ("case", "twin")}
    assert carried == {case.id: "twin" if case.id.startswith("own-") else "case" for case in carried_cases()}
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
    overview, kinds, installed = found.tables()
    assert len(overview.rows) == found.cases
    assert sum(int(row[1] or 0) for row in kinds.rows) == found.cases
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


def packed(folder: Path) -> list[metadata.PackagePath]:
    """Two files of an installed package and what its record says of them."""
    (folder / "gemba" / "stats").mkdir(parents=True)
    files = []
    for name, content in (("gemba/a.py", b"A = 1\n"), ("gemba/stats/table.csv", b"n,d2\n2,1.128\n")):
        (folder / name).write_bytes(content)
        digest = urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        file = metadata.PackagePath(name)
        file.hash, file.dist = metadata.FileHash(f"sha256={digest}"), metadata.PathDistribution(folder / "x")
        files.append(file)
    return files


def test_every_installed_file_is_held_against_its_package(tmp_path: Path) -> None:
    (check,) = check_files(packed(tmp_path))
    assert check.passed
    assert [(q.expected, q.got) for q in check.quantities] == [(2.0, 2.0)]


def test_a_tampered_constant_and_a_lost_file_are_named(tmp_path: Path) -> None:
    files = packed(tmp_path)
    (tmp_path / "gemba/stats/table.csv").write_bytes(b"n,d2\n2,1.182\n")
    (tmp_path / "gemba/a.py").unlink()
    (check,) = check_files(files)
    assert not check.passed
    assert [q.name for q in check.quantities if not q.passed] == ["files as packed", *map(str, files)]


def test_a_program_that_runs_from_its_sources_has_no_package_to_be_held_against() -> None:
    link = metadata.PackagePath("_gemba.pth")
    link.hash = metadata.FileHash("sha256=0")
    assert check_files([link]) == ()


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
