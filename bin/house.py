"""The one door to Gemba's environment and to every gate: what CI runs is what you run.

Needs Python 3.11 or newer and nothing else; everything the gates need is installed into ``.venv`` from the
hash-pinned locks in ``requirements/``. ``bin/NAME`` calls it on Linux and macOS; on Windows call
``py bin/house.py NAME``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
import tomllib
import venv
import webbrowser
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
LOCKS = ROOT / "requirements"
STAMP = VENV / "installed-locks.json"
COVERS = {"base": ["base"], "dev": ["base", "dev"]}  # the dev lock holds all that the base lock holds
REPORT = ROOT / "out" / "gemba-report.html"
EXAMPLE = (
    *("report", "examples/data/furnace.csv", "--value", "thickness", "--subgroup", "run"),
    *("--lsl", "460", "--usl", "660", "--target", "560"),
    *("--defects", "examples/data/defects.csv", "--category", "defect", "--weight", "cost"),
    *("--out", "out/gemba-report.html"),
)
OUT_OF_CONTROL = 3  # what the shell answers when the verdict is bad, and the demo's process is not stable

STORED = ("tests/quality", "tests/server", "tests/story", "tests/grown")
"""The tests that touch the store, and those of several servers on one PostgreSQL."""
EXTRAS = {"base": ["--extra", "all", "--group", "build"], "dev": ["--extra", "all", "--group", "dev"]}


def say(text: str) -> None:
    """Tell the person what happens, on stderr: stdout belongs to the gates."""
    print(text, file=sys.stderr, flush=True)


def run(*command: str | Path, check: bool = True, output: Path | None = None) -> int:
    """Run a command in the repository; stop with its exit code when it fails and ``check`` holds."""
    words = [str(word) for word in command]
    environment = {**os.environ, "PATH": os.pathsep.join([str(SCRIPTS), os.environ.get("PATH", "")])}
    if output is None:
        code = subprocess.call(words, cwd=ROOT, env=environment)
    else:
        with output.open("w", encoding="utf-8") as stream:
            code = subprocess.call(words, cwd=ROOT, env=environment, stdout=stream)
    if check and code:
        sys.exit(code)
    return code


# The environment


def wanted(lock: str) -> str:
    """What the environment must answer to: the lock and what pyproject.toml says about the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (LOCKS / f"{lock}.lock").read_text(encoding="utf-8") + json.dumps(project, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def installed() -> dict[str, str]:
    """The stamps of the locks that .venv holds."""
    if not (PYTHON.exists() and STAMP.exists()):
        return {}
    found: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    return found


def ensure(lock: str) -> None:
    """Make ``.venv`` hold what ``requirements/<lock>.lock`` names; does nothing when it does."""
    if installed().get(lock) == wanted(lock):
        return
    began = time.monotonic()
    say(f"Making the environment in .venv from requirements/{lock}.lock; this takes a minute or two once.")
    if not (PYTHON.exists() and subprocess.call([PYTHON, "-c", "import pip"]) == 0):
        make_venv()
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
    locked = ("--require-hashes", "--only-binary", ":all:", "--requirement", LOCKS / f"{lock}.lock")
    if run(*pip, *locked, check=False):
        sys.exit("The environment is not complete: a package could not be fetched (see above). Try again.")
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamps = {name: wanted(name) for name in COVERS[lock]}
    STAMP.write_text(json.dumps(stamps, indent=1), encoding="utf-8")
    say(f"The environment is ready after {time.monotonic() - began:.0f} s.")


def make_venv() -> None:
    """A new ``.venv`` with pip, from the Python that runs this."""
    try:
        venv.create(VENV, clear=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(
            f"Python {platform.python_version()} cannot make a virtual environment ({error}). "
            "On Debian and Ubuntu install the package python3-venv, then try again."
        )


# The gates


def test(arguments: list[str]) -> int:
    """The test suite but tests/faults; further arguments go to pytest."""
    shown = ("--durations=8", "--durations-min=5")
    return run(PYTHON, "-m", "pytest", *shown, *on_every_core(arguments), check=False)


def on_every_core(arguments: list[str], *, dist: str = "worksteal") -> list[str]:
    """The arguments of a whole suite, which every core runs a part of; a part alone runs in one process."""
    if any("tests" in word or word.startswith(("-k", "-n", "-x", "--pdb")) for word in arguments):
        return arguments
    return ["-n", "logical", "--maxprocesses", "8", "--dist", dist, *arguments]


def faults(arguments: list[str]) -> int:
    """Power cuts, failing disks, tampering, killed programs; further arguments go to pytest."""
    named = any(word.startswith("tests/") for word in arguments)
    return test([*arguments, *([] if named else ["tests/faults"])])


def api(arguments: list[str]) -> int:
    """The whole description of the API, fuzzed as three actors; further arguments go to pytest."""
    return test([*arguments, "tests/fuzz"])


def postgres(arguments: list[str]) -> int:
    """What touches the store, on a PostgreSQL that need not be durable; further arguments go to pytest."""
    named = any(word.startswith("tests/") for word in arguments)
    tests = arguments if named else [*on_every_core(arguments), *STORED]
    shown = ("--durations=8", "--durations-min=5")
    server = (ROOT / "bin" / "with_postgres.py", "--not-durable")
    return run(PYTHON, *server, PYTHON, "-m", "pytest", *shown, *tests, check=False)


def lint(arguments: list[str]) -> int:
    """Every static check; all of them run, also when one fails."""
    checks: list[list[str | Path]] = [
        ["ruff", "check", *arguments],
        ["ruff", "format", "--check", *arguments],
        ["mypy", *arguments],
        ["lint-imports", "--no-cache"],
    ]
    failed = []
    for name, *rest in checks:
        say(f"$ {' '.join([str(name), *map(str, rest)])}")
        if run(SCRIPTS / name, *rest, check=False):
            failed.append(str(name))
    say(f"Lint failed: {', '.join(failed)}." if failed else "Lint is clean.")
    return 1 if failed else 0


def browser(arguments: list[str]) -> int:
    """Every page in a real Chromium, three widths, light and dark; ``--sheet`` writes pictures to out/."""
    shared = arguments if "--sheet" in arguments else on_every_core(arguments, dist="loadfile")
    named = any(word.startswith("tests/") for word in arguments)
    tests = shared if named else ["tests/browser", *shared]
    return run(PYTHON, "-m", "pytest", "--durations=8", *tests, check=False)


def texts(arguments: list[str]) -> int:
    """Every text into the catalogue of each language, compiled; says what is not translated."""
    return run(PYTHON, ROOT / "bin" / "catalogue.py", *arguments, check=False)


def docs(arguments: list[str]) -> int:
    """The documentation into site/, without a network; ``--pictures [NAME ...]``: its pictures first."""
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    if arguments[:1] == ["--pictures"]:
        os.environ["PYTHONPATH"] = str(ROOT / "tests")
        return run(PYTHON, "-m", "pictures.make", *arguments[1:], check=False)
    return run(PYTHON, "-m", "mkdocs", "build", "--strict", "--clean", *arguments, check=False)


def bench(arguments: list[str]) -> int:
    """The benchmarks, or those named."""
    return run(PYTHON, ROOT / "benchmarks" / "run.py", *arguments, check=False)


def lock(arguments: list[str]) -> int:
    """Make the locks again; ``--upgrade`` takes newer versions."""
    uv = (PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal")
    shape = ("--generate-hashes", "--no-header", "--no-annotate", "--only-binary", ":all:")
    floor = ("--python-version", "3.11")
    for name in ("dev", "base"):
        path = LOCKS / f"{name}.lock"
        same = () if name == "dev" else ("--constraint", LOCKS / "dev.lock")
        run(*uv, *shape, *floor, *EXTRAS[name], *same, *arguments, "--output-file", path)
        say(f"Wrote {path.relative_to(ROOT)}.")
    return 0


# What people see


def demo(arguments: list[str]) -> int:
    """A living plant in the browser; --report: the example data judged instead. More goes to gemba demo."""
    parser = argparse.ArgumentParser(prog="bin/demo", description=demo.__doc__)
    parser.add_argument("--no-browser", action="store_true", help="only say where it is")
    parser.add_argument("--report", action="store_true", help="judge the example data, open the report")
    asked, more = parser.parse_known_args(arguments)
    if asked.report:
        return report(quiet=asked.no_browser)
    quiet = ["--no-browser"] if asked.no_browser else []
    return run(SCRIPTS / "gemba", "demo", "--data", "out/demo", *quiet, *more, check=False)


def report(*, quiet: bool) -> int:
    """The report of the example data, opened in the browser."""
    REPORT.parent.mkdir(exist_ok=True)
    say(f"$ gemba {' '.join(EXAMPLE)}")
    code = run(SCRIPTS / "gemba", *EXAMPLE, check=False)
    if code not in {0, OUT_OF_CONTROL}:
        return code
    print(f"The report: {REPORT}")
    if not quiet:
        webbrowser.open(REPORT.as_uri())
    return 0


def proof(arguments: list[str]) -> int:
    """Every check with full counts, to docs/proof/, or the parts named; --help says more."""
    return run(PYTHON, ROOT / "bin" / "proving.py", *arguments, check=False)


COMMANDS: dict[str, tuple[str, Callable[[list[str]], int]]] = {
    "demo": ("base", demo),
    "test": ("dev", test),
    "faults": ("dev", faults),
    "api": ("dev", api),
    "postgres": ("dev", postgres),
    "lint": ("dev", lint),
    "browser": ("dev", browser),
    "docs": ("dev", docs),
    "texts": ("dev", texts),
    "bench": ("dev", bench),
    "proof": ("dev", proof),
    "lock": ("dev", lock),
}


def main(arguments: list[str]) -> int:
    """Make the environment that the command needs, then run it."""
    if not arguments or arguments[0] not in COMMANDS:
        for name, (_, command) in COMMANDS.items():
            print(f"{name:8} {(command.__doc__ or '').splitlines()[0]}")
        print("Each takes --setup: only make the environment.")
        return 2
    needed, command = COMMANDS[arguments[0]]
    rest = arguments[1:]
    ensure(needed)
    if "--setup" in rest:
        return 0
    return command(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
