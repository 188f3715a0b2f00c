"""Commands beside a plant that is being served: carried out by it, or reading next to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

import pytest

from gemba.server.local import NAME, LocalDoor, ask_door, is_open
from prepared import copy_empty_store

SOURCE = str(Path(__file__).parents[2] / "src")


def variables() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))}
    return kept | {"PYTHONPATH": SOURCE, "NO_COLOR": "1", "COLUMNS": "200"}


def gemba(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gemba.cli", *words, "--data", str(folder)]
    return subprocess.run(command, env=variables(), capture_output=True, text=True, check=False)  # noqa: S603 (ours)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("beside") / "data"
    copy_empty_store(folder)
    command = [sys.executable, "-m", "gemba.cli", "serve", "--data", str(folder), "--port", str(free_port())]
    with subprocess.Popen(  # noqa: S603 (ours)
        command, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        deadline = time.monotonic() + 60
        while not is_open(folder / "keys"):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield folder
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert not is_open(folder / "keys")


def test_people_are_managed_while_the_plant_is_served(served: Path) -> None:
    assert gemba(served, "user", "add", "anna", "Anna Berg").returncode == 0
    assert gemba(served, "user", "grant", "anna", "engineer").returncode == 0
    assert gemba(served, "user", "identity", "anna", "passport seen").returncode == 0
    people = json.loads(gemba(served, "user", "list", "--json").stdout)["people"]
    assert {"user": "anna", "name": "Anna Berg", "active": True, "roles": ["engineer@all"]} in people
    assert "/setup/" in gemba(served, "user", "link", "anna").stdout
    assert "gmb_" in gemba(served, "user", "token", "CMM 3").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["user", "add", "anna", "Other"], "was given before and is never used again"),
        (["user", "grant", "adda", "engineer"], "There is no person named 'adda'"),
        (["user", "grant", "anna", "king"], "There is no role 'king'."),
    ],
)
def test_what_the_serving_plant_refuses_is_said_as_ever(served: Path, words: list[str], said: str) -> None:
    gemba(served, "user", "add", "anna", "Anna Berg")
    done = gemba(served, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_backup_is_made_and_proved_by_the_serving_plant(served: Path, tmp_path: Path) -> None:
    made = json.loads(gemba(served, "backup", "--into", str(tmp_path), "--json").stdout)["backups"][0]
    assert made["sound"]
    assert Path(made["path"]).parent == tmp_path


def test_verify_and_doctor_read_beside_the_serving_plant(served: Path) -> None:
    assert json.loads(gemba(served, "verify", "--json").stdout)["sound"]
    assert "Gemba" in json.loads(gemba(served, "doctor", "--json").stdout)["facts"]


def test_what_needs_the_plant_alone_is_refused_and_the_holder_named(served: Path) -> None:
    done = gemba(served, "move", "--to", "postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "is in use by process" in done.stderr


def test_the_door_is_for_the_owner_of_the_folder(served: Path) -> None:
    file = served / "keys" / NAME
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE((served / "keys").stat().st_mode) == 0o700
    about = json.loads(file.read_text(encoding="utf-8"))
    for secret in (b"guessed", bytes(32)):
        with pytest.raises((AuthenticationError, OSError, EOFError)):
            Client(about["address"], authkey=secret)
    assert gemba(served, "user", "list").returncode == 0


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Path]:
    def answer(command: str, asked: Any) -> Any:
        if command == "fail":
            raise ValueError("no")
        return {"answer": {"command": command, **asked}}

    made = LocalDoor(tmp_path, answer)
    made.open()
    yield tmp_path
    made.close()


def test_a_door_answers_and_goes_on_after_a_fault(door: Path) -> None:
    assert ask_door(door, "fail", {}) == {"fault": "ValueError: no"}
    assert ask_door(door, "say", {"x": 1}) == {"answer": {"command": "say", "x": 1}}


def test_a_door_shuts_at_once_whatever_it_did_last(tmp_path: Path) -> None:
    for turn in range(30):
        made = LocalDoor(tmp_path, lambda command, _asked: {"answer": command})
        made.open()
        if turn % 2:
            assert ask_door(tmp_path, "say", {}) == {"answer": "say"}
        made.close()
        assert not made._thread.is_alive()
        assert ask_door(tmp_path, "say", {}) is None


def test_where_no_door_is_nobody_answers(tmp_path: Path) -> None:
    assert ask_door(tmp_path, "say", {}) is None
    (tmp_path / NAME).write_text('{"address": "/nowhere", "secret": "00"}', encoding="utf-8")
    assert ask_door(tmp_path, "say", {}) is None
