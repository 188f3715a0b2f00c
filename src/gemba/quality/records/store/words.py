"""Finding by words: FTS5 embedded, tsvector grown, behind the same few calls.

The words are folded before either database sees them (no case, no accents, letters and digits only), so
that both find the same. One row a record; its id is the record's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db.migrations import RunPython
from django.db.models.expressions import RawSQL

from gemba.quality.records.store.elsewhere import grown, run
from gemba.quality.records.store.statements import fetch

COLUMNS = ("number", "title", "body", "extra")
WEIGHTS = "ABCD"
MOST_TOKENS = 5000
LONGEST_TOKEN = 60
_TOKEN = re.compile(r"[^\W_]+")


def fold(text: str) -> list[str]:
    """The words of a text as they are compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [token[:LONGEST_TOKEN] for token in _TOKEN.findall(plain)[:MOST_TOKENS]]


def make_words() -> RunPython:
    """A migration step: the table that is searched."""

    def forwards(_apps: object, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                "CREATE TABLE records_words (header_id bigint PRIMARY KEY, number text NOT NULL, "
                "title text NOT NULL, body text NOT NULL, extra text NOT NULL, words tsvector NOT NULL)"
            )
            editor.execute("CREATE INDEX records_words_found ON records_words USING gin (words)")
        else:
            editor.execute(
                "CREATE VIRTUAL TABLE records_words USING fts5("
                "number, title, body, extra, tokenize='unicode61', prefix='2 3')"
            )

    def backwards(_apps: object, editor: Any) -> None:
        editor.execute("DROP TABLE records_words")

    return RunPython(forwards, backwards)


def read_words(record: int) -> tuple[str, str, str, str] | None:
    """The folded words of a record as they stand in the index."""
    key = "header_id" if grown() else "rowid"
    rows = fetch(f"SELECT number, title, body, extra FROM records_words WHERE {key} = %s", [record])  # noqa: S608
    return (rows[0][0], rows[0][1], rows[0][2], rows[0][3]) if rows else None


def put_words(record: int, number: str, title: str, body: str, extra: str | None = None) -> None:
    """Make these the words of a record; ``extra`` stays as it is where it is not given."""
    held = read_words(record)
    told = None if held is None else held[3]
    kept = (told or "") if extra is None else " ".join(fold(extra))
    words = (*(" ".join(fold(text)) for text in (number, title, body)), kept)
    if held == words:
        return
    if grown():
        run(
            "INSERT INTO records_words (header_id, number, title, body, extra, words) "
            "VALUES (%s, %s, %s, %s, %s, %s::tsvector) ON CONFLICT (header_id) DO UPDATE SET "
            "number = excluded.number, title = excluded.title, body = excluded.body, "
            "extra = excluded.extra, words = excluded.words",
            (record, *words, _vector(words)),
        )
    elif held is None:
        run(
            "INSERT INTO records_words (rowid, number, title, body, extra) VALUES (%s, %s, %s, %s, %s)",
            (record, *words),
        )
    else:
        run(
            "UPDATE records_words SET number = %s, title = %s, body = %s, extra = %s WHERE rowid = %s",
            (*words, record),
        )


def add_words(record: int, text: str) -> None:
    """Add words to what a record is found by, such as those of a remark."""
    held = read_words(record)
    if held is not None:
        put_words(record, held[0], held[1], held[2], f"{held[3]} {text}")


def matching(text: str) -> RawSQL | None:
    """The ids of the records that hold every word, each as a beginning; ``None`` where there is no word."""
    asked = _asked(text)
    if asked is None:
        return None
    statement = (
        "SELECT header_id FROM records_words WHERE words @@ %s::tsquery"
        if grown()
        else "SELECT rowid FROM records_words WHERE records_words MATCH %s"
    )
    return RawSQL(statement, [asked])  # noqa: S611 (a statement of the program; the words are a parameter)


def ranked(text: str, where: str, parameters: Sequence[Any], limit: int) -> list[int]:
    """The ids of the records that hold every word and fulfil a condition on the header ``h``, best first.

    A word in the number counts most, then one in the title.
    """
    asked = _asked(text)
    if asked is None:
        return []
    if grown():
        statement = f"""
            SELECT h.id FROM records_words w JOIN records_header h ON h.id = w.header_id
            WHERE w.words @@ %s::tsquery AND ({where})
            ORDER BY ts_rank('{{0.1, 0.2, 0.4, 1.0}}', w.words, %s::tsquery) DESC, h.id DESC LIMIT %s
        """  # noqa: S608 (a condition of the program)
        rows = fetch(statement, [asked, *parameters, asked, limit])
    else:
        statement = f"""
            SELECT h.id FROM records_words JOIN records_header h ON h.id = records_words.rowid
            WHERE records_words MATCH %s AND ({where})
            ORDER BY bm25(records_words, 100.0, 10.0, 1.0, 0.5), h.id DESC LIMIT %s
        """  # noqa: S608 (a condition of the program)
        rows = fetch(statement, [asked, *parameters, limit])
    return [int(row[0]) for row in rows]


def forget_words() -> None:
    """Empty the index, to fill it anew."""
    run("DELETE FROM records_words")


def _asked(text: str) -> str | None:
    tokens = fold(text)[:20]
    if not tokens:
        return None
    if grown():
        return " & ".join(f"'{token}':*" for token in tokens)
    return " AND ".join(f'"{token}"*' for token in tokens)


def _vector(words: Sequence[str]) -> str:
    """The words as PostgreSQL writes them, each with its places and the weight of its column."""
    places: dict[str, list[str]] = {}
    place = 0
    for weight, text in zip(WEIGHTS, words, strict=True):
        for token in text.split():
            place = min(place + 1, 16_383)
            held = places.setdefault(token, [])
            if len(held) < 250:
                held.append(f"{place}{weight}")
    return " ".join(f"'{token}':{','.join(held)}" for token, held in places.items())
