"""Access that ends, ends at once; a guesser is slowed and keeps nobody out; failed signing is told."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from gemba.quality.control.nonconformance.factory import SECRET
from gemba.quality.people import services
from gemba.quality.people.models import Grant, Person, Token
from gemba.quality.records.models import Delivery, Task
from gemba.quality.records.outbox import deliver_due
from gemba.server.identity import asking, forget, identify
from gemba.server.ingest import route as ingest
from gemba.server.live import route
from server.asking import Asker, Door
from server.conftest import PASSWORD, SETUP, client_of, make_person, now
from server.everything import HERE, Everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_guessed_yet() -> None:
    cache.clear()


# Access ends


def ways_to_end(people: dict[str, Person], token: str) -> dict[str, Callable[[], object]]:
    """Each way, done behind the back of this process: by another one, on the same store."""
    engineer = people["engineer"]
    about: dict[str, Any] = {"actor": SETUP, "now": now()}
    return {
        "person": lambda: services.disable_person(person=engineer, reason="left", **about),
        "role": lambda: services.revoke_role(grant=Grant.objects.get(person=engineer), **about),
        "token": lambda: services.revoke_token(token=Token.objects.latest("pk"), **about),
        "password": lambda: services.set_password(person=engineer, password="another-long-one", **about),
    }


@pytest.mark.parametrize("way", ["person", "role", "token", "password"])
def test_what_another_process_ends_is_over_within_a_second(
    people: dict[str, Person], token: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(asking, "monotonic", lambda: clock.now)
    session = client_of(people["engineer"]).cookies["gemba"].value

    def ask() -> Any:
        return identify(token=token) if way == "token" else identify(session=session)

    before = ask()
    assert before is not None
    ways_to_end(people, token)[way]()
    clock.now += asking.KEPT_SECONDS
    after = ask()
    assert after is None or (way == "role" and after.actor.grants == frozenset())
    assert asking.KEPT_SECONDS + route.BREATH_SECONDS <= 1.0


def test_an_expired_token_is_over_at_its_moment(people: dict[str, Person], token: str) -> None:
    assert identify(token=token) is not None
    Token.objects.update(expires_at=0)
    forget()
    assert identify(token=token) is None


def test_one_of_many_asks_again_before_the_answer_ends(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(asking, "monotonic", lambda: clock.now)
    about = {"token": token, "client": "10.0.0.7"}
    assert not asking.is_ageing(**about)  # nothing is known
    assert identify(**about) is not None
    clock.now += asking.RENEWED_SECONDS - 0.01
    assert not asking.is_ageing(**about)
    clock.now += 0.02
    assert [asking.is_ageing(**about) for _ in range(3)] == [True, False, False]
    assert asking.identify_anew(**about) is not None
    clock.now += asking.KEPT_SECONDS - 0.01
    assert asking.kept(**about)[0]  # since it was asked again


def test_what_was_asked_before_all_was_forgotten_is_not_kept(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = asking._of_token

    def slowly(text: str, client: str) -> Any:
        found = real(text, client)
        forget()  # meanwhile the token was revoked
        return found

    monkeypatch.setattr(asking, "_of_token", slowly)
    assert identify(token=token) is not None
    assert asking.kept(token=token) == (False, None)


def test_what_an_administrator_ends_on_a_page_is_over_with_the_answer(people: dict[str, Person]) -> None:
    engineer, administrator = client_of(people["engineer"]), client_of(people["access_administrator"])
    page = f"/people/{people['engineer'].pk}"
    grant = Grant.objects.get(person=people["engineer"])
    assert engineer.get("/charts.json").status_code == 200
    administrator.post(page, {"what": "revoke", "grant": str(grant.pk)})
    assert engineer.get("/charts.json").status_code == 403
    assert engineer.get("/me.json").status_code == 200
    administrator.post(page, {"what": "disable", "reason": "left"})
    assert engineer.get("/me.json").status_code == 401


class Followed:
    """An event stream whose reader changes while it runs."""

    def __init__(self, patch: pytest.MonkeyPatch, identities: list[Any]) -> None:
        self.identities = identities
        patch.setattr(route, "whose", self._whose)
        patch.setattr(route, "BREATH_SECONDS", 0.001)

    async def _whose(self, _request: Any) -> Any:
        return self.identities.pop(0) if len(self.identities) > 1 else self.identities[0]

    def read(self) -> list[str]:
        async def all_of(stream: AsyncIterator[str]) -> list[str]:
            return [text async for text in stream]

        async def follow() -> list[str]:
            feed: Any = SimpleNamespace(stopping=False, join=lambda _: None, leave=lambda _: None)
            listener: Any = SimpleNamespace(fresh=asyncio.Event(), tell=lambda *_: None, take=dict)
            request: Any = None
            events = route._events(request, feed, listener, (0, {}), self.identities[0])
            return await asyncio.wait_for(all_of(events), 10)

        return asyncio.run(follow())


def test_an_event_stream_ends_with_the_right_to_it(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = client_of(people["engineer"]).cookies["gemba"].value
    known = identify(session=session)
    assert known is not None
    without = replace(known, actor=replace(known.actor, grants=frozenset()))
    elsewhere = replace(known, actor=replace(known.actor, grants=frozenset({("reader", "ULM")})))
    first = replace(known, must="factor")
    cases = ((None, "signed-out"), (without, "signed-out"), (first, "signed-out"), (elsewhere, "retry"))
    for then, last in cases:
        told = Followed(monkeypatch, [known, known, then]).read()
        assert last in told[-1]
        assert len(told) <= 2


def test_readings_wait_for_what_a_person_has_to_do_first(people: dict[str, Person]) -> None:
    known = identify(session=client_of(people["engineer"]).cookies["gemba"].value)
    assert known is not None
    assert ingest.admit(known, ("engineer",), "this") is known
    with pytest.raises(ingest.TurnedAway) as caught:
        ingest.admit(replace(known, must="factor"), ("engineer",), "this")
    assert caught.value.answer.status_code == 403
    assert b"second factor" in bytes(caught.value.answer.body)


# Coming in


def log_in(username: str, password: str, address: str = "10.0.0.1") -> Any:
    client = Client(REMOTE_ADDR=address)
    return client.post("/account/login", {"login": username, "password": password})


def words_of(answer: Any, username: str) -> str:
    text: str = answer.content.decode().replace(username, "NAME")
    lines = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
    return "\n".join(lines)


def test_an_unknown_a_known_and_an_ended_user_are_told_the_same_for_the_same_work(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    services.disable_person(person=people["reader"], reason="left", actor=SETUP, now=now())
    work: Counter[str] = Counter()
    real, tried = MD5PasswordHasher.encode, ""

    def counted(self: Any, password: str, salt: str) -> str:
        work[tried] += 1
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    told: set[tuple[int, str]] = set()
    for tried in ("engineer", "nobody-here", "reader"):
        answer = log_in(tried, "wrong-password-1", address=f"10.1.0.{len(told) + len(work)}")
        told.add((answer.status_code, words_of(answer, tried)))
    assert len(told) == 1
    assert len(set(work.values())) == 1, work
    assert len(work) == 3


def test_guesses_from_many_addresses_find_nothing_and_keep_nobody_out(
    people: dict[str, Person], request: pytest.FixtureRequest
) -> None:
    guesses = 10_000 if request.config.getoption("--full") else 150
    names = [person.username for person in people.values()]
    statuses: Counter[int] = Counter()
    slowed = 0
    for number in range(guesses):
        address = f"10.{number % 7}.{number % 11}.{number % 5}"
        answer = log_in(names[number % len(names)], f"guess-number-{number}", address)
        statuses[answer.status_code] += 1
        slowed += answer.status_code == 429 or b"Too many" in answer.content
    assert statuses[302] == 0
    for number, name in enumerate(names):
        assert log_in(name, PASSWORD, f"192.168.0.{number}").status_code == 302, name
    for _ in range(20):
        answer = log_in(names[0], "guess-again-and-again", "10.200.0.1")
        slowed += answer.status_code == 429 or b"Too many" in answer.content
    assert slowed > 0
    assert log_in(names[0], PASSWORD, "192.168.0.1").status_code == 302


# Signing


def test_failed_signing_locks_and_the_security_role_is_told(plant: Everything, door: Door) -> None:
    client = door.client(Asker("approver", "person", frozenset({("approver", HERE)})))
    limits = next(h.header for h in plant.held if (h.type, h.state) == ("limit-set", "proposed"))
    deliver_due(now())

    def approve(secret: str) -> set[str]:
        fields = {"valid_from": "2126-01-01T00:00:00+00:00", "why": "x"}
        body = {"fields": fields, "signature": {"secret": secret, "identifier": "pat"}}
        path = f"/api/v1/records/limit-set/{limits}/moves/approve"
        answer = client.post(path, json.dumps(body), content_type="application/json")
        return {reason["code"] for reason in answer.json().get("reasons", ())}

    assert [approve("wrong") for _ in range(5)] == [{"signing.wrong"}] * 5
    assert approve(SECRET) == {"signing.locked"}
    waiting = Delivery.objects.filter(event__name="SigningLocked")
    moment = now() + timedelta(seconds=10)
    while waiting.filter(state="waiting").exists() and deliver_due(moment):
        pass
    told = Task.objects.get(what="tasks.signing_locked")
    assert (told.assignee, told.state) == ("role:access_administrator", "open")
    administrator = make_person("watcher", "access_administrator")
    assert "locked" in client_of(administrator).get("/tasks.json").content.decode()
