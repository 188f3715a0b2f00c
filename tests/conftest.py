"""Options of the whole suite."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import is_hypothesis_test, settings

from counting import CASES, CHANCE, REASONS, count_of_another, counted
from prepared import SPECIMEN, empty_database, empty_store
from trials import Trials

os.environ["GEMBA_LANGUAGE"] = "en"  # whatever whoever runs the tests speaks
FULL = 20  # how many times more examples a property is tried on for the proof
FIGURES = pytest.StashKey[list[str]]()
TIME_OVER = "the time given is over"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help=f"all counts, each property {FULL} times as often")
    parser.addoption("--until", type=datetime.fromisoformat, help="stop at this moment: 2026-11-29T03:30Z")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--full"):
        return
    for test in {item.obj for item in items if isinstance(item, pytest.Function)}:
        if is_hypothesis_test(test):
            usual = test._hypothesis_internal_use_settings
            more = settings(usual, max_examples=FULL * usual.max_examples)
            getattr(test, "__func__", test)._hypothesis_internal_use_settings = more


def pytest_collection_finish() -> None:
    """What stands from here on to the end is not searched for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def show(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Say what a test has shown in one line, printed at the end."""
    figures = request.config.stash.setdefault(FIGURES, [])
    return figures.append


@pytest.fixture
def trials(request: pytest.FixtureRequest, show: Callable[[str], None]) -> Trials:
    """How often something is tried."""
    options = request.config.getoption
    return Trials(options("--full"), options("--until"), show)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """At the moment that ``--until`` names the rest is left for another time, and is said to be."""
    tests = item.session.items
    if not is_over(item.config) or item is tests[-1] or hasattr(item.config, "workeroutput"):
        return
    reached = f"{tests.index(item) + 1} of {len(tests)} tests"
    item.config.stash.setdefault(FIGURES, []).append(f"STOPPED by the time given: {reached}")
    item.session.shouldstop = TIME_OVER


def is_over(config: pytest.Config) -> bool:
    """Whether the moment that ``--until`` names has come."""
    until = config.getoption("--until")
    return bool(until is not None and datetime.now(tz=until.tzinfo) >= until)


def leave_out(config: pytest.Config) -> None:
    """One of several processes does not stop the others: it leaves out what it is still given."""
    figures = config.stash.setdefault(FIGURES, [])
    left = f"STOPPED by the time given: {config.workerinput['workerid']} left tests out"  # type: ignore[attr-defined]
    if left not in figures:
        figures.append(left)
    pytest.skip(TIME_OVER)


PROGRAM = str(Path(__file__).resolve().parent.parent / "src")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "chance: what it brings about is another thing on another day")
    from gemba.quality.records.reasons import Reason

    made = Reason.__init__

    def counted(self: Reason, code: str, values: Mapping[str, Any] | None = None) -> None:
        made(self, code, {} if values is None else values)
        if not CHANCE[0] and sys._getframe(1).f_code.co_filename.startswith(PROGRAM):
            REASONS[code] += 1

    Reason.__init__ = counted  # type: ignore[method-assign]


def pytest_runtest_setup(item: pytest.Item) -> None:
    tried = getattr(item, "obj", None)
    CHANCE[0] = bool(item.get_closest_marker("chance")) or (tried is not None and is_hypothesis_test(tried))
    if is_over(item.config) and hasattr(item.config, "workeroutput"):
        leave_out(item.config)


def never_produced() -> list[str]:
    """The codes of the program's catalogues that nothing in this run produced, tests of chance left aside."""
    from gemba.quality.records.reasons import _catalogues
    from specimen.types import SPECIMEN

    return sorted(code for code in _catalogues if code not in REASONS and code not in SPECIMEN.reasons)


def is_whole(config: pytest.Config) -> bool:
    """Whether the whole suite runs, and not a part of it that cannot produce everything."""
    narrowed = ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "collectonly")
    return not config.option.file_or_dir and not any(config.getoption(name, None) for name in narrowed)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):  # one of several processes, each of which runs a part
        session.config.workeroutput |= {
            "counted": counted(),
            "figures": session.config.stash.get(FIGURES, []),
        }
    elif session.shouldstop == TIME_OVER:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if session.testsfailed else pytest.ExitCode.OK
    elif is_whole(session.config) and never_produced():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    said = getattr(node, "workeroutput", {})
    count_of_another(said.get("counted", {}))
    node.config.stash.setdefault(FIGURES, []).extend(said.get("figures", []))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Which known answers ran; and each reason of the catalogues occurs, or it is dead and to be removed."""
    if CASES:
        shared = (
            f"{CASES['reference']} of shared/reference" if CASES["reference"] else "no shared/reference here"
        )
        terminalreporter.line(f"known answers: {CASES['carried']} carried cases, {shared}")
    figures = config.stash.get(FIGURES, [])
    if figures:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.write_line(figure)
    missing = never_produced() if is_whole(config) else []
    if missing:
        terminalreporter.section("reasons that nothing produced")
        terminalreporter.line("\n".join(missing))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The store is there before Django looks for it: a copy of one that was made once."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Each process has its own copy, thrown away at its end."""
    from django.db import connection

    name = connection.settings_dict["TEST"]["NAME"]
    address = os.environ.get("GEMBA_DATABASE", "")
    if address:
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {empty_database(address, SPECIMEN)}')
            yield
            connection.close()
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        return
    file = Path(name)
    shutil.copy(empty_store(SPECIMEN), file)
    yield
    connection.close()
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What was read of one test's store is not known to the next one's."""
    yield
    definitions = sys.modules.get("gemba.quality.control.collecting.definitions")
    if definitions is not None:
        definitions.forget_definitions()
    writable = sys.modules.get("gemba.quality.records.store.writable")
    if writable is not None:
        writable._trouble.clear()
