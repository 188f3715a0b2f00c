"""``bin/proof``: the checks of the gates with full counts, part by part, and the page of what they showed.

A part that passed in this state of the repository is not run again, so that a proof which was interrupted
goes on where it stopped. The page is written after each part, from what the programs said and nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "out" / "proof"
PAGES = ROOT / "docs" / "proof"
STOPPED = "STOPPED by the time given"
LISTED = "## What was shown last"  # the heading of the first page under which this program writes
SAID = 60  # lines of what a part said that are shown when it failed
LAST = re.compile(r"\d+ (passed|failed|skipped).* in [\d.]+s")  # the line that pytest ends with
PYTEST = ("python", "-m", "pytest", "-q", "--full")
BENCH = ("python", "benchmarks/run.py")
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "qualify": ("the carried cases", ("gemba", "qualify")),
    "first-start": (
        "power cuts in the first start",
        (*PYTEST, "tests/faults/test_scenarios.py", "-k", "start_first"),
    ),
    "clock": ("the clock is set under load", (*PYTEST, "tests/faults/test_clock.py")),
    "tampering": ("edits behind the program's back", (*PYTEST, "tests/faults/test_tampering.py")),
    "kills": ("kill -9 under load", (*PYTEST, "tests/faults/test_killed.py")),
    "power-cuts": ("power cuts under load", (*PYTEST, "tests/faults/test_power_cut.py")),
    "exactly-once": ("readings sent again and again", (*PYTEST, "tests/faults/test_exactly_once_http.py")),
    "move": (
        "to PostgreSQL and back",
        ("python", "bin/with_postgres.py", *PYTEST, "tests/grown/test_move_readings.py"),
    ),
    "people": (
        "random actions of random people",
        (*PYTEST, "-n", "auto", "tests/laws/test_random_people.py"),
    ),
    "disk": ("the disk is full or fails", (*PYTEST, "tests/faults/test_failing_disk.py")),
    "together": ("many at once", (*PYTEST, "tests/faults/test_many_at_once.py")),
    "postgres-gone": ("PostgreSQL is gone", (*PYTEST, "tests/faults/test_postgres_gone.py")),
    "deeds": (
        "power cuts in other deeds",
        (*PYTEST, "tests/faults/test_scenarios.py", "-k", "not start_first"),
    ),
    "keeping": ("backup, restore and upgrade", (*PYTEST, "tests/faults/test_keeping.py")),
    "properties": ("properties on random data", (*PYTEST, "-n", "auto", "tests", "-m", "hypothesis")),
    "promises": (
        "broken links, verdicts, dropped files",
        (
            *PYTEST,
            "tests/quality/records/test_thread.py",
            "tests/stats/inference/test_error_rates.py",
            "tests/stats/readers/test_messy_files.py",
        ),
    ),
    "access": (
        "who may do what, every question",
        (
            *PYTEST,
            "-n",
            "auto",
            "tests/server/test_access_of_records.py",
            "tests/server/test_ending_access.py",
            "tests/server/test_holes.py",
        ),
    ),
    "api": ("the whole API, fuzzed", (*PYTEST, "tests/fuzz")),
    "tests": ("the test suite", ("python", "-m", "pytest", "-q")),
    "speed": ("the benchmarks", BENCH),
    "speed-postgres": (
        "the benchmarks, on PostgreSQL",
        ("python", "bin/with_postgres.py", *BENCH, "kernel", "pages", "desk", "http", "peer_http"),
    ),
}
"""What each part tries, and the command that it runs."""


@dataclass(frozen=True)
class Shown:
    """What one part showed: the state of the repository, its command, how it ended and what it said."""

    part: str
    state: str
    commit: str
    command: str
    code: int
    seconds: int
    ended: str
    figures: list[str]
    said: str

    @property
    def is_short(self) -> bool:
        """Whether the time given was over before the full counts were reached."""
        return any(line.startswith(STOPPED) for line in self.figures)

    @property
    def result(self) -> str:
        """How it ended, in words."""
        if self.code:
            return f"**failed** (exit code {self.code})"
        return "passed, stopped by the time given" if self.is_short else "passed"


def git(*words: str) -> str:
    """What git says."""
    return subprocess.check_output(["git", *words], cwd=ROOT, text=True)  # noqa: S607 (git is git)


def state_now() -> tuple[str, str]:
    """What the program and its tests are now, as one short word, and the commit they are of."""
    folders = ("src", "tests", "benchmarks", "requirements", "bin")
    trees, changed = (
        git("rev-parse", *(f"HEAD:{name}" for name in folders)),
        git("diff", "HEAD", "--", *folders),
    )
    commit = git("rev-parse", "--short=10", "HEAD").strip() + (", changed" if changed else "")
    return hashlib.sha256((trees + changed).encode()).hexdigest()[:16], commit


def held(state: str) -> dict[str, Shown]:
    """What was shown in this state of the repository, by part."""
    found = (Shown(**json.loads(path.read_text(encoding="utf-8"))) for path in KEPT.glob("*.json"))
    known = {shown.part: shown for shown in found if shown.state == state}
    return {part: known[part] for part in PARTS if part in known}


def prove(part: str, state: str, commit: str, until: datetime | None) -> Shown:
    """Run one part and keep what it showed."""
    words = list(PARTS[part][1])
    command = " ".join(words)
    if until is not None and "pytest" in words:
        words += ["--until", until.isoformat(timespec="seconds")]
    print(f"$ {command}", file=sys.stderr, flush=True)
    log, began = KEPT / f"{part}.txt", time.monotonic()
    with log.open("w", encoding="utf-8") as stream:
        code = subprocess.call(
            [program(words[0]), *(sys.executable if word == "python" else word for word in words[1:])],
            cwd=ROOT,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    seconds = round(time.monotonic() - began)
    said = log.read_text(encoding="utf-8").rstrip().replace(str(ROOT), ".")
    ended = f"{datetime.now(tz=UTC):%Y-%m-%d %H:%M} UTC"
    shown = Shown(part, state, commit, command, code, seconds, ended, list(figures_in(said)), said)
    (KEPT / f"{part}.json").write_text(json.dumps(asdict(shown), indent=1), encoding="utf-8")
    return shown


def program(name: str) -> str:
    """Where a program of this environment lies."""
    return sys.executable if name == "python" else str(Path(sys.executable).with_name(name))


def figures_in(said: str) -> Iterator[str]:
    """The lines that tests have shown, else how many passed; of anything else what it said first."""
    _, found, told = said.partition(" figures =")
    if not found:
        lines = said.splitlines()
        yield from [line for line in lines[-1:] if LAST.match(line)] or lines[:2]
        return
    for line in told.splitlines()[1:]:
        if line.startswith(("===", "!!!")) or LAST.match(line):
            return
        yield line


def page(commit: str, known: Iterable[Shown]) -> str:
    """What was shown so far, and what was not tried yet."""
    shown = {each.part: each for each in known}
    machine = f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} cores"
    lines = [f"# Proof of {datetime.now(tz=UTC).date().isoformat()}", ""]
    lines += [f"Written by `bin/proof`. Commit {commit}; {machine}.", ""]
    lines += ["| part | what | result | ended | took |", "| --- | --- | --- | --- | --- |"]
    for part, (what, _) in PARTS.items():
        each = shown.get(part)
        end = f"{each.result} | {each.ended} | {timedelta(seconds=each.seconds)}" if each else "not run | |"
        lines.append(f"| {part} | {what} | {end} |")
    for part, each in shown.items():
        lines += ["", f"## {part}: {PARTS[part][0]}", "", f"`{each.command}`: {each.result}.", ""]
        lines += [f"- {line}" for line in each.figures]
        measured = BENCH[-1] in each.command
        if each.code or measured:
            told = each.said.splitlines()[0 if measured else -SAID :]
            lines += ["", "```text", *told, "```"]
    return "\n".join(lines) + "\n"


def place(commit: str) -> Path:
    """The page of today, or one beside it when today's is of another commit."""
    today = datetime.now(tz=UTC).date().isoformat()
    path = PAGES / f"{today}.md"
    if path.exists() and f"Commit {commit};" not in path.read_text(encoding="utf-8"):
        path = PAGES / f"{today}-{commit.split(',', maxsplit=1)[0]}.md"
    return path


def told_last(pages: Iterable[Path]) -> list[str]:
    """For each part the page that showed it in full last, or how far the last try came."""
    found: dict[str, tuple[bool, str, str, Path, str]] = {}
    for path in pages:
        told = path.read_text(encoding="utf-8")
        named = re.search(r"Commit (\w+)", told)
        of = named[1] if named else ""
        for row in re.findall(r"^\| (\S+) \| [^|]+ \| ([^|]+) \| ([^|]+ UTC) \|", told, re.MULTILINE):
            part, result, ended = row
            each = (result == "passed", ended, result, path, of)
            found[part] = max(found.get(part, each), each)
    lines = ["| part | what | shown | ended | commit |", "| --- | --- | --- | --- | --- |"]
    for part, (what, _) in PARTS.items():
        if part not in found:
            lines.append(f"| {part} | {what} | never run in full | | |")
            continue
        full, ended, result, path, commit = found[part]
        words = "in full" if full else f"not in full: {result}"
        lines.append(f"| {part} | {what} | [{words}]({path.name}) | {ended} | {commit} |")
    return lines


def list_pages() -> None:
    """Say on the first page what was shown last, part by part."""
    path = PAGES / "index.md"
    head, _, _ = path.read_text(encoding="utf-8").partition(LISTED)
    rows = "\n".join(told_last(sorted(PAGES.glob("2*.md"))))
    path.write_text(f"{head}{LISTED}\n\n{rows}\n", encoding="utf-8")


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for."""
    listed = "\n".join(f"  {part:14} {what}" for part, (what, _) in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="bin/proof", description=__doc__, epilog=f"The parts:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("parts", nargs="*", metavar="PART", help="only these, in this order; all otherwise")
    parser.add_argument("--anew", action="store_true", help="forget what was shown before")
    parser.add_argument(
        "--until", metavar="HH:MM", help="end at this time of day in UTC, and say how far it came"
    )
    asked = parser.parse_args(arguments)
    unknown = sorted(set(asked.parts) - set(PARTS))
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are: {', '.join(PARTS)}")
    return asked


def moment(asked: str | None) -> datetime | None:
    """The next time it is so late."""
    if asked is None:
        return None
    hours, minutes = map(int, asked.split(":"))
    now = datetime.now(tz=UTC)
    at = now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)


def main(arguments: Sequence[str]) -> int:
    """Prove what is asked for; the worst exit code of the parts."""
    asked = read_arguments(arguments)
    until = moment(asked.until)
    KEPT.mkdir(parents=True, exist_ok=True)
    state, commit = state_now()
    worst = 0
    for part in asked.parts or PARTS:
        if asked.anew:
            (KEPT / f"{part}.json").unlink(missing_ok=True)
        known = held(state).get(part)
        if known is None or known.code or known.is_short:
            if until is not None and datetime.now(tz=UTC) >= until:
                break
            known = prove(part, state, commit, until)
        print(f"{part}: {known.result}", file=sys.stderr, flush=True)
        worst = max(worst, known.code)
        path = place(commit)
        path.write_text(page(commit, held(state).values()), encoding="utf-8")
        list_pages()
        print(f"Wrote {path.relative_to(ROOT)}.", file=sys.stderr, flush=True)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
