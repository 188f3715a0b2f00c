"""The secret that signs sessions: made at the first start, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAME = "session.key"


def secret_key(folder: Path) -> str:
    """The secret of this data folder; one that ends with the process where there is no plant yet."""
    try:
        return (folder / NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)


def make_secret(folder: Path) -> None:
    """Make the secret when it is missing; it is never in the store or in a backup of it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(48))
