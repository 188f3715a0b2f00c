"""PostgreSQL whose writes wait for the next question or the commit; who only reads gives way to readings."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction

from gemba.quality.records.store import wire
from gemba.quality.records.store.precedence import give_way

_Cursor: Any = base.Cursor  # the stubs say that it is psycopg 2's


class WaitingCursor(_Cursor):  # type: ignore[misc]
    """A cursor before whose statements all is carried out that waits on its connection."""

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.connection.autocommit:
            wire.carry_out(self.connection)
        elif isinstance(query, str) and query.startswith("SELECT"):
            give_way()
        return super().execute(query, *args, **kwargs)

    def executemany(self, *args: Any, **kwargs: Any) -> Any:
        wire.carry_out(self.connection)
        return super().executemany(*args, **kwargs)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        wire.carry_out(self.connection)
        return super().copy(*args, **kwargs)


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, asked as seldom as can be."""

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": WaitingCursor}

    def create_cursor(self, name: str | None = None) -> Any:
        if name and self.connection is not None:
            with self.wrap_database_errors:
                wire.carry_out(self.connection)
        return super().create_cursor(name)

    def _commit(self) -> None:
        if self.connection is not None:
            with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
                wire.commit(self.connection)

    def _rollback(self) -> None:
        wire.forget_waiting(self.connection)
        super()._rollback()  # type: ignore[misc]  # missing in the stubs

    def _savepoint_rollback(self, sid: str) -> None:
        wire.forget_waiting(self.connection)  # whatever came before the savepoint has been carried out
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # missing in the stubs
