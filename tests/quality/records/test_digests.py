"""The digests of sealed rows: the same for decades, one by one and many at once."""

from typing import Any

import pytest

from gemba.quality.control.monitoring.tables import POINT
from gemba.quality.records import store
from gemba.quality.records.canonical import digest_row
from gemba.quality.records.ledger import Ledger, SealedTable

TABLE = SealedTable("things", ("id", "tx", "text", "size", "memory"), later=2)
ROWS = [(1, 7, "a", None, None), (2, 7, "b", 1.5, None), (3, 7, "c", None, "[1]"), (5, 7, "d", 2.5, "[2]")]


def test_columns_that_came_later_count_from_where_they_hold_something() -> None:
    plain = [digest_row(row) for row in ((1, 7, "a"), (2, 7, "b", 1.5), ROWS[2], ROWS[3])]
    assert [TABLE.digest(row) for row in ROWS] == plain
    assert TABLE.digests(ROWS) == b"".join(plain)
    assert plain[0].hex() == "4b7f1d5d8950c83e3f530508ea6fe4eb"


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], ROWS[2:], [ROWS[0], (4, 8, "", None, None)]])
def test_columns_have_the_digests_of_their_rows(rows: list[tuple[Any, ...]]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert TABLE.digests_along(columns) == TABLE.digests(rows)
    alike: store.Columns = [[1, 2], store.Same(7), store.Same("a"), store.Same(None), store.Same(None)]
    assert TABLE.digests_along(alike) == TABLE.digests([(1, 7, "a", None, None), (2, 7, "a", None, None)])


def test_a_ledger_names_rows_in_runs_whatever_way_they_come() -> None:
    ledger = Ledger()
    for first, stop in ((0, 2), (2, 4)):
        ledger.note(TABLE, ROWS[first:stop])
    assert ledger.rows["things"] == [[1, 3], [5, 1]]
    assert bytes(ledger.digests["things"]) == TABLE.digests(ROWS)


@pytest.mark.django_db
def test_many_rows_are_stored_value_for_value_whatever_they_share() -> None:
    ledger = Ledger(number=1)
    for turn, shared in enumerate((True, False, True)):
        rows = [
            (
                *(150 * turn + place, 1, 3, place, 0, turn, 1, 1, (0.0, 2.5, 1.5)[place % 3], None, 7),
                *("" if shared else f"i:{place}", None, 5, 5, 5, 9, "", "", None, None, None),
            )
            for place in range(1, 150)
        ]
        ledger.write(POINT, rows)
    names = ", ".join(f'"{column}"' for column in POINT.columns)
    stored = store.fetch(f"SELECT {names} FROM monitoring_point ORDER BY id")  # noqa: S608 (own names)
    assert POINT.digests(stored) == bytes(ledger.digests[POINT.name])
