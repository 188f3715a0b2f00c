"""The whole server as its own process: readings, live events, health, one holder, a clean end."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.served import PROGRAM, Served, database, events, first_data, free_port, serving


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


def test_the_live_stream_tells_strangers_nothing(served: Served) -> None:
    assert served.ask("GET", "/live?charts=1")[0] == 401
    cookie = f"gemba={served.sign_in('rita')['gemba']}"
    assert served.ask("GET", "/live?charts=x", Cookie=cookie)[0] == 400


def test_a_second_server_on_the_folder_of_a_file_is_refused_and_the_holder_named(tmp_path: Path) -> None:
    with serving(tmp_path, {}) as first:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))}
        env["PYTHONPATH"] = PROGRAM
        command = [sys.executable, "-m", "server.plant", str(tmp_path), str(free_port())]
        second = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    assert second.returncode != 0
    assert f"process {first.process.pid} on" in second.stderr


def test_a_server_that_is_told_to_stop_ends_clean_and_keeps_what_it_took(tmp_path: Path) -> None:
    with database("stopped", bare=True) as variables:
        with serving(tmp_path, variables, bare=True) as found:
            assert found.send(found.reading(1))[0] == 200
            process = found.process
        assert process.returncode == 0
        with serving(tmp_path, variables) as found:
            assert found.send(found.reading(1))[1]["repeated"] is True
