"""A grown store asked straight away: statements that stay prepared, several of them in one message.

Django and psycopg do four times as much around a statement as it costs to ask it, and under Django psycopg
prepares nothing. Each question costs besides: the thread gives the interpreter up and waits for it again. So
what a transaction asks goes to libpq itself, and together what needs no answer in between.

A write whose answer nobody waits for waits too, until the transaction asks the next question or commits: it
goes first in that message, and the transaction is told there when it failed. A question whose answer is only
wanted later goes behind the next one, in the same message.

Django's own cursor is asked where somebody counts statements, outside a transaction, and after one failed.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from django.db import DatabaseError, DataError

from gemba.quality.records.store.elsewhere import connection

Question: TypeAlias = tuple[str, Sequence[Any]]
MOST_PREPARED = 400
"""Statements that a connection keeps prepared; one that comes for the first time is not kept yet."""


class Answer(NamedTuple):
    """What a statement returned, and how many rows it concerned."""

    rows: list[tuple[Any, ...]]
    concerned: int


@dataclass(frozen=True)
class Write:
    """A statement of the program that returns nothing, its parameters, and how many rows it must concern.

    Any number where ``rows`` is ``None``.
    """

    statement: str
    parameters: Sequence[Any]
    rows: int | None
    about: str

    def hold(self, concerned: int) -> None:
        """Refuse another number of rows than there must be.

        Raises
        ------
        DatabaseError
            When it is another one.
        """
        if self.rows is not None and concerned != self.rows:
            raise DatabaseError(f"{concerned} rows of {self.about} were written instead of {self.rows}")


@dataclass(eq=False)
class Later:
    """A question that is asked behind the next one of its transaction, in the same message."""

    statement: str
    parameters: Sequence[Any]
    line: _Line | None
    answer: Answer | None = None

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows that it returned; asked now where nothing else was asked since."""
        if self.answer is None:
            if self.line is not None and self in self.line.behind:
                self.line.behind.remove(self)
            self.answer = ask(self.statement, self.parameters)
        return self.answer.rows


@dataclass
class _Line:
    """What is kept with a connection: its statements by name, what waits, what turns answers into values."""

    values: Any
    names: dict[str, bytes] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)
    waiting: list[Write] = field(default_factory=list)
    behind: list[Later] = field(default_factory=list)
    ahead: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class _Sent:
    """A statement as it goes to the server; ``fresh`` where its name is given with it."""

    statement: str
    name: bytes | None
    fresh: bool
    values: list[Any]
    forms: list[int] | None


_numbers = count(1)
_lines: WeakKeyDictionary[Any, _Line] = WeakKeyDictionary()


def ask(statement: str, parameters: Sequence[Any] = ()) -> Answer:
    """Ask one statement of the program; ``%s`` marks each parameter."""
    return ask_together([(statement, parameters)])[0]


def ask_together(questions: Sequence[Question]) -> list[Answer]:
    """Ask these statements, one after the other, in one message.

    Raises
    ------
    DatabaseError
        Of the first that failed, or that waited before; those after it were not carried out.
    """
    if not goes_straight():
        return [_ask_slowly(*question) for question in questions]
    base = connection()
    with base.wrap_database_errors:
        return _ask(base.connection, questions)


def tell(*writes: Write) -> None:
    """Have these writes carried out before the next question of the transaction, or before its commit.

    Raises
    ------
    DatabaseError
        Outside a transaction at once; inside, the next question or the commit raises what failed.
    """
    if goes_straight():
        _line_of(connection().connection).waiting += writes
        return
    for write in writes:
        write.hold(_ask_slowly(write.statement, write.parameters).concerned)


def ask_behind(statement: str, parameters: Sequence[Any]) -> Later:
    """Ask this behind the next question of the transaction; its answer is wanted later than that."""
    line = _line_of(connection().connection) if goes_straight() else None
    later = Later(statement, parameters, line)
    if line is not None:
        line.behind.append(later)
    return later


def drawn_ahead() -> dict[str, list[int]]:
    """Numbers of sequences that were drawn and not used yet, the next one last; none outside of work."""
    return _line_of(connection().connection).ahead if goes_straight() else {}


def goes_straight() -> bool:
    """Whether statements go past Django now: in a transaction that is sound, and nobody counts them."""
    base = connection()
    return base.in_atomic_block and not (base.needs_rollback or base.queries_logged)


def carry_out(direct: Any) -> None:
    """Have everything carried out that waits on a connection."""
    line = _lines.get(direct)
    if line is not None and line.waiting:
        _ask(direct, ())


def forget_waiting(direct: Any) -> None:
    """Do without what waits on a connection: what it belongs to is rolled back."""
    line = _lines.get(direct) if direct is not None else None
    if line is not None:
        line.waiting.clear()
        line.behind.clear()


def commit(direct: Any) -> None:
    """Carry out what waits on a connection and commit, in one message.

    Raises
    ------
    InternalError
        When a statement had failed before: PostgreSQL would roll back, and call that a success.
    """
    from psycopg import InternalError
    from psycopg.pq import TransactionStatus

    status = direct.pgconn.transaction_status
    if status == TransactionStatus.INERROR:
        raise InternalError("a statement had failed before the commit; nothing is stored")
    line = _line_of(direct)
    line.behind.clear()  # nobody wanted the answers
    if any(write.rows is not None for write in line.waiting):
        _ask(direct, ())  # how many rows they concerned is to be known before the commit
    if status != TransactionStatus.IDLE or line.waiting:
        _ask(direct, [("COMMIT", ())])


def _ask_slowly(statement: str, parameters: Sequence[Any]) -> Answer:
    with connection().cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = [] if cursor.description is None else list(cursor.fetchall())
        return Answer(rows, int(cursor.rowcount))


def _line_of(direct: Any) -> _Line:
    line = _lines.get(direct)
    if line is None:
        from psycopg.adapt import Transformer

        line = _lines[direct] = _Line(Transformer(direct))
    return line


def _ask(direct: Any, questions: Sequence[Question]) -> list[Answer]:
    line = _line_of(direct)
    waiting, line.waiting = line.waiting, []
    behind: list[Later] = []
    if questions:
        behind, line.behind = line.behind, []
    asked = [*((write.statement, write.parameters) for write in waiting), *questions]
    asked += [(later.statement, later.parameters) for later in behind]
    results = _send(direct, line, asked)
    for write, result in zip(waiting, results, strict=False):
        write.hold(result.command_tuples or 0)
    answers = [_read(line, result) for result in results[len(waiting) :]]
    for later, answer in zip(behind, answers[len(questions) :], strict=True):
        later.answer = answer
    return answers[: len(questions)]


def _send(direct: Any, line: _Line, asked: Sequence[Question]) -> list[Any]:
    """Send these statements; their results, none of them a failure."""
    from psycopg.pq import TransactionStatus

    there = direct.pgconn
    begun = there.transaction_status != TransactionStatus.IDLE
    sent = [_prepared(line, *question) for question in asked]
    if len(sent) > 1 or not begun:
        return _together(direct, line, sent, begun=begun)
    (one,) = sent
    if one.fresh:
        _refuse_failed(there, there.prepare(one.name, _numbered(one.statement)))
        line.names[one.statement] = one.name or b""
    if one.name:
        result = there.exec_prepared(one.name, one.values, one.forms)
    else:
        result = there.exec_params(_numbered(one.statement), one.values, None, one.forms)
    _refuse_failed(there, result)
    return [result]


def _prepared(line: _Line, statement: str, parameters: Sequence[Any]) -> _Sent:
    """The statement as it is sent: by its name, from the second time on."""
    name = line.names.get(statement)
    fresh = False
    if name is None and statement in line.once and len(line.names) < MOST_PREPARED:
        name, fresh = b"gemba_%d" % next(_numbers), True
    elif name is None and len(line.once) < MOST_PREPARED:
        line.once.add(statement)
    return _Sent(statement, name, fresh, *_written(line, parameters))


def _together(direct: Any, line: _Line, sent: Sequence[_Sent], *, begun: bool) -> list[Any]:
    """Send all of these in one message; their results."""
    there = direct.pgconn
    answers: list[Any] = []
    found = iter(direct.wait(_talk(there, sent, begun=begun)))
    if not begun:
        _refuse_failed(there, next(found))
    for one in sent:
        if one.fresh:
            _refuse_failed(there, next(found))
            line.names[one.statement] = one.name or b""
        answers.append(next(found))
        _refuse_failed(there, answers[-1])
    return answers


def _talk(there: Any, sent: Sequence[_Sent], *, begun: bool) -> Generator[int, int, list[Any]]:
    """Send all and take all answers; yields what is waited for, as psycopg wants it; returns the results."""
    from psycopg.pq import ExecStatus
    from psycopg.waiting import READY_R, WAIT_R, WAIT_RW

    found: list[Any] = []
    there.enter_pipeline_mode()
    try:
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
        while not found or found[-1].status != ExecStatus.PIPELINE_SYNC:
            while there.is_busy():
                if (yield WAIT_R):
                    there.consume_input()
            result = there.get_result()
            if result is not None:
                found.append(result)
    finally:
        there.exit_pipeline_mode()
    return found


def _read(line: _Line, result: Any) -> Answer:
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
