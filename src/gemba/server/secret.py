"""The secret that signs sessions: made at the first start, readable by its owner only."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from gemba.quality.records.store.platform import make_folder, write_new

NAME = "session.key"


def secret_key(folder: Path) -> str:
    """The secret of this data folder; one that ends with the process where there is no plant yet."""
    try:
        return (folder / NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)


def make_secret(folder: Path) -> None:
    """Make the secret when it is missing; it is never in the store or in a backup of it."""
    if (folder / NAME).exists():
        return
    make_folder(folder, mode=0o700)
    with suppress(FileExistsError):
        write_new(folder / NAME, secrets.token_urlsafe(48))
