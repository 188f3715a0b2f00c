"""The few statements that differ between the databases, and the one way to write."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, TypeAlias, TypeVar
from zlib import crc32

from django.db.models import Model, QuerySet

from gemba.quality.records.store.columns import Columns, count_of, rows_of
from gemba.quality.records.store.elsewhere import connection, grown
from gemba.quality.records.store.embedded import BEHIND_FROM, insert_behind, insert_parts, marks, run_embedded
from gemba.quality.records.store.texted import (
    ANYWAY,
    insert_as_arrays,
    tell_arrays,
    tell_columns,
)
from gemba.quality.records.store.wire import Write, ask, ask_behind, ask_together, drawn_ahead, tell

M = TypeVar("M", bound=Model)
Rows: TypeAlias = Callable[[], list[tuple[Any, ...]]]
ROW_LOCK = "FOR NO KEY UPDATE"
"""A row that is to be changed: others may still write what refers to it, for its id stays what it is."""
MANY = 5000  # rows that are copied, one after the other, and not held as text all at once
CHUNK = 1000
EACH = 100
"""So many parts an embedded store is asked for in one statement."""
AHEAD = frozenset({"tx"})
"""Sequences whose numbers must differ and need not ascend: 32 of them are drawn at once."""
_ONE = "nextval(%s::regclass)"
_ALL = "ARRAY(SELECT nextval(%s::regclass) FROM generate_series(1, 32))"
_AMONG = "ANY(%s::bigint[])"


def lock_rows(rows: QuerySet[M]) -> QuerySet[M]:
    """The same rows, locked until the transaction ends, in the order of their ids.

    The write lock of an embedded store has locked them already.
    """
    return rows.select_for_update(no_key=True).order_by("pk") if grown() else rows.order_by("pk")


def lock_ids(table: str, identities: Sequence[int]) -> None:
    """Lock the rows with these ids until the transaction ends, in the order of their ids.

    As ``lock_rows``, where nothing of the rows is wanted. What is written next may refer to them without a
    foreign key of its own: they are there, and stay until the transaction has ended.

    Raises
    ------
    DatabaseError
        When one of them is not there; at the next question.
    """
    if grown() and identities:
        wanted = sorted(set(identities))
        head = f'SELECT id FROM "{table}" WHERE id'  # noqa: S608 (own names)
        tell(Write(f"{head} = {_AMONG} ORDER BY id {ROW_LOCK}", [wanted], len(wanted), table))


def fetch_locked(
    table: str, key: str, columns: Sequence[str], identities: Sequence[int]
) -> list[tuple[Any, ...]]:
    """The key and these columns of the rows, locked until the transaction ends, in the order of the key."""
    return fetch_locked_later(table, key, columns, identities)()


def fetch_locked_later(table: str, key: str, columns: Sequence[str], identities: Sequence[int]) -> Rows:
    """As ``fetch_locked``, asked as ``fetch_later`` asks."""
    listed = sorted(identities)
    if not listed:
        return list
    head = f'SELECT {", ".join([key, *columns])} FROM "{table}" WHERE {key}'  # noqa: S608 (own names)
    if grown():
        return fetch_later(f"{head} = {_AMONG} ORDER BY {key} {ROW_LOCK}", [listed])
    return partial(fetch_among, head, listed, ending=f"ORDER BY {key}")


def fetch_among(
    head: str, identities: Sequence[int], *before: Any, ending: str = ""
) -> list[tuple[Any, ...]]:
    """The rows of a statement that ends with the name of a column, where that holds one of these numbers.

    ``before`` are the parameters of the statement itself; order holds within a thousand numbers only.
    """
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(identities), CHUNK):
        part = identities[start : start + CHUNK]
        if grown():
            found += fetch(f"{head} = {_AMONG} {ending}", [*before, list(part)])
        else:
            found += fetch(f"{head} IN ({', '.join('%s' for _ in part)}) {ending}", [*before, *part])
    return found


def fetch_each(statement: str, identities: Sequence[int], *more: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement for each of these numbers, which is its first parameter; ``more`` the others.

    Rows of one number may stand between those of others.
    """
    if grown():
        lateral = statement.replace("%s", "given.number", 1)
        head = "SELECT each.* FROM unnest(%s::bigint[]) AS given (number)"
        return fetch(f"{head} CROSS JOIN LATERAL ({lateral}) AS each", [list(identities), *more])
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(identities), EACH):
        part = identities[start : start + EACH]
        parts = [f"SELECT * FROM ({statement})" for _ in part]  # noqa: S608 (a statement of the program)
        found += fetch(" UNION ALL ".join(parts), [value for one in part for value in (one, *more)])
    return found


def fetch_paired_later(
    table: str, key: tuple[str, str], columns: Sequence[str], pairs: Sequence[tuple[int, str]]
) -> Rows:
    """The key, of a number and a text, and these columns of the rows whose key is one of the pairs.

    Asked as ``fetch_later`` asks.
    """
    parts: list[Rows] = []
    number, text = key
    names = ", ".join(f'kept."{column}"' for column in (*key, *columns))
    for start in range(0, len(pairs), CHUNK):
        part = pairs[start : start + CHUNK]
        if grown():
            given = "SELECT * FROM unnest(%s::bigint[], %s::text[]) AS pair (first, second)"
            values: list[Any] = [[pair[0] for pair in part], [pair[1] for pair in part]]
        else:
            given = f"SELECT column1 AS first, column2 AS second FROM (VALUES {marks(2, len(part))})"  # noqa: S608
            values = list(chain.from_iterable(part))
        statement = (
            f'SELECT {names} FROM ({given}) given CROSS JOIN "{table}" kept '  # noqa: S608 (own names)
            f'WHERE kept."{number}" = given.first AND kept."{text}" = given.second'
        )
        parts.append(fetch_later(statement, values))
    return lambda: [row for part in parts for row in part()]


def fetch_following_later(
    table: str, key: tuple[str, str], chosen: str, pairs: Sequence[tuple[str, int]]
) -> Rows:
    """For each pair of a text and a number: of the rows with that text the one whose number is next, or that.

    What is ``chosen`` may speak of ``kept``, the row, and of ``given``, the pair of ``text`` and ``number``.
    ``key`` are the columns of the two. Asked as ``fetch_later`` asks.
    """
    parts: list[Rows] = []
    text, number = key
    same = f'near."{text}" = given.text AND near."{number}" >= given.number ORDER BY near."{number}" LIMIT 1'
    for start in range(0, len(pairs), CHUNK):
        part = pairs[start : start + CHUNK]
        if grown():
            given = "unnest(%s::text[], %s::bigint[]) AS given (text, number)"
            found = f'CROSS JOIN LATERAL (SELECT * FROM "{table}" near WHERE {same}) AS kept'  # noqa: S608
            values: list[Any] = [[pair[0] for pair in part], [pair[1] for pair in part]]
        else:
            marked = f"(VALUES {marks(2, len(part))})"
            given = f"(SELECT column1 AS text, column2 AS number FROM {marked}) AS given"  # noqa: S608
            next_one = f'(SELECT near."{number}" FROM "{table}" near WHERE {same})'  # noqa: S608
            found = (
                f'CROSS JOIN "{table}" kept WHERE kept."{text}" = given.text AND kept."{number}" = {next_one}'
            )
            values = list(chain.from_iterable(part))
        parts.append(fetch_later(f"SELECT {chosen} FROM {given} {found}", values))  # noqa: S608 (own names)
    return lambda: [row for part in parts for row in part()]


def fetch_later(statement: str, parameters: Sequence[Any] = ()) -> Rows:
    """As ``fetch``, of rows that are wanted only after the next question: both go in one message.

    An embedded store is asked when they are wanted.
    """
    return ask_behind(statement, parameters).rows if grown() else partial(fetch, statement, parameters)


def lock_name(name: str) -> None:
    """Let one transaction at a time pass this point, until it ends."""
    if grown():
        fetch("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock_names(space: str, names: Collection[str]) -> None:
    """Let one transaction at a time pass for each of these names, until it ends; told with the next question.

    ``space`` says what they name. A name shares its lock with others, of 1024, for a server keeps room for a
    few thousand.
    """
    if grown() and names:
        places = sorted({crc32(name.encode("utf-8", "surrogatepass")) % 1024 for name in names})
        statement = "SELECT pg_advisory_xact_lock(hashtext(%s), place) FROM unnest(%s::integer[]) AS place"
        tell(Write(statement, [space, places], None, space))


def fetch_alone(name: str, statement: str) -> list[tuple[Any, ...]]:
    """What a statement returns once one is alone behind a name, until the transaction ends.

    As ``lock_name`` and then ``fetch``, asked together. What the transaction has written is held against its
    references before, for that asks for locks too: whoever is alone must wait for nobody any more.
    """
    if not grown():
        return fetch(statement)
    steps = (
        ("SET CONSTRAINTS ALL IMMEDIATE", ()),
        ("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,)),
        (statement, ()),
        ("SET CONSTRAINTS ALL DEFERRED", ()),
    )
    return ask_together(steps)[2].rows


def next_values(sequence: str, count: int) -> Sequence[int]:
    """The next numbers of a sequence, ascending.

    Embedded, the one writer makes them gapless; grown, a rolled back transaction leaves a gap and two
    transactions interleave: where many are drawn and another took some between, they are drawn anew.
    """
    if grown():
        if count == 1:
            return next_of(sequence)
        drawn = fetch(_DRAWN, [f"gemba_{sequence}", count])[0] if count > FEW else ()
        if drawn and drawn[1] - drawn[0] == count - 1:
            return range(drawn[0], drawn[1] + 1)
        return sorted(number for (number,) in fetch(_DRAWN_EACH, [f"gemba_{sequence}", count]))
    last = int(
        fetch(
            "INSERT INTO records_sequence (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value",
            [sequence, count],
        )[0][0]
    )
    return range(last - count + 1, last + 1)


def next_values_later(sequence: str, count: int) -> Callable[[], Sequence[int]] | None:
    """As ``next_values`` for a few, asked behind the next question; ``None`` where that is of no use."""
    if not grown() or count > FEW:
        return None
    drawn = fetch_later(_DRAWN_EACH, [f"gemba_{sequence}", count])
    return lambda: sorted(number for (number,) in drawn())


FEW = 64  # numbers that cost less as rows than as what is told of them
_DRAWN_EACH = "SELECT nextval(%s::regclass) FROM generate_series(1, %s::bigint)"
_DRAWN = f"SELECT MIN(number), MAX(number) FROM ({_DRAWN_EACH.replace(' FROM', ' AS number FROM')}) AS drawn"  # noqa: S608


def next_ranges(counts: Mapping[str, int]) -> dict[str, Sequence[int]]:
    """As ``next_values`` for several sequences, in one statement of an embedded store."""
    if grown():
        return {name: next_values(name, count) for name, count in counts.items()}
    marks = ", ".join("(%s, %s)" for _ in counts)
    drawn = fetch(
        f"INSERT INTO records_sequence (name, value) VALUES {marks} "  # noqa: S608 (marks only)
        "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING name, value",
        list(chain.from_iterable(counts.items())),
    )
    return {name: range(last - counts[name] + 1, last + 1) for name, last in drawn}


def next_of(*sequences: str) -> tuple[int, ...]:
    """The next number of each of these sequences, in one statement."""
    if grown():
        return _next_of_grown(sequences)
    marks = ", ".join("(%s, 1)" for _ in sequences)
    given = dict(
        fetch(
            f"INSERT INTO records_sequence (name, value) VALUES {marks} "  # noqa: S608 (marks only)
            "ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING name, value",
            sequences,
        )
    )
    return tuple(int(given[name]) for name in sequences)


def _next_of_grown(sequences: Sequence[str]) -> tuple[int, ...]:
    """A number of ``AHEAD`` is taken from those that were drawn before, where there are any.

    They are kept with the connection, as PostgreSQL would keep those of a sequence with a cache: what it may
    give out anew after it crashed belonged to a connection that went with it.
    """
    kept = drawn_ahead()
    asked = [name for name in sequences if not kept.get(name)]
    drawn = (_ALL if name in AHEAD else _ONE for name in asked)
    answers = iter(
        fetch(f"SELECT {', '.join(drawn)}", [f"gemba_{name}" for name in asked])[0] if asked else ()
    )
    found: list[int] = []
    for name in sequences:
        numbers = kept.get(name)
        if not numbers:
            answer = next(answers)
            if name not in AHEAD:
                found.append(answer)
                continue
            numbers = kept[name] = sorted(answer, reverse=True)
        found.append(numbers.pop())
    return tuple(found)


def insert_columns(table: str, names: Sequence[str], columns: Columns) -> None:
    """Insert plain rows that are given as columns."""
    if not grown():
        insert_behind(table, names, columns)
    elif 1 < count_of(columns) <= MANY:
        tell_columns(table, names, columns)
    else:
        insert_many(table, names, rows_of(columns))


def insert_many(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert plain rows as fast as the database takes them; names come from the program, never a user."""
    if grown() and isinstance(rows, Sequence) and len(rows) <= MANY:
        if rows:
            tell_arrays(table, columns, rows, "")
        return
    if grown():
        names = ", ".join(f'"{column}"' for column in columns)
        statement = f'COPY "{table}" ({names}) FROM STDIN'
        with (
            connection().cursor() as cursor,
            connection().wrap_database_errors,
            cursor.copy(statement) as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    listed = list(rows)
    if len(listed) < BEHIND_FROM:
        insert_parts(table, columns, listed)
    else:
        insert_behind(table, columns, list(zip(*listed, strict=True)))


def insert_new(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Insert the rows whose key the table does not hold yet; returns how many there were.

    Rows should come in the order of their key, so that two transactions cannot wait for each other.
    """
    if not rows:
        return 0
    return (insert_as_arrays if grown() else insert_parts)(table, columns, rows, ANYWAY)


def put_many(
    table: str,
    key: Sequence[str],
    values: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    kept: Sequence[str] = (),
) -> None:
    """Insert rows, or set ``values`` where the key is there; each key stands once in ``rows``.

    ``kept`` are columns between key and values that stay as they are where the key is there.
    """
    target = ", ".join(f'"{column}"' for column in key)
    changes = ", ".join(f'"{column}" = excluded."{column}"' for column in values)
    ending = f"ON CONFLICT ({target}) DO UPDATE SET {changes}"
    if rows and grown():
        tell_arrays(table, [*key, *kept, *values], rows, ending)
    elif rows:
        insert_parts(table, [*key, *kept, *values], rows, ending)


def fetch(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows that a statement of the program returns."""
    if grown():
        return ask(statement, parameters).rows
    return list(run_embedded(statement, parameters).fetchall())


def stream(statement: str, parameters: Sequence[Any] = (), *, size: int = 5000) -> Iterator[tuple[Any, ...]]:
    """Row by row, without holding them all."""
    with connection().chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(size):
            yield from rows
