# ruff: noqa: S608 (an attacker spells his SQL from names of the program)
"""What somebody with the database in his hands can do to it, each deed in the form of SQL.

An attack returns the rows that ``verify`` must name, or ``None`` when the database itself would not have it.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from gemba.quality.records.canonical import DIGEST_SIZE, chain_hash
from gemba.quality.records.ledger import SealedTable
from gemba.quality.records.models import Header, Task
from gemba.quality.records.trail import changing_tables as resealed_tables
from gemba.quality.records.trail import sealed_tables
from gemba.quality.records.types import record_types

Place = tuple[str, int | str]
Attack = Callable[["Attacker"], "set[Place] | None"]
WORDS = {
    "collecting_reading": "note",
    "records_attachment": "note",
    "records_entry": "reason",
    "records_remark": "text",
}
TRIES = 4
OTHERS: dict[str, set[str]] = {"records_site": set(), "mfa_authenticator": {"created_at", "last_used_at"}}
"""Tables whose rows a line of the trail tells, and the columns that it leaves out."""
SEAL = ("number", "tx", "at", "rows", "digests", "hash")


def query(statement: str, values: Any = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def count_rows(table: str) -> int:
    return int(query(f'SELECT COUNT(*) FROM "{table}"')[0][0])


def lay_bare() -> None:
    """Take the triggers away that refuse to change rows; whoever has the database can."""
    if connection.vendor == "postgresql":
        query("SET LOCAL session_replication_role = replica")
        return
    query("PRAGMA defer_foreign_keys = ON")
    for (name,) in query("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        query(f'DROP TRIGGER "{name}"')


class Attacker(random.Random):
    """Chance that passes no table by: what was attacked least is attacked next."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.done: Counter[str] = Counter()
        self.deed = ""
        self._tried: Counter[tuple[str, str]] = Counter()

    def pick(self, tables: Sequence[str]) -> str:
        """The table with the fewest deeds done to it; what the database keeps from it is tried elsewhere."""
        table = min(
            tables,
            key=lambda name: (self._tried[self.deed, name] >= TRIES, self.done[name], self.random()),
        )
        self._tried[self.deed, table] += 1
        return table

    def did(self, tables: Iterable[str]) -> None:
        """A deed was done to these tables."""
        for table in tables:
            self.done[table] += 1
            self._tried[self.deed, table] = 0


def pick_table(chance: Attacker, rows: int = 1) -> SealedTable:
    tables = {table.name: table for table in sealed_tables() if count_rows(table.name) >= rows}
    return tables[chance.pick(sorted(tables))]


def pick_rows(chance: Attacker, table: SealedTable, count: int) -> list[tuple[Any, ...]]:
    ids = [row[0] for row in query(f'SELECT id FROM "{table.name}" ORDER BY id')]
    names = ", ".join(f'"{column}"' for column in table.columns)
    return [
        query(f'SELECT {names} FROM "{table.name}" WHERE id = %s', [identity])[0]
        for identity in chance.sample(ids, count)
    ]


def overwrite(table: SealedTable, identity: int, values: Any) -> None:
    """Set every column of a row but its id."""
    sets = ", ".join(f'"{column}" = %s' for column in table.columns[1:])
    query(f'UPDATE "{table.name}" SET {sets} WHERE id = %s', [*values, identity])


def other(chance: Attacker, value: Any) -> Any:
    """Another value of the same kind."""
    if value is None:
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 1000])
    if isinstance(value, Decimal):
        return value + Decimal("0.01")
    if isinstance(value, float):
        return value * 1.0000001 + 1e-9
    if isinstance(value, str):
        return value[:-1] + ("y" if value.endswith("x") else "x") if value else "x"
    changed = bytearray(value)
    if changed:
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed or b"x")


def change(chance: Attacker) -> set[Place] | None:
    """One value of one row is another one."""
    table = pick_table(chance)
    row = pick_rows(chance, table, 1)[0]
    column = chance.randrange(1, len(row))
    changed = other(chance, row[column])
    if changed == row[column]:
        return None
    query(f'UPDATE "{table.name}" SET "{table.columns[column]}" = %s WHERE id = %s', [changed, row[0]])
    return {(table.name, row[0])}


def delete(chance: Attacker) -> set[Place]:
    """One row is gone."""
    table = pick_table(chance)
    identity = pick_rows(chance, table, 1)[0][0]
    query(f'DELETE FROM "{table.name}" WHERE id = %s', [identity])
    return {(table.name, identity)}


def insert(chance: Attacker) -> set[Place]:
    """A row that nobody wrote, much like one that somebody did."""
    table = pick_table(chance)
    row = list(pick_rows(chance, table, 1)[0])
    row[0] = query(f'SELECT MAX(id) FROM "{table.name}"')[0][0] + chance.choice([1, 2, 50])
    names = ", ".join(f'"{column}"' for column in table.columns)
    marks = ", ".join("%s" for _ in row)
    query(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', row)
    return {(table.name, row[0])}


def swap(chance: Attacker) -> set[Place]:
    """Two rows trade their contents."""
    table = pick_table(chance, 2)
    one, two = pick_rows(chance, table, 2)
    overwrite(table, one[0], two[1:])
    overwrite(table, two[0], one[1:])
    return {(table.name, one[0]), (table.name, two[0])}


def copy_old(chance: Attacker) -> set[Place]:
    """A row says again what an older one said."""
    table = pick_table(chance, 2)
    old, new = sorted(pick_rows(chance, table, 2))
    overwrite(table, new[0], old[1:])
    return {(table.name, new[0])}


def cut_tail(chance: Attacker) -> set[Place]:
    """The last transactions never happened: their seals and all rows that they name are gone."""
    sealed = {table.name for table in sealed_tables()}
    last = query("SELECT MAX(number) FROM records_seal")[0][0]
    first = last - chance.randrange(1, 40) + 1
    for (listed,) in query("SELECT rows FROM records_seal WHERE number >= %s", [first]):
        for name, ranges in json.loads(listed).items():
            for start, count in ranges if name in sealed else ():
                query(f'DELETE FROM "{name}" WHERE id >= %s AND id < %s', [start, start + count])
    query("DELETE FROM records_seal WHERE number >= %s", [first])
    return {("records_seal", last)}


def change_seal(chance: Attacker) -> set[Place]:
    """One value of one seal is another one."""
    number = pick_seal(chance)
    column = chance.choice(SEAL[1:])
    value = query(f"SELECT {column} FROM records_seal WHERE number = %s", [number])[0][0]
    changed = value + 100_000 if column == "tx" else other(chance, value)
    query(f"UPDATE records_seal SET {column} = %s WHERE number = %s", [changed, number])
    return {("records_seal", number)}


def delete_seal(chance: Attacker) -> set[Place]:
    """One seal in the middle is gone."""
    number = pick_seal(chance)
    query("DELETE FROM records_seal WHERE number = %s", [number])
    return {("records_seal", number)}


def pick_seal(chance: Attacker) -> int:
    return chance.randint(1, query("SELECT MAX(number) FROM records_seal")[0][0])


def changing_tables() -> list[str]:
    """The tables whose rows change with each version of a record."""
    models: list[Any] = [Header, Task]
    for kind in record_types():
        models += [kind.model, *(kind.model._meta.get_field(name).related_model for name in kind.children)]
    return (
        [model._meta.db_table for model in models] + [table.name for table in resealed_tables()] + [*OTHERS]
    )


def change_record(chance: Attacker) -> set[Place] | None:
    """A record of now is not as its last version says: its head, its fields, its rows, or a task."""
    table = chance.pick([name for name in changing_tables() if count_rows(name)])
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        key = connection.introspection.get_primary_key_column(cursor, table)
    identity = chance.choice([row[0] for row in query(f'SELECT "{key}" FROM "{table}"')])
    if chance.random() < 0.2:
        query(f'DELETE FROM "{table}" WHERE "{key}" = %s', [identity])
        return {(table, identity)}
    column = chance.choice([name for name in columns if name not in {key, *OTHERS.get(table, ())}])
    value = query(f'SELECT "{column}" FROM "{table}" WHERE "{key}" = %s', [identity])[0][0]
    changed = other(chance, value)
    if changed == value:
        return None
    query(f'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s', [changed, identity])
    return {(table, identity)}


def change_key(chance: Attacker) -> set[Place]:
    """A key that was taken is gone, is another one, or leads elsewhere."""
    keys = "SELECT source, sequence, reading, quarantine FROM collecting_intake ORDER BY source, sequence"
    source, sequence, reading, quarantine = chance.choice(query(keys))
    there = "WHERE source = %s AND sequence = %s"
    columns = [
        "source",
        "sequence",
        "count",
        *(["reading"] if reading else []),
        *(["quarantine"] if quarantine else []),
    ]
    column = chance.choice(["", *columns])
    if not column:
        query(f"DELETE FROM collecting_intake {there}", [source, sequence])
    else:
        value = query(f"SELECT {column} FROM collecting_intake {there}", [source, sequence])[0][0]
        changed = value + 100_000 if isinstance(value, int) else other(chance, value)
        query(f"UPDATE collecting_intake SET {column} = %s {there}", [changed, source, sequence])
    return {("collecting_intake", quarantine if column == "quarantine" else reading or quarantine)}


ATTACKS: dict[str, Attack] = {
    "a value changed": change,
    "a row deleted": delete,
    "a row inserted": insert,
    "two rows swapped": swap,
    "an old row copied": copy_old,
    "the tail cut": cut_tail,
    "a seal changed": change_seal,
    "a seal deleted": delete_seal,
    "a record changed": change_record,
    "a key changed": change_key,
}


def rewrite(chance: Attacker) -> int:
    """Change some words in a sealed row, then recompute every digest and hash after it.

    Words that nothing else repeats: with them a plain verify has nothing to hold against.

    Returns the number of the seal from which everything was made anew.
    """
    name = chance.pick(sorted(WORDS))
    table = next(table for table in sealed_tables() if table.name == name)
    row = list(pick_rows(chance, table, 1)[0])
    place = table.columns.index(WORDS[name])
    chance.done[name] += 1
    row[place] = f"{row[place]}, all fine"
    overwrite(table, row[0], row[1:])
    first, previous = 0, b"\x00" * 32
    for number, tx, at, listed, digests, hashed in query("SELECT * FROM records_seal ORDER BY number"):
        blob = bytearray(digests)
        offset = 0
        for name, ranges in sorted(json.loads(listed).items()):
            for start, count in ranges:
                if name == table.name and start <= row[0] < start + count:
                    first = number
                    spot = offset + (row[0] - start) * DIGEST_SIZE
                    blob[spot : spot + DIGEST_SIZE] = table.digest(row)
                offset += count * DIGEST_SIZE
        if first:
            fresh = chain_hash(previous, (number, tx, at, listed, bytes(blob)))
            statement = "UPDATE records_seal SET digests = %s, hash = %s WHERE number = %s"
            query(statement, [bytes(blob), fresh, number])
            previous = fresh
        else:
            previous = bytes(hashed)
    return first
