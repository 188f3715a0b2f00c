"""The frame around every answer: headers, cookies, second tokens; and the settings that Django checks."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from starlette.responses import JSONResponse

from gemba.quality.records import store
from gemba.server.access import ACCESS
from gemba.server.assemble import assemble
from gemba.server.clock import Watch
from gemba.server.identity.asking import Identity
from gemba.server.jobs.clock import ClockKeeper
from gemba.server.outer import application
from gemba.stats.results import spoken
from server.asking import Asker, Door, askers, gate
from server.pseudo import LANGUAGE, bare
from server.test_access import ROUTES, address, methods_of

pytestmark = pytest.mark.django_db
ROLES = ("engineer", "quality_manager", "access_administrator", "system_administrator", "auditor", "operator")
EVERYTHING = Asker("all", "person", frozenset((role, "*") for role in ROLES))


def faults(headers: dict[str, str]) -> list[str]:
    """What is missing around an answer; names are in lower case."""
    policy = headers.get("content-security-policy", "")
    found = [] if "default-src 'none'" in policy and "frame-ancestors 'none'" in policy else ["policy"]
    found += ["unsafe"] if "unsafe" in policy else []
    found += [] if headers.get("x-content-type-options") == "nosniff" else ["nosniff"]
    found += [] if headers.get("cache-control") == "no-store" else [f"cache {headers.get('cache-control')}"]
    found += [] if headers.get("referrer-policy") == "same-origin" else ["referrer"]
    found += [] if headers.get("x-frame-options", "DENY") == "DENY" else ["frame"]
    found += ["server"] if {"server", "x-powered-by"} & headers.keys() else []
    return found


def small(answer: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.items()}


def test_every_answer_of_a_page_or_of_the_api_stands_in_the_frame(door: Door) -> None:
    seen = set()
    for asker in (EVERYTHING, Asker("nobody", "person"), Asker("stranger", "stranger")):
        door.clients.clear()
        person = door.client(asker)
        person.raise_request_exception = False
        # Who is signed out asks as a stranger, so that comes last.
        for name, pattern in sorted(ROUTES, key=lambda route: route[0] == "account_logout"):
            for method in (*methods_of(name, pattern), "put"):
                answer = getattr(person, method)(address(pattern))
                wrong = [item for item in faults(small(answer)) if not item.startswith("cache max-age=0")]
                assert wrong == [], (name, method, answer.status_code)
                assert answer["X-Frame-Options"] == "DENY"
                assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
                seen.add(answer.status_code)
        assert faults(small(person.get("/nowhere"))) == []
    assert {200, 302, 401, 403, 404, 405} <= seen


def test_no_form_and_no_session_is_taken_without_its_second_token(door: Door) -> None:
    door.client(EVERYTHING)
    client = Client(enforce_csrf_checks=True)
    client.cookies = door.clients["pat"].cookies
    tried = 0
    for name, pattern in ROUTES:
        for method in set(methods_of(name, pattern)) - {"get", "head"}:
            if ACCESS[name].who(method.upper()) is None:
                continue
            answer = getattr(client, method)(address(pattern))
            assert answer.status_code == 403, (name, method)
            assert b"too old or was not ours" in answer.content, name
            tried += 1
    assert tried > 60


PROGRAM = """
import json, django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
names = [name for name in dir(settings) if "COOKIE" in name or "HSTS" in name]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_django_has_nothing_to_warn_of_and_cookies_are_bound_to_the_host(tmp_path: Any) -> None:
    from gemba.server.secret import make_secret

    make_secret(tmp_path / "keys")
    plain = {key: text for key, text in os.environ.items() if not key.startswith(("GEMBA_", "DJANGO_"))}
    plain |= {"GEMBA_DATA": str(tmp_path), "GEMBA_HTTPS": "1"}
    plain["DJANGO_SETTINGS_MODULE"] = "gemba.server.settings"
    done = subprocess.run(  # noqa: S603 (ours)
        [sys.executable, "-c", PROGRAM], env=plain, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    for name in ("SESSION", "CSRF"):
        assert found[f"{name}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{name}_COOKIE_SECURE"]
        assert found[f"{name}_COOKIE_SAMESITE"] == "Lax"
        assert (found[f"{name}_COOKIE_PATH"], found[f"{name}_COOKIE_DOMAIN"]) == ("/", None)
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["SECURE_HSTS_SECONDS"] >= 365 * 86_400


# The outer half


ONE = b'{"source":"g","sequence":1,"characteristic":"C","value":1}'


class Outer:
    """The application of the outer half, asked without a network; ``asker`` is whoever asks now."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asker = Asker("stranger", "stranger")
        self.must = self.language = ""
        for module in ("ingest.route", "live.route", "health"):
            patch.setattr(f"gemba.server.{module}.whose", self._whose)
        patch.setattr("gemba.server.outer.ready", self._ready)
        patch.setattr("gemba.server.health._deliveries", lambda: (0, 0))
        patch.setattr("gemba.server.ingest.route._forged", lambda _: False)
        plant = assemble(ClockKeeper(Watch()))
        patch.setattr(plant.writer, "take", self._take)
        plant.feed.close()  # a stream ends with its first words
        plant.readable = lambda *_: frozenset()
        self.app = application(plant)

    async def _ready(self, _request: Any, _plant: Any) -> JSONResponse:
        return JSONResponse({})

    async def _whose(self, _request: Any) -> Identity | None:
        if self.asker.kind == "stranger":
            return None
        from gemba.quality.records.actor import Actor

        kind: Any = self.asker.kind
        return Identity(Actor(kind, f"{kind}:1", "x", self.asker.grants), 1, "", self.must, self.language)

    async def _take(self, readings: Any, actor: Any) -> Any:
        from gemba.quality.control.collecting.reading import Receipt

        return [Receipt(source=r.source, sequence=r.sequence, status="accepted", reading=1) for r in readings]

    def ask(
        self, method: str, path: str, *, body: bytes = ONE, language: str = "en", query: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        sent: list[Any] = []
        scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "raw_path": path.encode()}
        headers = [(b"host", b"localhost"), (b"accept-language", language.encode())]
        scope |= {"query_string": query.encode(), "headers": headers, "client": ("10.0.0.9", 1)}
        scope |= {"server": ("localhost", 80), "scheme": "http", "http_version": "1.1", "root_path": ""}
        messages = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return messages.pop() if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        given = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], given, b"".join(item.get("body", b"") for item in sent[1:])


OUTER = {name: f"/{name}" for name in ("live", "health", "ready", "metrics")} | {
    "readings": "/api/v1/readings"
}


@pytest.fixture
def outer(monkeypatch: pytest.MonkeyPatch) -> Outer:
    return Outer(monkeypatch)


def test_the_outer_half_answers_as_its_table_says_and_in_the_frame(outer: Outer) -> None:
    named = {str(getattr(route, "name", "")) for route in outer.app.routes}
    assert named & ACCESS.keys() == OUTER.keys() == set(ACCESS) - {name for name, _ in ROUTES}
    for asker in askers():
        outer.asker = asker
        for name, path in OUTER.items():
            for method in ("GET", "POST", "PUT", "DELETE"):
                status, headers, _ = outer.ask(method, path)
                wanted = gate(name, method if method == "GET" else "POST", asker)
                if method in ("PUT", "DELETE") or wanted == 405:
                    assert (status, bool(headers["allow"])) == (405, True)
                else:
                    turned = status if status in (401, 403) else 0
                    if name == "metrics" and wanted:
                        wanted = 403
                    assert turned == wanted, (asker.name, name, method, status)
                assert faults(headers) == [], (name, headers)


def test_an_address_that_is_none_is_answered_in_the_frame(outer: Outer) -> None:
    for path in ("/a\nb", "/api/v1/records/x\ny"):
        status, headers, _ = outer.ask("GET", path)
        assert (status, headers["content-type"], faults(headers)) == (404, "application/problem+json", [])


SENDER = Asker("gauge", "token", frozenset({("ingest", "*")}))
READINGS = "/api/v1/readings"


def told(answer: tuple[int, dict[str, str], bytes]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer[2])
    return found


def test_what_the_outer_half_says_is_said_in_the_language_of_who_asks(outer: Outer) -> None:
    assert (
        told(outer.ask("POST", READINGS, language="de-AT, en;q=0.5"))["title"] == "Melden Sie sich zuerst an"
    )
    assert told(outer.ask("POST", READINGS, language="fr, *;q=0.1"))["title"] == "Sign in first"
    outer.asker, outer.language = EVERYTHING, "de"
    assert told(outer.ask("POST", READINGS, body=b"[]"))["title"] == "Nicht verwendbar"
    outer.must = "password"
    assert told(outer.ask("POST", READINGS))["detail"].startswith("Ihr Kennwort")
    assert spoken() == "en"


def test_no_text_of_the_outer_half_escapes_the_catalogue(
    outer: Outer, marked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gemba.server.web.language.language_asked", lambda _: LANGUAGE)
    answers = [outer.ask("POST", READINGS), outer.ask("GET", "/live"), outer.ask("PUT", READINGS)]
    answers += [outer.ask("GET", "/metrics"), outer.ask("GET", "/a\nb")]
    outer.asker = Asker("nobody", "person")
    answers += [outer.ask("POST", READINGS), outer.ask("GET", "/live")]
    outer.asker = EVERYTHING
    bodies = [b"[]", ONE.replace(b":1}", b":null}"), ONE.replace(b":1}", b':"' + b"9" * 61 + b'"}')]
    answers += [outer.ask("POST", READINGS, body=body) for body in bodies]
    many = ",".join(map(str, range(201)))
    answers += [outer.ask("GET", "/live", query=f"charts={asked}") for asked in ("x", many)]
    monkeypatch.setattr("gemba.server.ingest.route.MOST_BYTES", 5)
    answers.append(outer.ask("POST", READINGS))
    monkeypatch.setattr("gemba.server.ingest.route._forged", lambda _: True)
    answers.append(outer.ask("POST", READINGS))
    found = [told(answer) for answer in answers]
    assert len({item["detail"] for item in found}) >= 12
    assert [item for item in found if bare(item["title"] + item["detail"])[0]] == []


def test_each_request_is_a_page_that_is_patient_with_readings(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(store, "begin_page", lambda: begun.append("page"))
    for path in ("/account/login", "/", "/api/v1/records/characteristic"):
        client.get(path)
    assert begun == ["page"] * 3
