"""A grown store asked straight away: statements that stay prepared, several of them in one message.

Django and psycopg do four times as much around a statement as it costs to ask it, and under Django psycopg
prepares nothing. Each question costs besides: the thread gives the interpreter up and waits for it again. So
what a transaction asks goes to libpq itself, and together what needs no answer in between.

A write whose answer nobody waits for waits too, until the transaction asks the next question or commits: it
goes first in that message, and the transaction is told there when it failed. A question whose answer is only
wanted later goes behind the next one, in the same message. A long write is set off at once, and carried out
while the program goes on; whatever is asked next takes its answer first.

Django's own cursor is asked where somebody counts statements, outside a transaction, and after one failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import DatabaseError

from gemba.quality.records.store.elsewhere import connection
from gemba.quality.records.store.sending import (
    Names,
    Question,
    Sent,
    accepted,
    in_transaction,
    prepared,
    put,
    send,
    take,
)


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
    names: Names = field(default_factory=Names)
    waiting: list[Write] = field(default_factory=list)
    behind: list[Later] = field(default_factory=list)
    under_way: _UnderWay | None = None
    ahead: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class _UnderWay:
    """Writes that were sent and not answered yet."""

    writes: Sequence[Write]
    sent: Sequence[Sent]
    begun: bool


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


def set_off(write: Write) -> None:
    """Have a write carried out now, while the program goes on, and what waits before it.

    Worth it for one that takes longer than a message. What it met is told as ``tell`` tells it.
    """
    if not goes_straight():
        tell(write)
        return
    base = connection()
    direct = base.connection
    line = _line_of(direct)
    with base.wrap_database_errors:
        _arrive(direct, line)
        writes, line.waiting = [*line.waiting, write], []
        sent = [prepared(line.values, line.names, one.statement, one.parameters) for one in writes]
        begun = in_transaction(direct)
        direct.wait(put(direct.pgconn, sent, begun=begun))
        line.under_way = _UnderWay(writes, sent, begun)


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
    if line is not None and (line.waiting or line.under_way):
        _ask(direct, ())


def forget_waiting(direct: Any) -> None:
    """Do without what waits on a connection: what it belongs to is rolled back."""
    line = _lines.get(direct) if direct is not None else None
    if line is None:
        return
    line.waiting.clear()
    line.behind.clear()
    if line.under_way is not None:
        from psycopg import Error

        line.under_way = None
        with suppress(Error):  # that the connection is lost, the rollback tells
            direct.wait(take(direct.pgconn))


def commit(direct: Any) -> None:
    """Carry out what waits on a connection and commit, in one message.

    Raises
    ------
    InternalError
        When a statement had failed before: PostgreSQL would roll back, and call that a success.
    """
    from psycopg import InternalError
    from psycopg.pq import TransactionStatus

    line = _line_of(direct)
    _arrive(direct, line)
    status = direct.pgconn.transaction_status
    if status == TransactionStatus.INERROR:
        raise InternalError("a statement had failed before the commit; nothing is stored")
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
    _arrive(direct, line)
    waiting, line.waiting = line.waiting, []
    behind: list[Later] = []
    if questions:
        behind, line.behind = line.behind, []
    asked = [*((write.statement, write.parameters) for write in waiting), *questions]
    asked += [(later.statement, later.parameters) for later in behind]
    results = send(direct, line.values, line.names, asked) if asked else []
    _hold(waiting, results)
    answers = [_read(line, result) for result in results[len(waiting) :]]
    for later, answer in zip(behind, answers[len(questions) :], strict=True):
        later.answer = answer
    return answers[: len(questions)]


def _arrive(direct: Any, line: _Line) -> None:
    """Take the answers to what is under way."""
    under_way, line.under_way = line.under_way, None
    if under_way is not None:
        found = direct.wait(take(direct.pgconn))
        _hold(under_way.writes, accepted(direct, line.names, under_way.sent, found, begun=under_way.begun))


def _hold(writes: Sequence[Write], results: Sequence[Any]) -> None:
    for write, result in zip(writes, results, strict=False):
        write.hold(result.command_tuples or 0)


def _read(line: _Line, result: Any) -> Answer:
    rows: list[tuple[Any, ...]] = []
    if result.ntuples:
        line.values.set_pgresult(result)
        rows = line.values.load_rows(0, result.ntuples, tuple)
    return Answer(rows, result.command_tuples or 0)
