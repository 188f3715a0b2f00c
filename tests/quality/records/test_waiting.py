"""A write of a grown store waits for the next question: nothing of it is lost, mixed up or told too late."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection

from charted.plant import OPERATOR, Plant
from collected.committed import emptied_afterwards
from gemba.quality import loop
from gemba.quality.control.collecting.models import Intake
from gemba.quality.records import store
from gemba.quality.records.ledger import Ledger
from gemba.quality.records.store import sending, wire
from gemba.quality.records.store.rows import write_counters
from gemba.quality.records.store.sending import Question, Sent
from gemba.quality.records.store.texted import LONG
from gemba.stats.charts import known_limits

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="nothing goes over a wire")
INTAKE = ("source", "sequence", "digest", "reading", "quarantine")


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> Iterator[None]:
    with emptied_afterwards():
        yield


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The statements of each message, by their first words."""
    found: list[list[str]] = []
    ask, put = sending.send, sending.put

    def counted(direct: Any, values: Any, names: Any, asked: Sequence[Question]) -> list[Any]:
        found.append([statement.split()[0] for statement, _ in asked])
        return ask(direct, values, names, asked)

    def set_off(there: Any, writes: Sequence[Sent], *, begun: bool) -> Iterator[int]:
        found.append([f"{one.statement.split()[0]}..." for one in writes])
        return put(there, writes, begun=begun)

    monkeypatch.setattr(wire, "send", counted)
    monkeypatch.setattr(wire, "put", set_off)
    return found


def keys(*numbers: int) -> None:
    store.insert_many("collecting_intake", INTAKE, [("press", number, b"", None, None) for number in numbers])


def many(first: int, count: int = LONG) -> None:
    numbers = range(first, first + count)
    columns = (store.Same("press"), numbers, store.Same(b""), store.Same(None), store.Same(None))
    store.insert_columns("collecting_intake", INTAKE, columns)


def together(*steps: Callable[[], object]) -> None:
    with store.transaction():
        for step in steps:
            step()


def leave() -> None:
    raise ValueError("left")


def kept() -> list[int]:
    return list(Intake.objects.order_by("sequence").values_list("sequence", flat=True))


def test_writes_go_with_the_next_question_and_the_last_ones_with_the_commit(sent: list[list[str]]) -> None:
    with store.transaction():
        keys(1)
        keys(2)
        assert sent == []
        assert store.fetch("SELECT COUNT(*) FROM collecting_intake") == [(2,)]
        keys(3)
    assert sent == [["INSERT", "INSERT", "SELECT"], ["INSERT", "COMMIT"]]
    assert kept() == [1, 2, 3]


def test_django_sees_what_was_written_before_it_asks() -> None:
    with store.transaction():
        keys(1)
        assert kept() == [1]
        keys(2)
        assert len(list(store.stream("SELECT sequence FROM collecting_intake"))) == 2
        keys(3)
        Intake.objects.filter(sequence=3).delete()
        keys(3)
    assert kept() == [1, 2, 3]


def test_a_write_that_fails_is_told_before_anybody_takes_it_for_done() -> None:
    keys(1)
    with pytest.raises(DatabaseError):
        together(lambda: keys(2), lambda: keys(1))
    assert kept() == [1]
    with store.transaction():
        keys(3)
        with pytest.raises(DatabaseError):
            together(lambda: keys(4), lambda: keys(1))
        keys(5)
    assert kept() == [1, 3, 5]
    with pytest.raises(DatabaseError):  # outside a transaction at once
        keys(1)


def test_what_waits_in_a_part_that_is_rolled_back_is_forgotten(sent: list[list[str]]) -> None:
    with store.transaction():
        keys(1)
        with pytest.raises(ValueError, match="left"):
            together(lambda: keys(2), leave)
        keys(3)
    with pytest.raises(ValueError, match="left"):
        together(lambda: keys(4), leave)
    with store.transaction():
        keys(5)
    assert kept() == [1, 3, 5]
    assert sent == [["INSERT"], ["INSERT", "COMMIT"], ["INSERT", "COMMIT"]]


def test_a_transaction_with_a_failure_that_nobody_minded_is_not_taken_for_stored() -> None:
    def mind_nothing() -> None:
        with suppress(DatabaseError):
            store.fetch("SELECT 1 / 0")

    with pytest.raises(DatabaseError, match="had failed before"):
        together(lambda: keys(1), mind_nothing)
    assert kept() == []


def test_a_write_that_concerns_other_rows_than_it_must_is_told() -> None:
    change = wire.Write("UPDATE collecting_intake SET reading = 1 WHERE source = 'press'", (), 2, "keys")
    keys(1)
    with pytest.raises(DatabaseError, match="1 rows of keys were written instead of 2"), store.transaction():
        store.write_together([change])
    assert Intake.objects.get().reading is None


def test_numbers_of_transactions_are_drawn_ahead_and_never_given_out_twice(sent: list[list[str]]) -> None:
    given: list[int] = []
    for turn in range(70):
        with suppress(ValueError), store.transaction():
            given += store.next_of("tx")
            if turn % 3 == 0:
                leave()
    assert len(set(given)) == 70
    assert [asked for message in sent for asked in message].count("SELECT") == 3  # 32 each time
    with store.transaction():
        tx, entry = store.next_of("tx", "entry")
    assert tx not in given
    assert store.next_of("entry") == (entry + 1,)
    later = store.next_of("tx")[0]  # outside a transaction nothing is kept
    assert later > max(given)
    with store.transaction():
        write_counters({"tx": later + 1000})  # as a restored store says
        assert store.next_of("tx") == (later + 1001,)


def test_a_question_for_later_goes_behind_the_next_one(sent: list[list[str]]) -> None:
    with store.transaction():
        keys(1)
        later = store.fetch_later("SELECT COUNT(*) FROM collecting_intake")
        pairs = store.fetch_paired_later("collecting_progress", ("stream_id", "source"), (), [(1, "press")])
        assert sent == []
        assert store.fetch("SELECT 7") == [(7,)]
        keys(2)
        assert later() == later() == [(1,)]  # as it was then, and not asked again
        assert pairs() == []
    assert sent == [["INSERT", "SELECT", "SELECT", "SELECT"], ["INSERT", "COMMIT"]]


def test_a_question_for_later_is_asked_when_its_answer_is_wanted_and_not_otherwise(
    sent: list[list[str]],
) -> None:
    with store.transaction():
        first, second = (store.fetch_later(f"SELECT {number}") for number in (1, 2))
        assert first() == [(1,)]
        assert second() == [(2,)]
        store.fetch_later("SELECT 3")
        keys(1)
    assert sent == [["SELECT", "SELECT"], ["INSERT", "COMMIT"]]
    assert store.fetch_later("SELECT 4")() == [(4,)]  # outside a transaction
    with store.transaction():
        assert store.fetch("SELECT 5") == [(5,)]
    assert sent[2:] == [["SELECT"], ["COMMIT"]]


def test_a_question_for_later_is_asked_anew_where_its_message_failed() -> None:
    keys(1)
    asked: list[Callable[[], list[tuple[Any, ...]]]] = []

    def ask() -> None:
        asked.append(store.fetch_later("SELECT COUNT(*) FROM collecting_intake"))
        keys(2)
        store.fetch("SELECT 1 / 0")

    with store.transaction():
        with pytest.raises(DatabaseError):
            together(ask)
        assert asked[0]() == [(1,)]
    assert kept() == [1]


def test_expected_numbers_are_drawn_with_the_next_question(sent: list[list[str]]) -> None:
    with store.transaction():
        ledger = Ledger()
        ledger.expect("reading", 3)
        assert store.fetch("SELECT 7") == [(7,)]
        first = ledger.draw_many("reading", 2)
        assert (len(first), len(sent)) == (2, 1)
        ledger.expect("reading", 1)
        fewer = ledger.draw_many("reading", 4)
        assert min(fewer) > first[1]
        before = len(sent)
        ledger.expect("reading", 3)
        assert store.fetch("SELECT 7") == [(7,)]
        parts = [*ledger.draw_many("reading", 1), *ledger.draw_many("reading", 2)]
        assert len(sent) == before + 1
        ledger.expect("reading", 3)
        assert store.fetch("SELECT 7") == [(7,)]
        ledger.expect("reading", 0)  # nothing older than now
        younger = ledger.draw_many("reading", 3)
        assert len(sent) == before + 3
        assert younger[0] > max(parts) + 3
    assert len({*first, *fewer, *parts}) == 9


def test_many_rows_are_inserted_while_the_program_goes_on(sent: list[list[str]]) -> None:
    with store.transaction():
        keys(1)
        many(10)
        keys(2)
        many(1000)
        assert sent == [["INSERT...", "INSERT..."], ["INSERT...", "INSERT..."]]
        keys(3)
        assert store.fetch("SELECT COUNT(*) FROM collecting_intake") == [(2 * LONG + 3,)]
        many(2000, LONG - 1)
    assert sent[2:] == [["INSERT", "SELECT"], ["INSERT", "COMMIT"]]
    with store.transaction():
        many(5000)
        assert Intake.objects.count() == 4 * LONG + 2
        many(6000)
    assert len(kept()) == 5 * LONG + 2


def test_many_rows_that_fail_are_told_before_anybody_takes_them_for_done() -> None:
    keys(10)
    for step in (lambda: None, lambda: keys(5000), lambda: many(5000), kept):
        with pytest.raises(DatabaseError, match="duplicate key"):
            together(lambda: many(1), step)
        assert kept() == [10]
    with store.transaction():
        keys(3)
        with pytest.raises(DatabaseError, match="duplicate key"):
            together(lambda: many(4))
        many(1000)
    assert kept() == [3, 10, *range(1000, 1000 + LONG)]


def test_many_rows_under_way_are_rolled_back_with_the_rest() -> None:
    with store.transaction():
        many(1000)
        with pytest.raises(ValueError, match="left"):
            together(lambda: many(5000), leave)
        with pytest.raises(ValueError, match="left"):  # and that they failed, nobody need be told
            together(lambda: many(1000), leave)
        keys(3)
    with pytest.raises(ValueError, match="left"):
        together(lambda: many(6000), leave)
    assert kept() == [3, *range(1000, 1000 + LONG)]


def test_many_rows_whose_connection_is_lost_are_not_taken_for_stored() -> None:
    def lose() -> None:
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        other.close()

    for last, told in ((keys, DatabaseError), (leave, ValueError)):
        with pytest.raises(told):
            together(lambda: many(1000), lose, last)
        connection.close()
        assert kept() == []


@pytest.mark.parametrize(("kind", "size"), [("i-mr", 1), ("xbar-r", 2)])
def test_a_commit_of_readings_is_four_messages(sent: list[list[str]], kind: str, size: int) -> None:
    plant = Plant(stream_keys="machine", chart_kind=kind, subgroup_size=size)
    machines = [{"machine": f"M{number}"} for number in range(8)]
    for machine in machines:
        plant.send("10.0", stream=machine)
    plant.know_limits(known_limits(kind, mean=10.0, sigma=0.02))
    for turn in range(3):
        sent.clear()
        value = f"10.0{turn}"
        batches = [(OPERATOR, [plant.reading(value, stream=machine)]) for machine in machines]
        receipts = loop.receive_joined(batches, now=plant.now)
    assert [one.verdict for (one,) in receipts] == ["conform"] * 8
    assert len(sent) == 4, sent
    sent.clear()
    assert [one.repeated for (one,) in loop.receive_joined(batches, now=plant.now)] == [True] * 8
    assert len(sent) == 5, sent
