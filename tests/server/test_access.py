"""Who may call what: every route is declared, and nobody passes but those who are named."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from gemba.quality.people.models import Person
from gemba.quality.people.roles import ROLES
from gemba.server.access import ACCESS, ANYBODY, SIGNED_IN, Rule, allows
from gemba.server.api.api import make_api
from gemba.server.web.gate import GateMiddleware
from server.conftest import client_of

VALUES = {
    "secret": "nothing",
    "identity": "999999",
    "type_name": "characteristic",
    "reference": "999999",
    "move": "release",
    "number": "1",
    "stream": "999999",
    "point": "1.1",
    "mark": "0" * 32,
    "which": "chart",
    "form": "csv",
    "code": "HAL",
    "page": "records/capa",
    "picture": "none",
}


def routes(resolver: Any, prefix: str = "", space: str = "") -> list[tuple[str, str]]:
    found = []
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            found += routes(part, prefix + str(part.pattern), inner)
        elif isinstance(part, URLPattern):
            found.append((space + str(part.name), prefix + str(part.pattern)))
    return found


ROUTES = routes(get_resolver())
DECLARED = make_api().get_openapi_schema()["paths"]


def address(pattern: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES[found[1]], pattern)


def test_every_route_is_declared_and_every_declaration_has_a_route() -> None:
    outer = {"readings", "live", "health", "ready", "metrics"}
    assert {name for name, _ in ROUTES} == set(ACCESS) - outer


@pytest.mark.django_db
def test_an_undeclared_route_is_refused(people: dict[str, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gemba.server.web.gate.ACCESS", {k: v for k, v in ACCESS.items() if k != "me"})
    assert client_of(people["engineer"]).get("/me").status_code == 403


def methods_of(name: str, pattern: str) -> tuple[str, ...]:
    """The methods of a route that are tried: of the API those that its description declares."""
    if not name.startswith("api:") or name in ("api:openapi-json", "api:api-root"):
        return ("get", "post")
    return tuple(DECLARED[re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{pattern}")])


def passed(answer: Any) -> bool:
    """Whether the gate let the request in, whatever the page said then."""
    if answer.status_code == 302:
        return not answer["Location"].startswith("/account/login?")
    body = answer.content.decode(errors="replace")
    refused = (
        "Your roles do not allow this",
        "Sign in, or send a token",
        "Nobody was given",
        "does not take",
    )
    return not any(words in body for words in refused)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["stranger", *ROLES])
def test_the_gate_lets_in_exactly_those_whom_the_table_names(people: dict[str, Person], role: str) -> None:
    client = Client() if role == "stranger" else client_of(people[role])
    skipped = {"account_login", "account_logout", "mfa_authenticate", "account_reauthenticate"}
    for name, pattern in ROUTES:
        if name in skipped or name.startswith("mfa_"):
            continue
        for method in methods_of(name, pattern):
            who = ACCESS[name].who(method.upper())
            expected = who is not None and (
                who == ANYBODY or (role != "stranger" and (who == SIGNED_IN or role in who))
            )
            answer = getattr(client, method)(address(pattern))
            assert passed(answer) == expected, (role, method, name, answer.status_code)


@pytest.mark.django_db
def test_a_token_passes_only_where_tokens_are_named(token: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {token}"})
    for name, pattern in ROUTES:
        answer = client.get(address(pattern))
        if ACCESS[name].who("GET") is None:
            assert answer.status_code == 405, name
        elif not ACCESS[name].tokens:
            assert answer.status_code == 403, (name, answer.status_code)


def test_a_rule_without_a_method_lets_nobody_in() -> None:
    assert Rule(read=SIGNED_IN).who("POST") is None
    assert not allows(SIGNED_IN, None)


@pytest.mark.django_db
def test_a_gate_that_cannot_ask_who_it_is_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("no answer")

    monkeypatch.setattr("gemba.server.web.gate.identify", broken)
    client = Client(raise_request_exception=False)
    client.cookies["gemba"] = "x"
    assert client.get("/trail").status_code == 500
    assert GateMiddleware(lambda _: None).process_exception(RequestFactory().get("/"), ValueError()) is None  # type: ignore[arg-type,return-value]
