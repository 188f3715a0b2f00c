"""Whoever only reads gives way to readings: a page until its patience ends, others for a share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection, transaction

from gemba.quality.records import store
from gemba.quality.records.store.precedence import LONGEST, PATIENCE, Precedence


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def precedence(clock: Clock) -> Precedence:
    return Precedence(clock)


def waits(precedence: Precedence, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[float]]:
    """How long a reader waited at each question so far, in seconds of the clock."""
    waited: list[float] = []

    def wait(timeout: float) -> bool:
        waited.append(timeout)
        clock.now += 0.005
        return True

    monkeypatch.setattr(precedence._free, "wait", wait)
    return lambda: waited


def test_nobody_waits_while_nobody_goes_first(
    precedence: Precedence, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = waits(precedence, clock, monkeypatch)
    precedence.give_way()
    with precedence.taken():
        precedence.give_way()  # who goes first does not wait for himself
    assert waited() == []


def test_a_reader_waits_at_most_two_thirds_of_its_time(
    precedence: Precedence, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = waits(precedence, clock, monkeypatch)
    with ThreadPoolExecutor(1) as other, precedence.taken():
        for moment in (0.0, 0.006, 0.0074, 0.0076):
            clock.now = moment
            other.submit(precedence.give_way).result()
    assert waited() == [LONGEST, LONGEST]  # 5 ms at 0; again not before 7.5 ms


def test_a_page_waits_at_each_question_until_its_patience_ends(
    precedence: Precedence, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = waits(precedence, clock, monkeypatch)

    def page() -> int:
        precedence.begin_page()
        before = len(waited())
        for _ in range(200):
            precedence.give_way()  # each waits 5 ms, and nothing is computed in between
        return len(waited()) - before

    patient = round(PATIENCE / 0.005)
    with ThreadPoolExecutor(1) as other, precedence.taken():
        for _ in range(2):  # the next page is patient again
            assert 1 <= other.submit(page).result() - patient <= 2  # then it rests, and the clock stands
            clock.now += 1


def test_a_reader_goes_on_when_the_first_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    precedence, waiting = Precedence(), threading.Event()
    wait = precedence._free.wait

    def long_wait(_timeout: float) -> bool:
        waiting.set()
        return wait(60)

    monkeypatch.setattr(precedence._free, "wait", long_wait)
    with ThreadPoolExecutor(1) as other:
        with precedence.taken():
            asked = other.submit(precedence.give_way)
            assert waiting.wait(60)
            assert not asked.done()
        asked.result(60)


@pytest.mark.django_db(transaction=True)
def test_only_a_question_outside_of_transactions_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    backend = import_module(f"{settings.DATABASES['default']['ENGINE']}.base")
    connection.ensure_connection()
    monkeypatch.setattr(backend, "give_way", lambda: given.append("way"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert given == ["way"]
        cursor.execute("UPDATE records_counter SET value = value WHERE key = ''")
    with transaction.atomic():
        store.fetch("SELECT 1")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    assert given == ["way"]
