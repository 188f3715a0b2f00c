"""Django marks parameters by ``%s``, SQLite by a question mark."""

from __future__ import annotations

from functools import lru_cache

from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

STATEMENTS = 512
"""Statements that are kept ready: as they are, and prepared on each connection."""


@lru_cache(maxsize=STATEMENTS)
def with_question_marks(statement: str) -> str:
    """The statement as SQLite takes it."""
    marked: str = FORMAT_QMARK_REGEX.sub("?", statement)
    return marked.replace("%%", "%")
