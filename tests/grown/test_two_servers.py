"""Two servers on one database work as one plant: nothing doubled, nothing missed, nothing stale."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count

from gemba.quality.control.collecting.models import StoredReading
from gemba.quality.control.nonconformance.models import Nonconformance
from gemba.quality.people.models import Person
from gemba.quality.people.queries import actor_of
from gemba.quality.planning.products import services as products
from gemba.quality.planning.products.inputs import CharacteristicInput
from gemba.quality.planning.products.models import Characteristic
from gemba.quality.records import store
from gemba.quality.records.actor import Actor, system
from gemba.quality.records.models import Delivery, Event, Header
from gemba.quality.records.trail import verify
from gemba.quality.records.work import recording
from grown.conftest import Pair
from server.served import Served, events, first_data

GIVEN = CharacteristicInput(
    name="Bore",
    unit="mm",
    lsl=Decimal("9.9"),
    usl=Decimal("10.1"),
    chart_kind="i-mr",
    stream_keys="machine",
)


def sent(server: Served, machine: str, first: int, count: int, **more: Any) -> list[Any]:
    """Readings of one machine in one request; their receipts."""
    stream = {"machine": machine}
    many = [server.reading(n, source=machine, stream=stream, **more) for n in range(first, first + count)]
    status, answer = server.send(many)
    assert status == 200, answer
    receipts: list[Any] = answer["receipts"]
    return receipts


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        threading.Event().wait(0.1)


def person(name: str) -> Actor:
    found = actor_of(Person.objects.get(username=name).pk)
    assert found is not None
    return found


def test_what_one_has_taken_the_other_knows(pair: Pair) -> None:
    one = pair.first.send(pair.first.reading(1))[1]
    again = pair.second.send(pair.second.reading(1))[1]
    assert (again["repeated"], again["reading"]) == (True, one["reading"])


def test_a_person_signed_in_at_one_is_signed_in_at_the_other(pair: Pair) -> None:
    cookie = f"gemba={pair.first.sign_in('rita')['gemba']}"
    assert pair.second.ask("GET", "/charts.json", Cookie=cookie)[0] == 200


def test_both_at_once_on_the_same_machines_lose_and_double_nothing(pair: Pair) -> None:
    machines, batches, size = [f"B{n}" for n in range(6)], 10, 20
    work = [(n % 2, machine, n * size) for n in range(batches) for machine in machines]

    def send(item: tuple[int, str, int]) -> int:
        server, machine, first = item
        receipts = sent(pair.both[server], machine, first, size)
        return sum(receipt["status"] == "accepted" for receipt in receipts)

    with ThreadPoolExecutor(6) as senders:
        assert sum(senders.map(send, work)) == len(work) * size
    with pair.store():
        rows = StoredReading.objects.filter(source__in=machines)
        assert rows.count() == len(work) * size
        assert rows.values("source", "sequence").distinct().count() == len(work) * size
        assert verify().findings == ()


def test_a_bad_value_has_its_reactions_once(pair: Pair) -> None:
    with pair.store():
        drafts = Nonconformance.objects.count()
    for turn, machine in enumerate(["R0", "R1", "R2", "R3"]):
        sent(pair.both[turn % 2], machine, 1, 3)
        sent(pair.both[(turn + 1) % 2], machine, 4, 1, value="10.5")
    with pair.store():
        until(lambda: not Delivery.objects.exclude(state="done").exists())
        doubled = Delivery.objects.values("event", "reaction").annotate(n=Count("id")).filter(n__gt=1)
        assert not doubled.exists()
        assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
        assert Event.objects.filter(name="ReadingNonconforming").exists()
        assert Nonconformance.objects.count() == drafts + 4
        assert verify().findings == ()


def test_a_specification_released_elsewhere_judges_the_next_reading_of_both(pair: Pair) -> None:
    for server, machine in zip(pair.both, ("S0", "S1"), strict=True):
        assert sent(server, machine, 1, 1, value="10.05")[0]["verdict"] == "conform"
    with pair.store():
        about: dict[str, Any] = {"actor": person("ada"), "now": datetime.now(UTC)}
        record = Characteristic.objects.select_related("header").get(header__number=pair.first.number)
        products.start_change(characteristic=record, reason="tighter", **about)
        given = replace(GIVEN, usl=Decimal("10.02"))
        products.edit_characteristic(characteristic=record, given=given, **about)
        products.release(characteristic=record, actor=person("bert"), now=datetime.now(UTC))
    for server, machine in zip(pair.both, ("S0", "S1"), strict=True):
        assert sent(server, machine, 2, 1, value="10.05")[0]["verdict"] == "nonconform"


def test_a_browser_at_one_is_told_of_a_point_that_came_to_the_other(pair: Pair) -> None:
    sent(pair.second, "L0", 1, 1)
    with pair.store():
        stream = StoredReading.objects.get(source="L0", sequence=1).stream_id
    cookie = f"gemba={pair.first.sign_in('rita')['gemba']}"
    with events(pair.first, stream, Cookie=cookie) as lines:
        assert next(lines) == "retry: 2000"
        sent(pair.second, "L0", 2, 1)
        assert first_data(lines)["chart"] == stream


def test_both_say_that_they_are_ready_and_what_they_do_by_themselves_does_not_fail(pair: Pair) -> None:
    for server in pair.both:
        assert server.ask("GET", "/ready")[0] == 200
        figures = server.ask("GET", "/metrics")[2].decode()
        failures = [line for line in figures.splitlines() if line.startswith("gemba_job_failures")]
        assert failures
        assert all(line.endswith(" 0") for line in failures), failures


def test_whoever_changes_a_record_holds_nobody_up_who_writes_about_it(pair: Pair) -> None:
    """Both end with the head of the trail: who waits for a record while he holds it waits for ever."""
    with pair.store():
        record = Header.objects.get(number=pair.first.number).pk
    about: dict[str, Any] = {"actor": system("test"), "now": datetime.now(UTC)}

    def write_about() -> int:
        with pair.store(), recording(**about) as work:
            return work.enter("looked at", header=record)

    with ThreadPoolExecutor(1) as other, pair.store(), recording(**about) as work:
        assert store.lock_row(Header, record) is not None
        assert other.submit(write_about).result(timeout=30) > 0
        work.enter("changed", header=record)
