"""Rows that change and are sealed anew whenever they do: held against the last seal that tells each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gemba.quality.records import store
from gemba.quality.records.canonical import digest_row

UNLIKE = {
    "row altered": "is not as it was last sealed",
    "row deleted": "was deleted",
    "row inserted": "was inserted behind the program's back",
}
"""What is wrong with a row -> what is said of it."""


def differing_rows(table: str, columns: Sequence[str], last: Mapping[int, bytes]) -> dict[int, str]:
    """The rows, by their first column, that are not as their last digests tell, and what is wrong."""
    names = ", ".join(f'"{column}"' for column in columns)
    rows = store.stream(f'SELECT {names} FROM "{table}"')  # noqa: S608 (own names)
    present = {row[0]: digest_row(row) for row in rows}
    found = dict.fromkeys(last.keys() - present.keys(), "row deleted")
    for identity, digest in present.items():
        if digest != last.get(identity):
            found[identity] = "row altered" if identity in last else "row inserted"
    return found
