"""What lies in the repository: ours, without an address, each paper in its form."""

from __future__ import annotations

import re
import subprocess

import pytest

from walls.tree import ROOT, files, text

# Written so that no pattern finds itself.
ADDRESSES = re.compile(
    r"/[r]oot/|/[h]ome/\w+|/[U]sers/\w+|C:\\[U]sers|(?<![\w.])/[w]ork/|(?<![\w.])/[o]pt/"
    r"|[p]ypi\.org|[p]ythonhosted|[n]pmjs|--[i]ndex-url|--[f]ind-links",
)
WRITTEN = (
    ".py",
    ".md",
    ".toml",
    ".yml",
    ".json",
    ".csv",
    ".lock",
    ".cmd",
    ".sh",
    ".ipynb",
    ".svg",
    ".html",
    "",
)
FONTS_AND_MAPS = (".woff", ".woff2", ".ttf", ".otf", ".eot", ".map", ".min.js", ".min.css")
BANNER = re.compile(r"@[l]icense|\bCopyright \([c]\)|sourceMapping[U]RL", re.IGNORECASE)
LONGEST_LINE_OF_OURS = 500
FRAGMENT = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md")
DECISION = re.compile(r"20\d\d-[01]\d-[0-3]\d-[a-z0-9-]+\.md")


def addresses(written: str) -> list[str]:
    return sorted(set(ADDRESSES.findall(written)))


def is_foreign(name: str, written: str) -> bool:
    """Whether a script or style sheet was made by others or by a machine."""
    long_line = any(len(line) > LONGEST_LINE_OF_OURS for line in written.splitlines())
    return name.endswith(FONTS_AND_MAPS) or bool(BANNER.search(written)) or long_line


def test_no_file_knows_a_machine_or_a_registry() -> None:
    found = {str(path): addresses(text(path)) for path in files(*WRITTEN)}
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_no_script_style_sheet_or_font_of_others_is_carried() -> None:
    fonts = [path for path in files() if path.name.endswith(FONTS_AND_MAPS)]
    scripts = [path for path in files(".js", ".mjs", ".css") if is_foreign(path.name, text(path))]
    assert fonts + scripts == []


def test_every_change_is_told_in_a_fragment_of_one_kind() -> None:
    fragments = [path for path in files(under="changelog.d/") if path.name != "README.md"]
    assert [str(path) for path in fragments if not FRAGMENT.fullmatch(path.name)] == []
    untold = [str(p) for p in fragments if not re.fullmatch(r"[A-Z`][^#]{20,600}\.\n", text(p))]
    assert untold == []
    assert fragments


def test_every_decision_is_dated_and_says_what_why_and_when_to_think_again() -> None:
    decisions = [path for path in files(".md", under="docs/decisions/") if path.name != "index.md"]
    assert [str(path) for path in decisions if not DECISION.fullmatch(path.name)] == []
    parts = ("# ", "## Decision", "## Why", "## Think again when")
    incomplete = {str(p): [part for part in parts if f"\n{part}" not in f"\n{text(p)}"] for p in decisions}
    assert {path: missing for path, missing in incomplete.items() if missing} == {}
    assert decisions


def test_no_file_is_a_link() -> None:
    """A link leads somewhere else on another machine; to the environment it would take its place."""
    listed = subprocess.check_output(["git", "ls-files", "-s"], cwd=ROOT, text=True)  # noqa: S607
    assert [line for line in listed.splitlines() if line.startswith("120000")] == []


def test_every_front_door_is_executable_and_plain_shell() -> None:
    doors = [path for path in files("", under="bin/") if path.suffix == ""]
    assert {"demo", "test", "faults", "api", "lint", "bench", "docs", "proof"} <= {
        path.name for path in doors
    }
    assert [str(p) for p in doors if not text(p).startswith("#!/bin/sh\n") or "\r" in text(p)] == []
    assert "bin/house" in {path.as_posix() for path in doors if (ROOT / path).is_file()}


@pytest.mark.parametrize("planted", ["/ro" + "ot/x", "https://py" + "pi.org/simple", "--index" + "-url x"])
def test_a_planted_address_is_seen(planted: str) -> None:
    assert addresses(f"see {planted} there") != []


def test_a_relative_path_is_no_address() -> None:
    assert addresses("docs/work/x ../work/y framework/opt/z") == []


@pytest.mark.parametrize(
    "planted", ["/* Copy" + "right (c) 2020 */", "x" * 501, "//# sourceMapping" + "URL=a"]
)
def test_a_planted_script_of_others_is_seen(planted: str) -> None:
    assert is_foreign("a.js", planted)
    assert not is_foreign("a.js", "const a = 1;\n")
