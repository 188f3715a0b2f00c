"""The locks answer to pyproject.toml, by hash, on every system."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from walls.tree import ROOT, files, text

PINNED = re.compile(
    r"^([a-z0-9._-]+)==(\S+)(?: ; (.+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
LOCKS = ("base", "dev")


def pins(lock: str) -> dict[str, list[str]]:
    """The versions that a lock pins, by name; a name may have one for each Python."""
    found: dict[str, list[str]] = {}
    for name, version, _, _ in PINNED.findall(text(ROOT / "requirements" / f"{lock}.lock")):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def declared(lock: str) -> list[Requirement]:
    """What pyproject.toml asks of a lock."""
    stated = tomllib.loads(text(ROOT / "pyproject.toml"))
    project, groups = stated["project"], stated["dependency-groups"]
    wanted = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        wanted += extra
    for name, group in groups.items():
        if lock == "dev" or name == "build":
            wanted += [entry for entry in group if isinstance(entry, str)]
    requirements = [Requirement(entry) for entry in wanted]
    return [requirement for requirement in requirements if requirement.name != "gemba"]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_declared_library_in_an_allowed_version(lock: str) -> None:
    pinned = pins(lock)
    unmet = [
        str(wanted)
        for wanted in declared(lock)
        if not any(wanted.specifier.contains(v) for v in pinned.get(canonicalize_name(wanted.name), []))
    ]
    assert unmet == [], "run bin/lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_nothing_but_pins_with_hashes(lock: str) -> None:
    assert PINNED.sub("", text(ROOT / "requirements" / f"{lock}.lock")) == ""


def test_the_demo_runs_on_the_versions_that_are_tested() -> None:
    base, dev = pins("base"), pins("dev")
    assert {name: versions for name, versions in base.items() if dev.get(name) != versions} == {}


def test_there_is_no_other_lock() -> None:
    assert [path.stem for path in files(".lock")] == list(LOCKS)
