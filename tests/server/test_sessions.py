"""How long a session lasts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from gemba.quality.people.policies import set_policy
from gemba.quality.records.actor import system
from gemba.server import clock
from gemba.server.identity import forget
from server.conftest import PASSWORD, make_person, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Client:
    make_person("ada", "reader")
    client = Client()
    forget()
    assert client.post("/account/login", {"login": "ada", "password": PASSWORD}).status_code == 302
    return client


def after(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    moment = clock.wall() + timedelta(minutes=minutes)
    monkeypatch.setattr("gemba.server.identity.sessions.steady", lambda: moment)
    forget()


def is_in(client: Client, **more: Any) -> bool:
    forget()
    return client.get("/me", **more).status_code == 200


def test_it_ends_after_two_hours_without_use_and_goes_on_with_it(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(monkeypatch, 119)
    assert is_in(ada)
    after(monkeypatch, 238)
    assert is_in(ada)
    after(monkeypatch, 238 + 121)
    assert not is_in(ada)


def test_who_comes_back_after_its_end_signs_in_again(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    after(monkeypatch, 121)
    forget()
    page = ada.get("/me", follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/account/login")
    forget()
    answer = ada.post("/account/login?next=/me", {"login": "ada", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me")
    assert is_in(ada)


def test_what_a_page_loads_by_itself_is_no_use_of_it(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    after(monkeypatch, 119)
    assert is_in(ada, HTTP_HX_REQUEST="true")
    assert is_in(ada, HTTP_ACCEPT="application/json")
    after(monkeypatch, 121)
    assert not is_in(ada)


def test_no_use_makes_it_longer_than_twelve_hours(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for minutes in range(100, 720, 100):
        after(monkeypatch, minutes)
        assert is_in(ada)
    after(monkeypatch, 721)
    assert not is_in(ada)


def test_the_plant_sets_the_minutes_and_nought_leaves_the_twelve_hours(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = {"name": "session_idle_minutes", "reason": "tablets at the line", "actor": system("setup")}
    set_policy(value=0, now=now(), **rule)  # type: ignore[arg-type]
    after(monkeypatch, 700)
    assert is_in(ada)
    set_policy(value=10, now=now(), **rule)  # type: ignore[arg-type]
    after(monkeypatch, 711)
    assert not is_in(ada)


def test_nobody_who_works_is_sent_away_by_the_shortest_rule(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule: dict[str, Any] = {"name": "session_idle_minutes", "reason": "kiosk", "actor": system("setup")}
    set_policy(value=1, now=now(), **rule)
    for seconds in range(20, 400, 50):
        after(monkeypatch, seconds / 60)
        assert is_in(ada), seconds
    after(monkeypatch, 12)
    assert not is_in(ada)


def test_use_within_a_minute_writes_nothing(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Session.objects.get().session_data
    after(monkeypatch, 0.5)
    assert is_in(ada)
    assert Session.objects.get().session_data == before
    after(monkeypatch, 2)
    assert is_in(ada)
    assert Session.objects.get().session_data != before
