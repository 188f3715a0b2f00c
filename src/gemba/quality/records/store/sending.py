"""Statements as they go to the server: many in one message, and prepared from the second time on."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, TypeAlias

from django.db import DataError

Question: TypeAlias = tuple[str, Sequence[Any]]
MOST_PREPARED = 400
"""Statements that a connection keeps prepared; one that comes for the first time is not kept yet."""


@dataclass
class Names:
    """The statements that a connection keeps prepared, and those that it saw once."""

    names: dict[str, bytes] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)


@dataclass
class Sent:
    """A statement as it goes to the server; ``fresh`` where its name is given with it."""

    statement: str
    name: bytes | None
    fresh: bool
    values: list[Any]
    forms: list[int] | None


_numbers = count(1)


def in_transaction(direct: Any) -> bool:
    """Whether a transaction has begun on a connection."""
    from psycopg.pq import TransactionStatus

    return bool(direct.pgconn.transaction_status != TransactionStatus.IDLE)


def send(direct: Any, values: Any, names: Names, asked: Sequence[Question]) -> list[Any]:
    """Send these statements; their results, none of them a failure."""
    there = direct.pgconn
    begun = in_transaction(direct)
    sent = [prepared(values, names, *question) for question in asked]
    if len(sent) > 1 or not begun:
        return _together(direct, names, sent, begun=begun)
    (one,) = sent
    if one.fresh:
        _refuse_failed(there, there.prepare(one.name, _numbered(one.statement)))
        names.names[one.statement] = one.name or b""
    if one.name:
        result = there.exec_prepared(one.name, one.values, one.forms)
    else:
        result = there.exec_params(_numbered(one.statement), one.values, None, one.forms)
    _refuse_failed(there, result)
    return [result]


def prepared(values: Any, names: Names, statement: str, parameters: Sequence[Any]) -> Sent:
    """The statement as it is sent: by its name, from the second time on."""
    name = names.names.get(statement)
    fresh = False
    if name is None and statement in names.once and len(names.names) < MOST_PREPARED:
        name, fresh = b"gemba_%d" % next(_numbers), True
    elif name is None and len(names.once) < MOST_PREPARED:
        names.once.add(statement)
    return Sent(statement, name, fresh, *_written(values, parameters))


def _together(direct: Any, names: Names, sent: Sequence[Sent], *, begun: bool) -> list[Any]:
    """Send all of these in one message; their results."""
    direct.wait(put(direct.pgconn, sent, begun=begun))
    return accepted(direct, names, sent, direct.wait(take(direct.pgconn)), begun=begun)


def accepted(
    direct: Any, names: Names, sent: Sequence[Sent], results: Sequence[Any], *, begun: bool
) -> list[Any]:
    """The result of each statement, none of them a failure; what was prepared on the way is known now."""
    there = direct.pgconn
    answers: list[Any] = []
    found = iter(results)
    if not begun:
        _refuse_failed(there, next(found))
    for one in sent:
        if one.fresh:
            _refuse_failed(there, next(found))
            names.names[one.statement] = one.name or b""
        answers.append(next(found))
        _refuse_failed(there, answers[-1])
    return answers


def put(there: Any, sent: Sequence[Sent], *, begun: bool) -> Generator[int, int, None]:
    """Send all of these; yields what is waited for, as psycopg wants it."""
    from psycopg.waiting import READY_R, WAIT_RW

    there.enter_pipeline_mode()
    if not begun:
        there.send_query_params(b"BEGIN", None)
    for one in sent:
        if one.fresh:
            there.send_prepare(one.name, _numbered(one.statement))
        if one.name:
            there.send_query_prepared(one.name, one.values, one.forms)
        else:
            there.send_query_params(_numbered(one.statement), one.values, None, one.forms)
    there.pipeline_sync()
    while there.flush():
        if (yield WAIT_RW) & READY_R:
            there.consume_input()


def take(there: Any) -> Generator[int, int, list[Any]]:
    """Take all answers; yields what is waited for, as psycopg wants it; returns the results."""
    from psycopg.pq import ExecStatus
    from psycopg.waiting import WAIT_R

    found: list[Any] = []
    while not found or found[-1].status != ExecStatus.PIPELINE_SYNC:
        while there.is_busy():
            if (yield WAIT_R):
                there.consume_input()
        result = there.get_result()
        if result is not None:
            found.append(result)
    there.exit_pipeline_mode()
    return found


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


def _written(adapting: Any, values: Sequence[Any]) -> tuple[list[Any], list[int] | None]:
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
            sent.append(_of_any(adapting, value))
    return sent, [int(type(value) is bytes) for value in values] if raw else None


def _of_any(adapting: Any, value: Any) -> bytes:
    from psycopg.adapt import PyFormat

    return bytes(adapting.get_dumper(value, PyFormat.TEXT).dump(value))


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
