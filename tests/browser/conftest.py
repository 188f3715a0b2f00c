"""A real Chromium before three plants: one with weeks of work, one without, one that nobody opened yet."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from prepared import copy_empty_store
from server.served import TESTS, Served, free_port

PASSWORD = "battery-staple-correct"
SHEETS = TESTS.parent / "out" / "browser"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sheet", action="store_true", help="write out/browser: every page as it looks")


class Plant(Served):
    """A running plant with the addresses of what is in it."""

    def __init__(self, folder: Path, port: int, process: subprocess.Popen[str], first: str) -> None:
        self.folder, self.port, self.process, self.first = folder, port, process, first
        self.seed: dict[str, Any] = json.loads((folder / "seed.json").read_text(encoding="utf-8"))
        self.token, self.number = self.seed.get("token", ""), self.seed.get("number", "")

    def reading(self, sequence: int, **more: Any) -> dict[str, Any]:
        about = {"characteristic": self.number, "stream": {"station": "S3"}, "value": "42.1"}
        return {"source": "browser", "sequence": sequence, **about, **more}

    def let_pass(self, days: int) -> str:
        """Let days pass in the plant; what its job judged."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{days}\n")
        self.process.stdin.flush()
        return next(line for line in self.process.stdout if line.startswith("judged")).strip()

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def opened(folder: Path, kind: str, port: int = 0) -> Iterator[Plant]:
    """A plant, served as its own process."""
    with starting(folder, kind, port) as plant:
        yield plant()


@contextmanager
def starting(folder: Path, kind: str, port: int = 0) -> Iterator[Callable[[], Plant]]:
    """Start a plant as its own process; what is yielded waits until it answers."""
    port = port or free_port()
    if not any(folder.iterdir()):
        copy_empty_store(folder)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))}
    env["PYTHONPATH"] = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "browser.plant", str(folder), str(port), kind]
    log = folder.parent / f"{folder.name}.log"
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(  # noqa: S603 (our own module)
            command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        )
    try:
        yield lambda: _started(folder, port, process, kind, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def _started(folder: Path, port: int, process: subprocess.Popen[str], kind: str, log: Path) -> Plant:
    assert process.stdout is not None
    first = ""
    for line in process.stdout:
        if line.startswith("First administrator") or (kind != "fresh" and line.startswith("Gemba serves")):
            first = line.partition("/setup/")[2].strip()
            break
    else:
        raise AssertionError(f"the plant did not start: {log.read_text(encoding='utf-8')[-2000:]}")
    plant = Plant(folder, port, process, first)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if plant.ask("GET", "/ready")[0] == 200:
                return plant
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the plant did not answer")


@pytest.fixture(scope="session")
def plants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Plant]]:
    with ExitStack() as stack:
        found = {}
        for kind in ("full", "empty", "fresh"):
            folder = tmp_path_factory.mktemp("plants") / kind
            folder.mkdir()
            found[kind] = stack.enter_context(starting(folder, kind))
        yield {kind: plant() for kind, plant in found.items()}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    assert chromium, "Chromium is missing: apt-get install chromium (or what your system calls it)"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


def sign_in(browser: Any, plant: Plant, username: str = "ada", *, locale: str = "en-GB") -> Any:
    """A page of a signed-in person, in a session of its own."""
    page = browser.new_context(reduced_motion="reduce", locale=locale).new_page()
    page.set_default_timeout(60_000)
    page.goto(plant.at("/account/login"))
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_load_state()
    return page


@pytest.fixture(scope="session")
def desks(browser: Any, plants: dict[str, Plant]) -> dict[str, Any]:
    """One signed-in page for each plant that has people."""
    return {kind: sign_in(browser, plants[kind]) for kind in ("full", "empty")}


@pytest.fixture(scope="session")
def shots(request: pytest.FixtureRequest, browser: Any) -> Iterator[Path | None]:
    """Where pictures of every page go when they are asked for."""
    if not request.config.getoption("--sheet"):
        yield None
        return
    from browser.sheet import make_sheets

    folder = SHEETS / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    yield folder
    make_sheets(browser, folder, SHEETS)
