"""The whole server as its own process: readings, live events, health, one holder, a clean end."""

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
from urllib.parse import urlencode, urlsplit, urlunsplit

import pytest

PASSWORD = "correct-horse-battery"
TESTS = Path(__file__).parents[1]


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
def database() -> Iterator[dict[str, str]]:
    """A database of its own where the tests run on PostgreSQL."""
    address = os.environ.get("GEMBA_DATABASE", "")
    if not address:
        yield {}
        return
    import psycopg

    name = f"gemba_serve_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield {"GEMBA_DATABASE": urlunsplit(urlsplit(address)._replace(path=f"/{name}"))}
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def serving(folder: Path, variables: dict[str, str]) -> Iterator[Served]:
    port = free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))} | variables
    env["PYTHONPATH"] = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    command = [sys.executable, "-m", "server.plant", str(folder), str(port)]
    process = subprocess.Popen(  # noqa: S603 (our own module)
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Gemba serves"):
                break
        else:
            raise AssertionError("the plant did not start")
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


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    with database() as found:
        yield found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, variables: dict[str, str]) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("plant") / "data"
    folder.mkdir()
    with serving(folder, variables) as found:
        yield found


def test_readings_are_durable_and_judged_when_the_answer_comes(served: Served) -> None:
    status, one = served.send(served.reading(1))
    assert (status, one["status"], one["verdict"]) == (200, "accepted", "conform")
    _, again = served.send(served.reading(1))
    assert (again["repeated"], again["reading"]) == (True, one["reading"])
    many = [served.reading(n) for n in range(1, 6)] + [served.reading(9, characteristic="CHR-HAL-26-0999")]
    _, batch = served.send(many)
    assert batch["counts"] == {"accepted": 5, "quarantined": 1, "refused": 0, "repeated": 1}
    _, changed = served.send(served.reading(1, value="10.02"))
    assert changed["status"] == "refused"
    assert changed["reasons"][0]["text"]
    lines = "\n".join(json.dumps(served.reading(n)) for n in (20, 21)).encode()
    headers = {"Authorization": f"Bearer {served.token}", "Content-Type": "application/x-ndjson"}
    _, _, answer = served.ask("POST", "/api/v1/readings", lines, **headers)
    assert [json.loads(line)["status"] for line in answer.splitlines()] == ["accepted", "accepted"]


def test_who_may_not_send_is_refused(served: Served) -> None:
    status, headers, _ = served.ask("POST", "/api/v1/readings", served.reading(1))
    assert (status, headers["www-authenticate"]) == (401, "Bearer")
    rita, ada = served.sign_in("rita"), served.sign_in("ada")
    path, body = "/api/v1/readings", served.reading(40)
    assert served.ask("POST", path, body, Cookie=f"gemba={rita['gemba']}")[0] == 403
    status, _, answer = served.ask("POST", path, body, Cookie=f"gemba={ada['gemba']}")
    assert (status, json.loads(answer)["type"]) == (403, "/problems/csrf")
    cookie = f"gemba={ada['gemba']}; gemba-csrf={ada['gemba-csrf']}"
    sent = {"Cookie": cookie, "X-CSRFToken": ada["gemba-csrf"], "Origin": f"http://127.0.0.1:{served.port}"}
    sent["Host"] = f"127.0.0.1:{served.port}"
    assert served.ask("POST", path, body, **sent)[0] == 200


def test_a_body_that_is_too_large_is_turned_away_before_it_is_sent(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), 30) as line:
        head = f"POST /upload HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Length: {2**30}\r\n\r\n"
        line.sendall(head.encode() + b"x" * 1000)
        answer = line.makefile("rb").readline()
    assert answer.split()[1] == b"413"
    sent = served.ask("GET", "/health")
    assert sent[0] == 200


def test_the_server_says_how_it_is(served: Served) -> None:
    assert json.loads(served.ask("GET", "/health")[2]) == {"status": "ok"}
    assert json.loads(served.ask("GET", "/ready")[2])["status"] == "ready"
    assert b"gemba_ingest_commits_total" in served.ask("GET", "/metrics")[2]
    for path in ("/static/gemba/app.css", "/static/gemba/vega.js", "/static/django_htmx/htmx-2.min.js"):
        status, headers, body = served.ask("GET", path)
        assert status == 200
        assert headers["x-content-type-options"] == "nosniff"
        assert body


def test_a_browser_is_told_that_its_chart_moved_also_after_it_was_away(served: Served) -> None:
    served.send(served.reading(50))
    cookie = f"gemba={served.sign_in('rita')['gemba']}"
    charts = json.loads(served.ask("GET", "/charts.json", Cookie=cookie)[2])["charts"]
    stream = charts[0]["stream"]

    with events(served, stream, Cookie=cookie) as lines:
        assert next(lines) == "retry: 2000"
        served.send(served.reading(51))
        news = first_data(lines)
    assert news["chart"] == stream
    served.send(served.reading(52))
    with events(served, stream, Cookie=cookie, **{"Last-Event-ID": str(news["point"])}) as lines:
        assert first_data(lines)["point"] > news["point"]


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


def test_the_live_stream_tells_strangers_nothing(served: Served) -> None:
    assert served.ask("GET", "/live?charts=1")[0] == 401
    cookie = f"gemba={served.sign_in('rita')['gemba']}"
    assert served.ask("GET", "/live?charts=x", Cookie=cookie)[0] == 400


def test_a_second_server_on_the_folder_is_refused_and_the_holder_named(
    served: Served, variables: dict[str, str]
) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))} | variables
    env["PYTHONPATH"] = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    command = [sys.executable, "-m", "server.plant", str(served.folder), str(free_port())]
    second = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    assert second.returncode != 0
    assert f"process {served.process.pid} on" in second.stderr


def test_a_server_that_is_told_to_stop_ends_clean_and_keeps_what_it_took(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    if variables:
        pytest.skip("one database is served at a time")
    with serving(tmp_path, variables) as found:
        assert found.send(found.reading(1))[0] == 200
        process = found.process
    assert process.returncode == 0
    with serving(tmp_path, variables) as found:
        assert found.send(found.reading(1))[1]["repeated"] is True
