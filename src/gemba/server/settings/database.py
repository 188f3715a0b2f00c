"""Which store: an SQLite file in the data folder, or the PostgreSQL database of an address."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from gemba.quality.records.store.folder import DataFolder

KEPT_SECONDS = 600
"""How long a thread keeps its connection: to open one costs as much as the commit of sixteen readings.

An embedded store too is read anew then, its whole schema and every statement that was ready.
"""


def database_settings(address: str, folder: DataFolder) -> dict[str, Any]:
    """Django's settings of the one database.

    Raises
    ------
    ValueError
        When the address is not ``postgresql://user:password@host:port/name``.
    """
    if not address:
        return {
            "ENGINE": "gemba.quality.records.store.sqlite",
            "NAME": str(folder.store),
            "TEST": {"NAME": str(folder.store.with_name("test.sqlite3"))},
            "CONN_MAX_AGE": KEPT_SECONDS,
        }
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ValueError("GEMBA_DATABASE must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "gemba.quality.records.store.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": KEPT_SECONDS,
    }
