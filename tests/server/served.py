"""A plant that is served by a process of its own, and how a test asks it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from prepared import PRODUCT, copy_empty_store, database_at, empty_database

PASSWORD = "correct-horse-battery"
TESTS = Path(__file__).parents[1]
PROGRAM = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])  # these tests with the program beside them


class Served:
    """A running plant."""

    def __init__(self, folder: Path, port: int, process: subprocess.Popen[str]) -> None:
        self.folder, self.port, self.process = folder, port, process
        seed = json.loads((folder / "seed.json").read_text(encoding="utf-8"))
        self.token, self.number = seed["token"], seed["number"]

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = json.dumps(body).encode() if body is not None and not isinstance(body, bytes) else body
        connection.request(method, path, sent, headers)
        answer = connection.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def send(self, body: Any, **headers: str) -> tuple[int, Any]:
        status, _, answer = self.ask(
            "POST", "/api/v1/readings", body, Authorization=f"Bearer {self.token}", **headers
        )
        return status, json.loads(answer)

    def reading(self, sequence: int, **more: Any) -> dict[str, Any]:
        about = {"characteristic": self.number, "stream": {"machine": "M1"}, "value": "10.01"}
        return {"source": "g", "sequence": sequence, **about, **more}

    def sign_in(self, username: str) -> dict[str, str]:
        """Session and form token of a signed-in person."""
        _, headers, page = self.ask("GET", "/account/login")
        csrf = headers["set-cookie"].split("gemba-csrf=")[1].split(";")[0]
        form = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.decode())
        assert form is not None
        typed = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": form[1]}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        kind = "application/x-www-form-urlencoded"
        sent = {"Cookie": f"gemba-csrf={csrf}", "Content-Type": kind}
        connection.request("POST", "/account/login", urlencode(typed), sent)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 302
        connection.close()
        cookies = " ".join(value for name, value in answer.getheaders() if name.lower() == "set-cookie")
        found = {name: re.search(rf"{name}=(\w+)", cookies) for name in ("gemba", "gemba-csrf")}
        return {name: match[1] for name, match in found.items() if match is not None}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def database(
    purpose: str = "serve", *, bare: bool = False, settings: str = PRODUCT
) -> Iterator[dict[str, str]]:
    """A database of its own where the tests run on PostgreSQL; ``bare``: with nothing in it, no table."""
    address = os.environ.get("GEMBA_DATABASE", "")
    if not address:
        yield {}
        return
    import psycopg

    name = f"gemba_{purpose}_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as admin:
        template = "" if bare else f" TEMPLATE {empty_database(address, settings)}"
        admin.execute(f"CREATE DATABASE {name}{template}")
        try:
            yield {"GEMBA_DATABASE": database_at(address, name)}
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def serving(folder: Path, variables: dict[str, str], *, bare: bool = False) -> Iterator[Served]:
    """Serve a plant, made if there is none; ``bare``: from a folder without a store, as a person does."""
    port = free_port()
    if not (bare or variables or any(folder.iterdir())):
        copy_empty_store(folder)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))} | variables
    env["PYTHONPATH"] = PROGRAM
    command = [sys.executable, "-m", "server.plant", str(folder), str(port)]
    process = subprocess.Popen(  # noqa: S603 (our own module)
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Gemba serves"):
                break
        else:
            raise AssertionError(f"the plant did not start: {''.join(said)[-2000:]}")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Served(folder, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@contextmanager
def events(served: Served, stream: int, **headers: str) -> Iterator[Iterator[str]]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("GET", f"/live?charts={stream}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    yield (line.decode().strip() for line in iter(answer.readline, b""))
    answer.close()
    connection.close()


def first_data(lines: Iterator[str]) -> Any:
    return next(json.loads(line[6:]) for line in lines if line.startswith("data: "))
