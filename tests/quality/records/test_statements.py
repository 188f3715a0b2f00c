"""Rows go into both databases as they are, however awkward; a statement that fails leaves nothing behind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from gemba.quality.records import store
from gemba.quality.records.store import statements
from gemba.quality.records.store.elsewhere import grown
from gemba.quality.records.store.wire import Write

pytestmark = pytest.mark.django_db
INTAKE = ("source", "sequence", "digest", "reading", "quarantine")
POINT = (
    *("id", "tx", "stream", "position", "sequence", "judgement", "slots", "n", "first", "second", "limits"),
    *(
        "fired",
        "signal",
        "first_reading",
        "last_reading",
        "last_position",
        "at",
        "subgroup",
        "fault",
        "memory",
    ),
)
AWKWARD = (
    'back\\slash "quoted" {braced, listed}',
    "null",
    "",
    "line\nend\ttab\x7f",
    "Ä 漢 🙂",
    "%s %% $1 '",
)


def intake(count: int, *, first: int = 0) -> list[tuple[Any, ...]]:
    return [
        (AWKWARD[place % len(AWKWARD)] or "x", first + place, bytes([place % 256]) * 4, None, place)
        for place in range(count)
    ]


def stored_intake() -> list[tuple[Any, ...]]:
    rows = store.fetch(f"SELECT {', '.join(INTAKE)} FROM collecting_intake ORDER BY sequence")  # noqa: S608
    return [(row[0], row[1], bytes(row[2]), *row[3:]) for row in rows]


def points(floats: Sequence[float | None], memory: Sequence[str | None]) -> list[tuple[Any, ...]]:
    return [
        (n, 1, 1, n, n, 1, 0, 1, value, None, None, "", None, 1, 1, 1, 5, AWKWARD[n % 6], "", text)
        for n, (value, text) in enumerate(zip(floats, memory, strict=True))
    ]


@pytest.mark.parametrize("count", [1, 2, 7, 300, 6000])
def test_rows_are_stored_as_they_are(count: int) -> None:
    rows = intake(count)
    store.insert_many("collecting_intake", INTAKE, rows)
    assert stored_intake() == rows


def test_numbers_texts_and_nothing_keep_their_kind() -> None:
    floats = [0.1, -0.0 if grown() else 1.0, 0.0, math.pi * 1e300, None, 5e-324]  # SQLite knows one zero
    memory = [None, "null", "{}", '"', "\\", "\n"]
    store.insert_many("monitoring_point", POINT, points(floats, memory))
    found = store.fetch("SELECT first, subgroup, memory FROM monitoring_point ORDER BY id")
    assert [repr(row[0]) for row in found] == [repr(value) for value in floats]
    assert [row[1:] for row in found] == [(AWKWARD[n], text) for n, text in enumerate(memory)]


def test_what_was_the_same_in_all_rows_and_in_two_columns_may_differ_later() -> None:
    alike = points([None] * 150, [None] * 150)
    store.insert_many("monitoring_point", POINT, alike)
    later = [
        (n + 150, 1, 1, n + 150, n, *row[5:])
        for n, row in enumerate(points([0.5, None, -2.0], ["a", None, "b"]))
    ]
    store.insert_many("monitoring_point", POINT, later)
    assert store.fetch(f"SELECT {', '.join(POINT)} FROM monitoring_point ORDER BY id") == [*alike, *later]  # noqa: S608


def test_bytes_of_any_length_and_none_are_kept() -> None:
    texts = [b"", b"\x00\xff" * 20, b"'", b"x" * 5000]
    rows = [("a", n, texts[n % 4], n, None if n % 3 else n) for n in range(40)]
    store.insert_many("collecting_intake", INTAKE, rows)
    assert stored_intake() == rows


@pytest.mark.parametrize("count", [60, 300])
def test_only_new_rows_are_taken_again_and_again(count: int) -> None:
    with store.transaction():
        assert store.insert_new("collecting_intake", INTAKE, intake(count)) == count
    for turn in range(1, 4):
        more = intake(count * (turn + 1))
        with store.transaction():
            assert store.insert_new("collecting_intake", INTAKE, more) == count
            assert store.insert_new("collecting_intake", INTAKE, more) == 0
        assert stored_intake() == more


def test_a_row_that_is_wrong_is_no_row_that_is_there() -> None:
    rows = [*intake(150), ("x", None, b"", None, 1)]
    with pytest.raises(DatabaseError), store.transaction():
        store.insert_new("collecting_intake", INTAKE, rows)
    assert stored_intake() == []


def test_numbers_between_which_another_took_some_are_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.next_values("reading", 500)
    interrupted = statements._DRAWN.replace("MAX(number)", "MAX(number) + 1")
    monkeypatch.setattr(statements, "_DRAWN", interrupted)
    after = store.next_values("reading", 500)
    assert list(before) == list(range(before[0], before[0] + 500))
    assert list(after) == sorted({*after} - {*before})
    assert len(after) == 500


def test_a_key_is_compared_byte_by_byte_in_both_databases() -> None:
    rows = [(source, 1, b"", None, 1) for source in ("a", "B", "ä", "Z", "a-1")]
    store.insert_many("collecting_intake", INTAKE, rows)
    found = store.fetch("SELECT source FROM collecting_intake ORDER BY source")
    assert [source for (source,) in found] == ["B", "Z", "a", "a-1", "ä"]
    if grown():
        told = store.fetch("SELECT pg_collation_for(source) FROM collecting_intake LIMIT 1")
        assert told == [('"C"',)]


def test_what_a_grown_store_is_to_lock_must_be_there() -> None:
    with store.transaction():
        store.lock_ids("collecting_stream", [])
    if grown():
        with pytest.raises(DatabaseError, match="0 rows of collecting_stream"), store.transaction():
            store.lock_ids("collecting_stream", [-5, -5])


def insert(*rows: tuple[Any, ...], then: str = "") -> None:
    """Insert rows in a transaction of their own, and ask something afterwards."""
    with store.transaction():
        store.insert_many("collecting_intake", INTAKE, rows)
        if then:
            store.fetch(then)


def insert_and_think_better(rows: list[tuple[Any, ...]]) -> None:
    with store.transaction():
        store.insert_many("collecting_intake", INTAKE, rows)
        raise DatabaseError("planned")


@pytest.mark.parametrize("count", [600, 6000])
def test_what_many_rows_met_is_told_by_the_end_of_their_transaction(count: int) -> None:
    rows = [*intake(count), intake(1)[0]]
    for then in ("", "SELECT 1"):
        with pytest.raises(IntegrityError):
            insert(*rows, then=then)
        assert stored_intake() == []
    with store.transaction():
        store.insert_many("collecting_intake", INTAKE, intake(count))
        store.insert_many("collecting_intake", INTAKE, intake(count, first=count))
    assert stored_intake() == [*intake(count), *intake(count, first=count)]


@pytest.mark.django_db(transaction=True)
def test_a_value_that_no_database_takes_ends_its_transaction_and_no_other() -> None:
    with pytest.raises((DatabaseError, OverflowError)):
        insert_and_think_better([*intake(6000), ("x", 2**70, b"", None, 1)])
    insert(*intake(600))
    assert len(stored_intake()) == 600


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("more", [0, 1])
def test_many_rows_may_be_taken_back_before_they_are_written(more: int) -> None:
    with pytest.raises(DatabaseError):
        insert_and_think_better([*intake(6000), *intake(more)])
    assert stored_intake() == []
    with pytest.raises(IntegrityError):
        insert(*intake(6000), intake(1)[0])
    assert stored_intake() == []
    insert(*intake(6000))
    assert len(stored_intake()) == 6000


def test_columns_become_the_rows_that_they_are() -> None:
    sequences = range(900)
    columns = (["a"] * 450 + ["b"] * 450, sequences, store.Same(b"x"), sequences, store.Same(None))
    store.insert_columns("collecting_intake", INTAKE, columns)
    expected = [("a" if n < 450 else "b", n, b"x", n, None) for n in sequences]
    assert list(store.each_row(columns)) == expected
    assert stored_intake() == expected


def test_only_new_rows_are_taken() -> None:
    store.insert_many("collecting_intake", INTAKE, intake(60))
    more = intake(120)
    assert store.insert_new("collecting_intake", INTAKE, more) == 60
    assert stored_intake() == more


def test_fewer_columns_of_a_table_may_follow_more() -> None:
    store.insert_many("collecting_intake", INTAKE, intake(200))
    fewer = [row[:3] for row in intake(200, first=200)]
    store.insert_many("collecting_intake", INTAKE[:3], fewer)
    assert [row[:3] for row in stored_intake()[200:]] == fewer


def test_a_text_that_would_be_cut_off_is_refused() -> None:
    rows = [("before\0after", 1, b"", None, 1), ("other", 2, b"", None, 1)]
    for given in (rows, rows[:1]):
        if grown():
            with pytest.raises(DatabaseError), store.transaction():
                store.insert_many("collecting_intake", INTAKE, given)
        else:
            with store.transaction():
                store.insert_many("collecting_intake", INTAKE, given)
                assert {row[0] for row in stored_intake()} >= {"before\0after"}
                store.fetch("DELETE FROM collecting_intake RETURNING sequence")
    assert stored_intake() == []


def test_what_fails_among_several_is_told_and_nothing_of_it_stays() -> None:
    rows = intake(2)
    writes = [store.inserting("collecting_intake", INTAKE, row) for row in (rows[0], rows[0], rows[1])]
    with pytest.raises(DatabaseError), store.transaction():
        store.write_together(writes)
    assert stored_intake() == []
    other = Write("UPDATE collecting_intake SET reading = %s WHERE sequence = %s", (1, 99), 1, "a row")
    with pytest.raises(DatabaseError, match="0 rows of a row"), store.transaction():
        store.write_together([writes[0], other])
    assert stored_intake() == []
    with store.transaction():
        store.write_together([writes[0], writes[2]])
    assert stored_intake() == rows


def test_a_statement_is_the_same_the_first_time_and_prepared() -> None:
    store.insert_many("collecting_intake", INTAKE, intake(9))
    asked = (
        "SELECT sequence FROM collecting_intake WHERE source = %s AND source LIKE 'back%%' AND digest = %s"
    )
    answers = [store.fetch(asked, [AWKWARD[0], bytes([6]) * 4]) for _ in range(4)]
    assert answers == [[(6,)]] * 4


def test_a_statement_stays_prepared_when_a_transaction_was_rolled_back() -> None:
    for turn in range(4):
        rows = intake(3, first=10 * turn)
        with pytest.raises(DatabaseError), store.transaction():
            store.write_together(
                [store.inserting("collecting_intake", INTAKE, row) for row in (*rows, rows[0])]
            )
    assert stored_intake() == []
    with store.transaction():
        store.insert_many("collecting_intake", INTAKE, rows)
    assert stored_intake() == rows


def test_each_of_many_numbers_is_asked_for_in_one_question_with_a_limit_of_its_own() -> None:
    rows = [
        (source, number, b"d", None, 0) for source, count in (("a", 5), ("b", 1)) for number in range(count)
    ]
    store.insert_many("collecting_intake", INTAKE, [("x", 1000 + n, b"d", None, n) for n in range(2)] + rows)
    statement = (
        "SELECT sequence, source FROM collecting_intake WHERE sequence >= %s ORDER BY sequence LIMIT %s"
    )
    found = store.fetch_each(statement, [1000, 1001, 3, *range(2000, 2200)], 1)
    assert sorted(found) == [(3, "a"), (1000, "x"), (1001, "x")]
    assert store.fetch_each(statement, [], 1) == []


@pytest.mark.parametrize("count", [0, 1, 7, 1500])
def test_the_row_that_follows_each_pair_of_text_and_number(count: int) -> None:
    chance = Random(count)  # noqa: S311 (a test that can be repeated)
    rows = sorted({(chance.choice('aAbß"'), chance.randrange(3000)) for _ in range(count)})
    store.insert_many("collecting_intake", INTAKE, [(*row, b"d", None, row[1] + 1) for row in rows])
    pairs = [(chance.choice('aAbß"c'), chance.randrange(3100)) for _ in range(count + 3)]
    chosen = "given.text, given.number, kept.sequence, kept.quarantine"
    found = store.fetch_following_later("collecting_intake", ("source", "sequence"), chosen, pairs)()
    expected = []
    for text, number in pairs:
        after = [row[1] for row in rows if row[0] == text and row[1] >= number]
        expected += [(text, number, min(after), min(after) + 1)] if after else []
    assert sorted(found) == sorted(expected)


@pytest.mark.skipif(grown(), reason="a grown store keeps an index beside the table")
@pytest.mark.parametrize("table", ["collecting_intake", "collecting_progress"])
def test_rows_lie_in_the_order_of_their_key(table: str) -> None:
    made = store.fetch("SELECT sql FROM sqlite_master WHERE name = %s", [table])[0][0]
    assert made.endswith("WITHOUT ROWID")
