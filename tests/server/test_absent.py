"""While the store is away every address says so in its own way, and when to come back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from starlette.requests import Request

from gemba.quality.records import store
from gemba.server.ingest import route
from gemba.server.ingest.writer import GroupWriter
from gemba.server.web import gate

ERRORS = [OperationalError("connection refused at 10.0.0.5"), InterfaceError("connection already closed")]


@pytest.fixture(params=ERRORS, ids=["unreachable", "cut"])
def away(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_asked: Any) -> None:
        raise request.param

    monkeypatch.setattr(gate, "identify", refuse)
    monkeypatch.setattr(route, "identify", refuse)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/charts", "text/html"),
        ("/", "text/html"),
        ("/charts.json", "application/problem+json"),
        ("/api/v1/search", "application/problem+json"),
    ],
)
def test_a_page_needs_nothing_of_the_store_to_say_that_it_is_away(away: None, path: str, kind: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"].startswith(kind)
    assert "store cannot be reached" in answer.content.decode()
    assert "10.0.0.5" not in answer.content.decode()


def test_any_other_accident_is_still_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_asked: Any) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(gate, "identify", fail)
    assert Client(raise_request_exception=False).get("/charts").status_code == 500


@pytest.mark.django_db
def test_a_wrong_statement_is_our_fault_and_no_trouble_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(**_asked: Any) -> None:
        with store.transaction():
            store.fetch("SELECT nothing FROM nowhere")

    monkeypatch.setattr(gate, "identify", ask)
    assert Client(raise_request_exception=False).get("/charts").status_code == 500
    assert store.trouble() == ""


def test_a_sender_is_asked_to_come_back(away: None) -> None:
    headers = [(b"authorization", b"Bearer gmb_of_nobody_yet")]
    scope = {"type": "http", "method": "POST", "path": "/api/v1/readings", "headers": headers, "client": None}
    writer = GroupWriter(lambda *_, **__: [], lambda: None)  # type: ignore[arg-type,return-value]
    answer = asyncio.run(route.take_readings(Request(scope), writer))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert json.loads(bytes(answer.body))["type"] == "/problems/store"
