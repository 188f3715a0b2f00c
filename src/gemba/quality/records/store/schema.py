"""What migrations ask for and the databases say differently: sequences, row ids, rows written once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunPython

Editor = Any


if TYPE_CHECKING:
    BigInteger = models.BigIntegerField[int, int]
else:  # Django cannot subscript it
    BigInteger = models.BigIntegerField


class RowId(BigInteger):
    """The id of a table with very many rows: embedded, it is the place of the row itself, not an index."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return super().db_type(connection) if connection.vendor == "postgresql" else "integer"


def make_sequences(*names: str) -> RunPython:
    """A migration step: sequences of a grown store; an embedded one makes a row when first asked."""

    def forwards(_apps: object, editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            for name in names:
                editor.execute(f"CREATE SEQUENCE IF NOT EXISTS gemba_{name}")

    def backwards(_apps: object, editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            for name in names:
                editor.execute(f"DROP SEQUENCE IF EXISTS gemba_{name}")

    return RunPython(forwards, backwards)


def key_first(*tables: str) -> RunPython:
    """A migration step, right after the tables are made: embedded, rows lie in the order of their key.

    Where the key is not one number, a row would be kept twice: in its place, and in the index of the key.
    The columns of the key must be the first ones of the table, in its order: otherwise SQLite 3.40 to 3.41
    takes sound rows for damaged ones when it checks the store.
    """

    def forwards(_apps: object, editor: Editor) -> None:
        if editor.connection.vendor != "sqlite":
            return
        with editor.connection.cursor() as cursor:
            for table in tables:
                cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
                (made,) = cursor.fetchone()
                cursor.execute(f'DROP TABLE "{table}"')
                cursor.execute(f"{made} WITHOUT ROWID")

    return RunPython(forwards, RunPython.noop)


def drop_foreign_key(model: str, column: str) -> RunPython:
    """A migration step: a grown store does not look a reference up any more for each row that is written.

    An embedded store keeps it: to take it away there, the whole table would be written anew.
    """

    def forwards(apps: Apps, editor: Editor) -> None:
        if editor.connection.vendor == "postgresql":
            table = apps.get_model(model)._meta.db_table  # noqa: SLF001 (Django's public Meta API)
            with editor.connection.cursor() as cursor:
                held = editor.connection.introspection.get_constraints(cursor, table)
            for name, told in held.items():
                if told["foreign_key"] and told["columns"] == [column]:
                    editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')

    return RunPython(forwards, RunPython.noop)


def compare_bytes(model: str, column: str) -> RunPython:
    """A migration step: a grown store compares this text byte by byte, as an embedded one does.

    A text in the key of each row is compared some twenty times to find its place, and by the rules of a
    language that takes longer than all else about the key.
    """

    def collated(apps: Apps, editor: Editor, collation: str) -> None:
        if editor.connection.vendor == "postgresql":
            meta = apps.get_model(model)._meta  # noqa: SLF001 (Django's public Meta API)
            kind = meta.get_field(column).db_type(editor.connection)
            editor.execute(
                f'ALTER TABLE "{meta.db_table}" ALTER COLUMN "{column}" TYPE {kind} COLLATE "{collation}"'
            )

    def forwards(apps: Apps, editor: Editor) -> None:
        collated(apps, editor, "C")

    def backwards(apps: Apps, editor: Editor) -> None:
        collated(apps, editor, "default")

    return RunPython(forwards, backwards)


def read_in_parts(model: str, column: str) -> RunPython:
    """A migration step: a grown store keeps long values of this column as they are, to read a part of one.

    It would press them otherwise; digests cannot be pressed, and it would try in vain each time.
    """

    def kept(apps: Apps, editor: Editor, how: str) -> None:
        if editor.connection.vendor == "postgresql":
            table = apps.get_model(model)._meta.db_table  # noqa: SLF001 (Django's public Meta API)
            editor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STORAGE {how}')

    def forwards(apps: Apps, editor: Editor) -> None:
        kept(apps, editor, "EXTERNAL")

    def backwards(apps: Apps, editor: Editor) -> None:
        kept(apps, editor, "EXTENDED")

    return RunPython(forwards, backwards)


def write_once(*tables: str) -> RunPython:
    """A migration step: the database itself refuses to change or delete a row of these tables."""
    return RunPython(_each(tables, _protect), _each(tables, _unprotect))


def never_deleted(*tables: str) -> RunPython:
    """A migration step: the database itself refuses to delete a row of these tables."""
    return RunPython(_each(tables, _protect, ("DELETE",)), _each(tables, _unprotect, ("DELETE",)))


def _each(
    tables: Sequence[str],
    step: Callable[[Editor, str, str], None],
    verbs: Sequence[str] = ("UPDATE", "DELETE"),
) -> Callable[[object, Editor], None]:
    def run(_apps: object, editor: Editor) -> None:
        for table in tables:
            for verb in verbs:
                step(editor, table, verb)

    return run


def _protect(editor: Editor, table: str, verb: str) -> None:
    name = f"{table}_{verb.lower()}"
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE OR REPLACE FUNCTION gemba_written_once() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME; END$$",
            params=None,
        )
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION gemba_written_once()",
            params=None,
        )
        return
    refusal = f"SELECT RAISE(ABORT, 'rows of {table} are written once')"
    editor.execute(f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" BEGIN {refusal}; END')


def _unprotect(editor: Editor, table: str, verb: str) -> None:
    place = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
    editor.execute(f'DROP TRIGGER IF EXISTS "{table}_{verb.lower()}"{place}')
