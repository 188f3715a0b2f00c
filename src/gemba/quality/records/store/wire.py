"""A grown store asked straight away: statements that stay prepared, several of them in one message.

Django and psycopg do four times as much around a statement as it costs to ask it, and under Django psycopg
prepares nothing. Each question costs besides: the thread gives the interpreter up and waits for it again. So
what a transaction asks goes to libpq itself, and together what needs no answer in between.

Django's own cursor is asked where somebody counts statements, outside a transaction, and after one failed.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from django.db import DataError

from gemba.quality.records.store.elsewhere import connection

Question: TypeAlias = tuple[str, Sequence[Any]]
MOST_PREPARED = 400
"""Statements that a connection keeps prepared; one that comes for the first time is not kept yet."""


class Answer(NamedTuple):
    """What a statement returned, and how many rows it concerned."""

    rows: list[tuple[Any, ...]]
    concerned: int


@dataclass
class _Line:
    """What is kept with a connection: its statements by name, and what turns answers into values."""

    values: Any
    names: dict[str, bytes] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)


_lines: WeakKeyDictionary[Any, _Line] = WeakKeyDictionary()


def ask(statement: str, parameters: Sequence[Any] = ()) -> Answer:
    """Ask one statement of the program; ``%s`` marks each parameter."""
    return ask_together([(statement, parameters)])[0]


def ask_together(questions: Sequence[Question]) -> list[Answer]:
    """Ask these statements, one after the other, in one message.

    Raises
    ------
    DatabaseError
        Of the first that failed; those after it were not carried out.
    """
    if not goes_straight():
        return [_ask_slowly(*question) for question in questions]
    base = connection()
    with base.wrap_database_errors:
        return _ask(base.connection, questions)


def goes_straight() -> bool:
    """Whether statements go past Django now: in a transaction that is sound, and nobody counts them."""
    base = connection()
    return base.in_atomic_block and not (base.needs_rollback or base.queries_logged)


def _ask_slowly(statement: str, parameters: Sequence[Any]) -> Answer:
    with connection().cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = [] if cursor.description is None else list(cursor.fetchall())
        return Answer(rows, int(cursor.rowcount))


def _ask(direct: Any, questions: Sequence[Question]) -> list[Answer]:
    from psycopg.adapt import Transformer
    from psycopg.pq import TransactionStatus

    line = _lines.get(direct)
    if line is None:
        line = _lines[direct] = _Line(Transformer(direct))
    there = direct.pgconn
    begun = there.transaction_status != TransactionStatus.IDLE
    sent = [
        (statement, _named(there, line, statement), *_written(line, parameters))
        for statement, parameters in questions
    ]
    if len(sent) == 1 and begun:
        statement, name, values, forms = sent[0]
        if name:
            results = [there.exec_prepared(name, values, forms)]
        else:
            results = [there.exec_params(_numbered(statement), values, None, forms)]
    else:
        results = direct.wait(_talk(there, sent, begun=begun))
    return [_read(there, line, result) for result in results]


def _named(there: Any, line: _Line, statement: str) -> bytes | None:
    """The name under which the statement is prepared; none for one that has not come before."""
    name = line.names.get(statement)
    if name is None and statement in line.once and len(line.names) < MOST_PREPARED:
        name = b"gemba_%d" % len(line.names)
        _refuse_failed(there, there.prepare(name, _numbered(statement)))
        line.names[statement] = name
    elif name is None and len(line.once) < MOST_PREPARED:
        line.once.add(statement)
    return name


def _talk(there: Any, sent: Sequence[tuple[Any, ...]], *, begun: bool) -> Generator[int, int, list[Any]]:
    """Send all and take all answers; yields what is waited for, as psycopg wants it; returns the results."""
    from psycopg.pq import ExecStatus
    from psycopg.waiting import READY_R, WAIT_R, WAIT_RW

    found: list[Any] = []
    there.enter_pipeline_mode()
    try:
        if not begun:
            there.send_query_params(b"BEGIN", None)
        for statement, name, values, forms in sent:
            if name:
                there.send_query_prepared(name, values, forms)
            else:
                there.send_query_params(_numbered(statement), values, None, forms)
        there.pipeline_sync()
        while there.flush():
            if (yield WAIT_RW) & READY_R:
                there.consume_input()
        while not found or found[-1].status != ExecStatus.PIPELINE_SYNC:
            while there.is_busy():
                if (yield WAIT_R):
                    there.consume_input()
            result = there.get_result()
            if result is not None:
                found.append(result)
    finally:
        there.exit_pipeline_mode()
    if not begun:
        _refuse_failed(there, found[0])
    return found[0 if begun else 1 : -1]


def _read(there: Any, line: _Line, result: Any) -> Answer:
    _refuse_failed(there, result)
    rows: list[tuple[Any, ...]] = []
    if result.ntuples:
        line.values.set_pgresult(result)
        rows = line.values.load_rows(0, result.ntuples, tuple)
    return Answer(rows, result.command_tuples or 0)


def _refuse_failed(there: Any, result: Any) -> None:
    from psycopg import OperationalError
    from psycopg.errors import error_from_result
    from psycopg.pq import ConnStatus, ExecStatus

    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return
    if there.status == ConnStatus.BAD:
        raise OperationalError(result.get_error_message() or "the connection is lost")
    raise error_from_result(result)


@lru_cache(maxsize=1024)
def _numbered(statement: str) -> bytes:
    """The statement as PostgreSQL takes it: its parameters have numbers."""
    parts = statement.split("%s")
    marked = "".join(f"{part}${place}" for place, part in enumerate(parts[:-1], 1)) + parts[-1]
    return marked.replace("%%", "%").encode()


def _written(line: _Line, values: Sequence[Any]) -> tuple[list[Any], list[int] | None]:
    """The values as they are sent, and which of them as they lie in memory."""
    sent: list[Any] = []
    raw = False
    for value in values:
        kind = type(value)
        if value is None:
            sent.append(None)
        elif kind is int:
            sent.append(b"%d" % value)
        elif kind is str:
            sent.append(as_text(value))
        elif kind is bytes:
            sent.append(value)
            raw = True
        elif kind is list:
            sent.append(as_array(value))
        else:
            sent.append(_of_any(line, value))
    return sent, [int(type(value) is bytes) for value in values] if raw else None


def _of_any(line: _Line, value: Any) -> bytes:
    from psycopg.adapt import PyFormat

    return bytes(line.values.get_dumper(value, PyFormat.TEXT).dump(value))


def as_text(value: str) -> bytes:
    """A text as it is sent; one that PostgreSQL would cut off is refused."""
    if "\0" in value:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return value.encode()


def as_array(values: Sequence[Any]) -> bytes:
    """Numbers and texts as one value."""
    return b"{%s}" % b",".join(map(_element, values))


def _element(value: Any) -> bytes:
    if value is None:
        return b"NULL"
    if isinstance(value, str):
        return b'"%s"' % as_text(value).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return str(value).encode()
